#include "run/supervise/under_way.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int take_sample(const struct running *r, const struct frame_head *head, const void *data)
{
	struct invocation_result *result = r->result;
	struct sample *more = realloc(result->samples, (result->sample_count + 1) * sizeof(*more)), *sample;
	int err;

	if (!more)
		return -ENOMEM;
	result->samples = more;
	sample = &more[result->sample_count];
	*sample = (struct sample){ 0 };
	err = frame_read_record(head, data, sample);
	result->sample_count += !err; /* from here on the result owns it */
	return !err && sample->workers > r->spec->cell.workers ? -EPROTO : err;
}

static int take_failure(struct running *r, const struct frame_head *head, const void *data)
{
	struct failure *f = &r->result->failure;
	int err;

	*f = (struct failure){ .kind = FAILURE_ERROR, .exit_status = -1, .item = -1 };
	err = frame_read_record(head, data, f);
	f->kind = f->kind > FAILURE_UNAVAILABLE ? FAILURE_ERROR : f->kind; /* a later build may have more kinds */
	f->after_ns = clock_ns() - r->started_ns;
	f->pid = f->pid ? f->pid : r->pid;
	r->result->failed = !err;
	return err;
}

static int copy_exactly(void *to, size_t to_size, const void *data, size_t size)
{
	if (size != to_size)
		return -EPROTO;
	memcpy(to, data, size);
	return 0;
}

static int take_int(int *number, const struct frame_head *head, const void *data)
{
	uint32_t sent = 0;
	int err = copy_exactly(&sent, sizeof(sent), data, head->size);

	*number = (int)sent;
	return err;
}

static int take_phase(struct running *r, const struct frame_head *head, const void *data)
{
	uint32_t phase;
	int err = copy_exactly(&phase, sizeof(phase), data, head->size);

	running_enter(r, err || phase > PHASE_STOP ? PHASE_ROUND : (enum phase)phase);
	return err;
}

static int take_skipped(const struct running *r, const struct frame_head *head, const void *data)
{
	if (head->size < 2 || ((const char *)data)[head->size - 1] != '\0')
		return -EPROTO;
	if (r->skipped)
		r->skipped(r->context, data, (const char *)data + strnlen(data, head->size - 2) + 1);
	return 0;
}

static int take_frame(struct running *r, const struct frame_head *head, const void *data)
{
	struct invocation_result *result = r->result;

	switch (head->type) {
	case FRAME_PHASE:
		return take_phase(r, head, data);
	case FRAME_SKIPPED:
		return take_skipped(r, head, data);
	case FRAME_FACTS:
		result->has_facts = true;
		return frame_read_record(head, data, &result->facts);
	case FRAME_WORKLOAD:
		return frame_read_record(head, data, &result->description);
	case FRAME_SAMPLE:
		return take_sample(r, head, data);
	case FRAME_COSTS: /* another build may have another number of ranges */
		result->has_costs = copy_exactly(result->costs, sizeof(result->costs), data, head->size) == 0;
		return 0;
	case FRAME_CREW:
		result->has_crew = true;
		return frame_read_record(head, data, &result->crew);
	case FRAME_FAILURE:
		return take_failure(r, head, data);
	case FRAME_RESTS:
		running_enter(r, PHASE_REST);
		r->state = RUNNING_RESTS;
		return 0;
	case FRAME_END:
		r->ended = true;
		return 0;
	case FRAME_BORN:
		return take_int(&r->pid, head, data);
	case FRAME_DIED:
		r->has_status = true;
		return take_int(&r->status, head, data);
	default: /* a later build may have more types */
		return 0;
	}
}

bool running_receive(struct running *r)
{
	struct frame_head head;
	const void *data;
	long n = frame_fill(&r->buffer, r->socket);
	int whole = 0;

	while (n > 0 && (whole = frame_next(&r->buffer, &head, &data)) > 0) {
		if (take_frame(r, &head, data)) {
			whole = -EPROTO;
			break;
		}
	}
	if (whole < 0)
		running_fail(r, FAILURE_ERROR, "the cell process speaks another version of the frames");
	return n > 0 ? whole >= 0 : n == -EAGAIN;
}
