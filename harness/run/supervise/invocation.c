#include "run/supervise/invocation.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "base/proc.h"
#include "run/crew/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_WAIT_NS 2000000000 /* how long a cell process may take to end by itself */

struct running {
	const struct cell_launcher *launcher;
	const struct spec *spec;
	struct invocation_result *result;
	invocation_skipped *skipped;
	void *context;
	struct child child;
	pid_t pid; /* the child's, kept after it has ended */
	int socket, arena;
	struct frame_buffer buffer;
	uint64_t started_ns, phase_ns;
	enum phase phase;
	bool ended;
};

static const char *const phase_names[] = { "open", "start", "round", "check", "stop" };

/* ---- Start ---- */

static int start_program(struct running *c, int socket)
{
	const struct cell_launcher *l = c->launcher;
	const int kept[] = { socket, c->arena, -1 };
	struct child_setup setup = {
		.environment = l->environment,
		.without = "BENCHMARK_", /* Google Benchmark obeys these variables: a filter would let it run nothing */
		.output = l->said ? l->said->child_fd : STDERR_FILENO,
		.errors = l->said ? l->said->child_fd : STDERR_FILENO,
		.keep = kept,
		.group = true,
		.mask = &l->original_mask,
	};
	size_t words = 0;
	char number[16], **argv;
	int err;

	while (l->program[words])
		words++;
	argv = calloc(words + 3, sizeof(*argv));
	if (!argv)
		return -ENOMEM;
	snprintf(number, sizeof(number), "%d", socket);
	memcpy(argv, l->program, words * sizeof(*argv));
	argv[words] = (char *)"--cell";
	argv[words + 1] = number;
	setup.argv = argv;
	err = child_start(&c->child, &setup);
	c->pid = c->child.pid;
	free(argv);
	return err;
}

static int start_child(struct running *c, const double *weights)
{
	int fds[2], err;
	char *text;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	text = spec_encode(c->spec);
	if (c->launcher->said)
		output_begin(c->launcher->said);
	c->started_ns = c->phase_ns = clock_ns();
	err = text ? start_program(c, fds[1]) : -EINVAL;
	close(fds[1]);
	c->socket = fds[0];
	if (!err) {
		frame_send(c->socket, FRAME_SPEC, text, strlen(text)); /* if the child is dead, this is noticed below */
		frame_send(c->socket, FRAME_WEIGHTS, weights, weights ? COST_RANGES * sizeof(*weights) : 0);
		fcntl(c->socket, F_SETFL, O_NONBLOCK);
	}
	free(text);
	return err;
}

/* ---- Frames ---- */

__attribute__((format(printf, 3, 4)))
static void fail(struct running *c, enum failure_kind kind, const char *format, ...)
{
	struct failure *f = &c->result->failure;
	va_list list;

	if (c->result->failed)
		return;
	c->result->failed = true;
	*f = (struct failure){ .kind = kind, .pid = c->pid, .exit_status = -1, .item = -1 };
	f->after_ns = clock_ns() - c->started_ns;
	va_start(list, format);
	vsnprintf(f->message, sizeof(f->message), format, list);
	va_end(list);
}

static int take_sample(struct invocation_result *r, const struct frame_head *head, const void *data)
{
	struct sample *more = realloc(r->samples, (r->sample_count + 1) * sizeof(*more));
	int err;

	if (!more)
		return -ENOMEM;
	r->samples = more;
	r->samples[r->sample_count] = (struct sample){ 0 };
	err = frame_read_record(head, data, &r->samples[r->sample_count]);
	r->sample_count += !err;
	return err;
}

static int take_failure(struct running *c, const struct frame_head *head, const void *data)
{
	struct failure *f = &c->result->failure;
	int err;

	*f = (struct failure){ .kind = FAILURE_ERROR, .exit_status = -1, .item = -1 };
	err = frame_read_record(head, data, f);
	f->kind = f->kind > FAILURE_UNAVAILABLE ? FAILURE_ERROR : f->kind; /* a later build may have more kinds */
	f->after_ns = clock_ns() - c->started_ns;
	f->pid = f->pid ? f->pid : c->pid;
	c->result->failed = !err;
	return err;
}

static int copy_exactly(void *to, size_t to_size, const void *data, size_t size)
{
	if (size != to_size)
		return -EPROTO;
	memcpy(to, data, size);
	return 0;
}

