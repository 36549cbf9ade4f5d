#include "run/cell/internal.h"

#include <errno.h>

/* Checks that the round had the same items with the same answers as the first one. */
int cell_check_sample(struct cell_process *p, const struct round *round)
{
	const struct sample *s = &p->sample;

	if (s->items + round->without_result != p->crew.state.items)
		crew_fail(&p->crew, FAILURE_WRONG_ANSWER, -1, "%llu items were executed instead of %llu",
			  (unsigned long long)(s->items + round->without_result),
			  (unsigned long long)p->crew.state.items);
	else if (p->has_digest && !s->incomplete && s->digest != p->digest)
		crew_fail(&p->crew, FAILURE_WRONG_ANSWER, -1, "the answers of round %u differ from those before",
			  s->round);
	p->digest = s->incomplete ? p->digest : s->digest;
	p->has_digest |= !s->incomplete;
	return p->crew.failed ? cell_tell_failure(p) : 0;
}

/* Checks that every result that a worker has sent has arrived, and in the warm-up round that it has not changed. */
int cell_check_received(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	uint64_t items = 0, digest = 0;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		items += arena_slot(crew->arena, w)->sent_items;
		digest += arena_slot(crew->arena, w)->sent_digest;
	}
	if (items != p->received_items)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "%llu of %llu results arrived through transport '%s'",
			  (unsigned long long)p->received_items, (unsigned long long)items, crew->transport->name);
	else if (round->warmup && digest != p->received_digest)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "results changed on their way through transport '%s'",
			  crew->transport->name);
	return crew->failed ? cell_tell_failure(p) : 0;
}

/* Takes what the workload finds in the memory that its items share, and what the mode has measured. A mode whose
 * workers belong to another program has looked at that program's memory itself. */
int cell_settle(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	struct sample *s = &p->sample;
	int count = 0;

	s->measure_count = 0;
	if (crew->workload->settle && !crew->mode->counterpart)
		count = crew->workload->settle(crew->state.data, crew->state.items, s->measures, MEASURES_MAX);
	if (count < 0) {
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "what the workers left in shared memory is not what %llu "
			  "items must leave", (unsigned long long)crew->state.items);
		return cell_tell_failure(p);
	}
	s->measure_count = (uint32_t)count;
	for (uint32_t i = 0; i < round->measure_count && s->measure_count < MEASURES_MAX; i++)
		s->measures[s->measure_count++] = round->measures[i];
	return 0;
}

/* Checks that every item was executed exactly once. Items without a result need not have been, and items of a lost
 * worker may have been executed again. */
int cell_check_marks(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	uint64_t missing = 0;

	for (uint64_t item = 0; item < crew->state.items && !crew->failed; item++) {
		uint8_t times = atomic_load(&arena_marks(crew->arena)[item]);

		missing += times == 0;
		if (times == 1 || (times > 1 && round->was_lost) || (times == 0 && missing <= round->without_result))
			continue;
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "%s %llu was executed %s", crew->workload->item,
			  (unsigned long long)arena_item(crew->arena, item), times ? "more than once" : "not at all");
		crew->failure.item = (int64_t)arena_item(crew->arena, item);
	}
	return crew->failed ? cell_tell_failure(p) : 0;
}
