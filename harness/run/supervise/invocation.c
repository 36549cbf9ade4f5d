#include "run/supervise/invocation.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "base/proc.h"
#include "base/why.h"
#include "run/crew/arena.h"
#include "run/supervise/culprit.h"

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

/* ---- Start ---- */

/* Records that the invocation could not be started. Returns `err`, a negative errno. */
static int fail_start(struct running *c, int err, const char *what)
{
	fail(c, FAILURE_ERROR, "%s: %s", what, error_text((char[ERROR_TEXT]){ 0 }, err));
	return err;
}

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
		.kept = true,
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
		return fail_start(c, -errno, "cannot open a socket to the cell process");
	text = spec_encode(c->spec);
	if (c->launcher->said)
		output_begin(c->launcher->said);
	err = text ? start_program(c, fds[1]) : -ENOMEM;
	c->started_ns = c->phase_ns = c->child.forked_ns;
	close(fds[1]);
	c->socket = fds[0];
	if (!err) {
		frame_send(c->socket, FRAME_SPEC, text, strlen(text)); /* if the child is dead, this is noticed below */
		frame_send(c->socket, FRAME_WEIGHTS, weights, weights ? COST_RANGES * sizeof(*weights) : 0);
		fcntl(c->socket, F_SETFL, O_NONBLOCK);
	}
	free(text);
	return err ? fail_start(c, err, "cannot start the cell process") : 0;
}

/* Makes what the cell process needs, and starts it. */
static int start(struct running *c, struct spec *spec, const double *weights)
{
	int err;

	c->started_ns = c->phase_ns = clock_ns();
	err = folder_make(spec->scratch, 0700);
	if (err < 0) {
		fail(c, FAILURE_ERROR, "cannot make '%.300s': %s", spec->scratch,
		     error_text((char[ERROR_TEXT]){ 0 }, err));
		return err;
	}
	c->arena = spec->arena_fd = arena_create();
	if (c->arena < 0)
		return fail_start(c, c->arena, "cannot make the crew's shared memory");
	return start_child(c, weights);
}

/* ---- Frames ---- */

static int take_sample(const struct running *c, const struct frame_head *head, const void *data)
{
	struct invocation_result *r = c->result;
	struct sample *more = realloc(r->samples, (r->sample_count + 1) * sizeof(*more)), *sample;
	int err;

	if (!more)
		return -ENOMEM;
	r->samples = more;
	sample = &more[r->sample_count];
	*sample = (struct sample){ 0 };
	err = frame_read_record(head, data, sample);
	r->sample_count += !err; /* from here on the result owns it */
	return !err && sample->workers > c->spec->cell.workers ? -EPROTO : err;
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
		return take_sample(c, head, data);
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

static void fail_by_deadline(struct running *c, uint64_t now_ns)
{
	const struct arena *arena = arena_open(c->arena);
	struct culprit culprit = culprit_find(c->pid, arena);
	double after_s = (double)(now_ns - c->phase_ns) / 1e9;

	arena_unmap(arena);
	if (c->result->out_of_budget && !culprit.stopped) {
		fail(c, FAILURE_TIMEOUT, "the run's time was over after %.1f s of phase '%s'", after_s,
		     phase_names[c->phase]);
		return;
	}
	fail(c, FAILURE_TIMEOUT, "phase '%s' did not end within %.1f s%s%s", phase_names[c->phase], after_s,
	     culprit.pid ? ": " : "", culprit.who);
	c->result->stopped = culprit.stopped;
	c->result->failure.item = culprit.item;
	c->result->failure.pid = culprit.pid ? culprit.pid : c->pid;
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
	f->item = culprit_last_item(c->pid, arena);
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

/* Takes frames until there are no more: the socket ends, or the cell process has ended, whose descendants may hold the
 * socket. */
static void pump(struct running *c)
{
	struct output *said = c->launcher->said;
	struct pollfd fds[] = {
		{ .fd = c->socket, .events = POLLIN },
		{ .fd = c->launcher->signal_fd, .events = POLLIN },
		{ .fd = c->child.fd, .events = POLLIN },
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
		if (poll(fds, 4, left_ms < 1000 ? (int)left_ms : 1000) <= 0)
			continue;
		if (fds[1].revents) {
			c->result->interrupted = interrupts_take(c->launcher->signal_fd);
			return;
		}
		if (fds[3].revents)
			output_read(said);
		if (fds[0].revents ? !read_frames(c) : fds[2].revents)
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

void invocation_run(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
		    invocation_skipped *skipped, void *context, struct invocation_result *result)
{
	struct running c = {
		.launcher = launcher,
		.spec = spec,
		.result = result,
		.skipped = skipped,
		.context = context,
		.socket = -1,
		.arena = -1,
	};
	int status;

	if (start(&c, spec, weights) == 0) {
		pump(&c);
		close(c.socket);
		c.socket = -1;
		status = end_child(&c);
		if (!result->interrupted && (!c.ended || status))
			fail_by_status(&c, status);
		keep_digests(&c);
	}
	result->started_ns = c.started_ns;
	result->took_ns = clock_ns() - c.started_ns;
	if (c.socket >= 0)
		close(c.socket);
	if (c.arena >= 0)
		close(c.arena);
	frame_release(&c.buffer);
	remove_tree(spec->scratch);
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