static int take_frame(struct running *c, const struct frame_head *head, const void *data)
{
	struct invocation_result *r = c->result;
	uint32_t phase;
	int err = 0;

	switch (head->type) {
	case FRAME_PHASE:
		err = copy_exactly(&phase, sizeof(phase), data, head->size);
		c->phase = err || phase > PHASE_STOP ? PHASE_ROUND : (enum phase)phase;
		c->phase_ns = clock_ns();
		return err;
	case FRAME_SKIPPED:
		if (head->size < 2 || ((const char *)data)[head->size - 1] != '\0')
			return -EPROTO;
		if (c->skipped)
			c->skipped(c->context, data, (const char *)data + strnlen(data, head->size - 2) + 1);
		return 0;
	case FRAME_FACTS:
		r->has_facts = true;
		return frame_read_record(head, data, &r->facts);
	case FRAME_WORKLOAD:
		return frame_read_record(head, data, &r->description);
	case FRAME_SAMPLE:
		return take_sample(r, head, data);
	case FRAME_COSTS: /* another build may have another number of ranges */
		r->has_costs = copy_exactly(r->costs, sizeof(r->costs), data, head->size) == 0;
		return 0;
	case FRAME_CREW:
		r->has_crew = true;
		return frame_read_record(head, data, &r->crew);
	case FRAME_FAILURE:
		return take_failure(c, head, data);
	case FRAME_END:
		c->ended = true;
		return 0;
	default: /* a later build may have more types */
		return 0;
	}
}

/* Reads and takes the frames that have come. Returns false at the end of the stream. */
static bool read_frames(struct running *c)
{
	struct frame_head head;
	const void *data;
	long n = frame_fill(&c->buffer, c->socket);
	int whole = 0;

	while (n > 0 && (whole = frame_next(&c->buffer, &head, &data)) > 0) {
		if (take_frame(c, &head, data)) {
			whole = -EPROTO;
			break;
		}
	}
	if (whole < 0)
		fail(c, FAILURE_ERROR, "the cell process speaks another version of the frames");
	return n > 0 ? whole >= 0 : n == -EAGAIN;
}

/* ---- Ends that are not regular ---- */

static void name_item(struct running *c, const struct slot *slot)
{
	uint64_t item = atomic_load(&slot->item);

	c->result->failure.item = item == ITEM_NONE ? -1 : (int64_t)item;
}

/* Finds the worker that keeps the round from ending: one that is stopped, else one that is at an item. */
static const struct slot *find_stuck(const struct arena *arena, unsigned *worker)
{
	const struct slot *stuck = NULL;

	for (unsigned w = 0; arena && w < arena->workers; w++) {
		const struct slot *slot = arena_slot(arena, w);
		int pid = atomic_load(&slot->pid);

		if (pid && (proc_state(pid) == 'T' || (!stuck && atomic_load(&slot->item) != ITEM_NONE))) {
			stuck = slot;
			*worker = w;
			if (proc_state(pid) == 'T')
				break;
		}
	}
	return stuck;
}

static void fail_by_deadline(struct running *c, uint64_t now_ns)
{
	const struct arena *arena = arena_open(c->arena);
	unsigned w = 0;
	const struct slot *stuck = find_stuck(arena, &w);
	bool stopped = proc_state(c->pid) == 'T';
	char who[160] = "";

	if (c->result->out_of_budget && !stopped && !(stuck && proc_state(atomic_load(&stuck->pid)) == 'T')) {
		fail(c, FAILURE_TIMEOUT, "the run's time was over after %.1f s of phase '%s'",
		     (double)(now_ns - c->phase_ns) / 1e9, phase_names[c->phase]);
		arena_unmap(arena);
		return;
	}
	if (stuck && !stopped) {
		int pid = atomic_load(&stuck->pid);
		uint64_t item = atomic_load(&stuck->item);

		snprintf(who, sizeof(who), ": worker %u (pid %d) %s", w, pid,
			 proc_state(pid) == 'T' ? "is stopped (SIGSTOP)" : "does not come back");
		if (item != ITEM_NONE)
			snprintf(who + strlen(who), sizeof(who) - strlen(who), " from item %llu",
				 (unsigned long long)item);
	}
	fail(c, FAILURE_TIMEOUT, "phase '%s' did not end within %.1f s%s%s", phase_names[c->phase],
	     (double)(now_ns - c->phase_ns) / 1e9, stopped ? ": the cell process is stopped (SIGSTOP)" : "", who);
	c->result->stopped = stopped || (stuck && proc_state(atomic_load(&stuck->pid)) == 'T');
	if (stuck) {
		c->result->failure.pid = atomic_load(&stuck->pid);
		name_item(c, stuck);
	}
	arena_unmap(arena);
}

/* Names the item of the thread that left its number in the arena, else that of the only thread that was at an item. */
static void name_last_item(struct running *c, const struct arena *arena)
{
	const struct slot *last = NULL;
	int32_t tid = atomic_load(&arena->last_tid);
	unsigned candidates = 0;

	for (unsigned w = 0; w < arena->workers; w++) {
		const struct slot *slot = arena_slot(arena, w);

		if (atomic_load(&slot->pid) != c->pid || atomic_load(&slot->item) == ITEM_NONE)
			continue;
		if (tid == 0 || atomic_load(&slot->tid) == tid) {
			last = slot;
			candidates++;
		}
	}
	if (candidates == 1)
		name_item(c, last);
}

/* Records how the cell process has ended, if it did not say so itself. */
static void fail_by_status(struct running *c, int status)
{
	const struct arena *arena = arena_open(c->arena);
	struct failure *f = &c->result->failure;

	if (c->result->failed) {
		arena_unmap(arena);
		return;
	}
	fail(c, WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT, "the cell process (pid %d) %s in phase '%s'%s",
	     (int)c->pid, child_ended_text((char[CHILD_TEXT]){ 0 }, status), phase_names[c->phase],
	     WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
	if (WIFSIGNALED(status))
		f->signal = WTERMSIG(status);
	else
		f->exit_status = WEXITSTATUS(status);
	if (arena)
		name_last_item(c, arena);
	arena_unmap(arena);
}

/* ---- The loop ---- */

/* When the phase or the run must have ended, whichever comes first. */
static uint64_t deadline_of(const struct running *c, bool *by_run)
{
	uint64_t own_ns = c->phase_ns + c->launcher->timeout_ns, run_ns = c->launcher->deadline_ns;

	*by_run = run_ns && run_ns < own_ns;
	return *by_run ? run_ns : own_ns;
}

static void pump(struct running *c)
{
	struct output *said = c->launcher->said;
	struct pollfd fds[] = {
		{ .fd = c->socket, .events = POLLIN },
		{ .fd = c->launcher->signal_fd, .events = POLLIN },
		{ .fd = said ? said->fd : -1, .events = POLLIN },
	};

	for (;;) {
		bool by_run;
		uint64_t now_ns = clock_ns(), deadline_ns = deadline_of(c, &by_run);
		uint64_t left_ms = deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0;

		if (left_ms == 0) {
			c->result->out_of_budget = by_run;
			fail_by_deadline(c, now_ns);
			return;
		}
		if (poll(fds, 3, left_ms < 1000 ? (int)left_ms : 1000) <= 0)
			continue;
		if (fds[1].revents) {
			c->result->interrupted = interrupts_take(c->launcher->signal_fd);
			return;
		}
		if (fds[2].revents)
			output_read(said);
		if (fds[0].revents && !read_frames(c))
			return;
	}
}

/* Waits for a cell process that is ending, unless it only closed its descriptors. */
static void await_end(struct running *c)
{
	uint64_t until_ns = clock_ns() + EXIT_WAIT_NS;
	int waited;

	do {
		waited = child_wait_reading(&c->child, until_ns, -1, c->launcher->said, NULL);
	} while (waited == -EAGAIN);
	if (waited)
		fail(c, FAILURE_TIMEOUT, "the cell process (pid %d) closed its socket in phase '%s' and did not end",
		     (int)c->pid, phase_names[c->phase]);
}

/* Ends all that is left of the process group: as a subreaper the supervisor inherits the workers of a dead cell
 * process. */
static int end_child(struct running *c)
{
	int status;

	if (!c->result->failed && !c->result->interrupted)
		await_end(c);
	status = child_end(&c->child, NULL);
	output_end(c->launcher->said);
	return status;
}

static void keep_digests(struct running *c)
{
	const struct arena *arena = c->spec->digest_count ? arena_open(c->arena) : NULL;
	size_t size = c->spec->digest_count * sizeof(uint64_t);

	if (arena && (c->result->digests = malloc(size)))
		memcpy(c->result->digests, arena_digests(arena), size);
	arena_unmap(arena);
}

int invocation_run(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
		   invocation_skipped *skipped, void *context, struct invocation_result *result)
{
	struct running c = {
		.launcher = launcher,
		.spec = spec,
		.result = result,
		.skipped = skipped,
		.context = context,
		.socket = -1,
	};
	int err = folder_make(spec->scratch, 0700), status;

	if (err < 0)
		return err;
	c.arena = arena_create();
	spec->arena_fd = c.arena;
	err = c.arena < 0 ? c.arena : start_child(&c, weights);
	if (!err) {
		pump(&c);
		close(c.socket);
		c.socket = -1;
		status = end_child(&c);
		if (!result->interrupted && (!c.ended || status))
			fail_by_status(&c, status);
		keep_digests(&c);
		result->started_ns = c.started_ns;
		result->took_ns = clock_ns() - c.started_ns;
	}
	if (c.socket >= 0)
		close(c.socket);
	if (c.arena >= 0)
		close(c.arena);
	frame_release(&c.buffer);
	remove_tree(spec->scratch);
	return err;
}

void invocation_release(struct invocation_result *r)
{
	for (size_t i = 0; i < r->sample_count; i++)
		free(r->samples[i].worker);
	free(r->samples);
	free(r->digests);
	free(r->description.params);
	*r = (struct invocation_result){ 0 };
}
