/* Measures one case: a transport between two processes and its bare loop between two others, in turns.
 *
 * The other process answers each batch of messages: a single message by the same message (round trips), or many
 * messages by one byte (throughput). While one way is measured the other one's process is stopped, so that a loop that
 * spins takes no time from it. */
#include "experiments/transports/internal.h"

#include "analyse/statistics.h"
#include "base/child.h"
#include "base/clock.h"
#include "run/cell/timer.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define VIEW_LEAST 65536        /* bytes from which on a message is viewed, as in the workers of bench */
#define BATCH_BYTES (4u << 20)  /* of a batch of a stream, which has at least one message */
#define BATCH_MESSAGES 1000     /* at most so many messages in a batch */
#define TRIPS_MAX 400000        /* trips of all turns that are kept */

/* A way that is open, with the process at its other end. */
struct line {
	const struct way *way;
	void *state;
	pid_t peer; /* 0: there is none */
};

/* What both ends know. */
struct timed_task {
	size_t size, batch, reply; /* bytes of a message, messages in a batch, bytes of the answer */
	char *out, *back;          /* the parent's messages: sent and received */
};

/* The trips of one way, turn after turn. */
struct trips {
	double *ns;
	size_t count;
};

struct turn {
	const struct line *line;
	const struct timed_task *task;
	struct trips *trips; /* NULL: single trips are not kept */
};

static int bind_to(const struct cpus *set)
{
	cpu_set_t mask;

	memcpy(&mask, set, sizeof(mask));
	return sched_setaffinity(0, sizeof(mask), &mask) ? -errno : 0;
}

/* bench's own way: the transport, called as a crew does for one worker. */
struct own {
	const struct transport *transport;
	void *channels;
};

static void *own_open(const struct transport *transport, const struct endpoints *place)
{
	struct own *own = malloc(sizeof(*own));

	(void)place;
	if (!own)
		return NULL;
	own->transport = transport;
	own->channels = transport->open(1);
	if (own->channels)
		return own;
	free(own);
	return NULL;
}

static void own_close(void *state)
{
	struct own *own = state;

	own->transport->close(own->channels);
	free(own);
}

static int own_send(void *state, enum transport_end end, const void *data, size_t size)
{
	const struct own *own = state;
	const bool to_send = true;

	for (;;) {
		ssize_t n = own->transport->send(own->channels, 0, end, data, size);

		if (n < 0)
			return (int)n;
		data = (const char *)data + n;
		size -= (size_t)n;
		if (size == 0)
			return 0;
		if (n == 0)
			own->transport->wait(own->channels, 0, end, &to_send, 1000);
	}
}

/* Views a large message in place, as a worker does if it can. Returns 1; 0: it must receive the message; or -errno. */
static int look_at(const struct own *own, enum transport_end end, size_t size)
{
	const void *view;
	bool there;

	if (end == END_PARENT || !own->transport->view || size < VIEW_LEAST)
		return 0;
	do {
		there = own->transport->wait(own->channels, 0, end, NULL, 1000);
		view = own->transport->view(own->channels, 0, end, size);
	} while (!view && !errno && !there);
	return view ? 1 : -errno;
}

static int own_receive(void *state, enum transport_end end, void *data, size_t size)
{
	const struct own *own = state;
	int looked = look_at(own, end, size);

	if (looked)
		return looked < 0 ? looked : 0;
	for (;;) {
		ssize_t n = own->transport->receive(own->channels, 0, end, data, size);

		if (n < 0)
			return (int)n;
		data = (char *)data + n;
		size -= (size_t)n;
		if (size == 0)
			return 0;
		if (n == 0)
			own->transport->wait(own->channels, 0, end, NULL, 1000);
	}
}

static const struct way own_way = { "bench", own_open, own_send, own_receive, own_close };

/* What the other process does until it is killed. */
static _Noreturn void answer(const struct line *line, const struct timed_task *task, const struct endpoints *place)
{
	char *in = malloc(task->size);
	int err = in ? bind_to(&place->ends[END_WORKER]) : -ENOMEM;

	if (!err)
		memset(in, 1, task->size);
	while (!err) {
		for (size_t i = 0; i < task->batch && !err; i++)
			err = line->way->receive(line->state, END_WORKER, in, task->size);
		err = err ? err : line->way->send(line->state, END_WORKER, in, task->reply);
	}
	fprintf(stderr, "bench: experiment transports: %s: %s\n", line->way->name, strerror(-err));
	_exit(1);
}

static void line_close(struct line *line)
{
	if (line->peer) {
		kill(line->peer, SIGKILL);
		waitpid(line->peer, NULL, 0);
	}
	if (line->state)
		line->way->close(line->state);
	*line = (struct line){ 0 };
}

/* Stops the other process; it is stopped when this returns. At its beginning it stops itself: before that it might not
 * yet die with this process (child_fork()), and would be left, stopped, for ever. */
static void line_stop(const struct line *line)
{
	kill(line->peer, SIGSTOP);
	waitpid(line->peer, NULL, WUNTRACED);
}

static int line_open(struct line *line, const struct way *way, const struct transport *transport,
		     const struct timed_task *task, const struct endpoints *place)
{
	pid_t pid;

	*line = (struct line){ .way = way, .state = way->open(transport, place) };
	if (!line->state)
		return -errno;
	fflush(NULL);
	pid = child_fork(SIGKILL);
	if (pid < 0)
		return pid;
	if (pid == 0) {
		raise(SIGSTOP);
		answer(line, task, place);
	}
	line->peer = pid;
	waitpid(pid, NULL, WUNTRACED);
	return 0;
}

static int exchange(const struct line *line, const struct timed_task *task)
{
	int err = 0;

	for (size_t i = 0; i < task->batch && !err; i++)
		err = line->way->send(line->state, END_PARENT, task->out, task->size);
	return err ? err : line->way->receive(line->state, END_PARENT, task->back, task->reply);
}

/* Exchanges `iterations` batches, for Google Benchmark. */
static int64_t time_turn(void *context, uint64_t iterations)
{
	const struct turn *turn = context;
	uint64_t from_ns = clock_ns(), last_ns = from_ns;

	for (uint64_t i = 0; i < iterations; i++) {
		uint64_t now_ns;

		if (exchange(turn->line, turn->task))
			return -1;
		now_ns = clock_ns();
		if (turn->trips && turn->trips->count < TRIPS_MAX)
			turn->trips->ns[turn->trips->count++] = (double)(now_ns - last_ns);
		last_ns = now_ns;
	}
	return (int64_t)(last_ns - from_ns);
}

/* Takes one turn of one way, of so many iterations; 0: of as many as take `seconds`. */
static int take_turn(struct turn *turn, uint64_t iterations, double seconds, struct timing *timing)
{
	int err;

	kill(turn->line->peer, SIGCONT);
	if (exchange(turn->line, turn->task)) /* which wakes and warms the other process */
		return -EIO;
	err = timer_run("turn", time_turn, turn, iterations, seconds, timing) ? -EIO : 0;
	line_stop(turn->line);
	return err;
}

/* Returns the median trip of the turn whose trips begin at `first`. */
static double median_of(const struct trips *trips, size_t first)
{
	values_sort(trips->ns + first, trips->count - first);
	return values_median(trips->ns + first, trips->count - first);
}

#define TURNS_MAX 16

static double median_ratio(double *ratios, unsigned count)
{
	values_sort(ratios, count);
	return values_median(ratios, count);
}

/* Takes all turns of both ways, the transport and the bare loop one after the other; which goes first alternates. */
static int take_turns(struct turn turns[2], const struct transport_effort *effort, double per_batch_ns[2],
		      double *ratio)
{
	double ns[2][TURNS_MAX], ratios[TURNS_MAX];
	uint64_t iterations[2];
	struct timing timing;

	for (int way = 0; way < 2; way++) {
		int err = take_turn(&turns[way], 0, effort->turn_s, &timing);

		if (err)
			return err;
		iterations[way] = timing.iterations;
		if (turns[way].trips)
			turns[way].trips->count = 0;
	}
	for (unsigned i = 0; i < effort->turns; i++) {
		for (unsigned j = 0; j < 2; j++) {
			unsigned way = (i + j) % 2;
			struct trips *trips = turns[way].trips;
			size_t first = trips ? trips->count : 0;
			int err = take_turn(&turns[way], iterations[way], 0, &timing);

			if (err)
				return err;
			ns[way][i] = trips && trips->count > first ? median_of(trips, first) : timing.ns_per_iteration;
		}
		ratios[i] = ns[0][i] / ns[1][i];
	}
	for (int way = 0; way < 2; way++) {
		values_sort(ns[way], effort->turns);
		per_batch_ns[way] = values_median(ns[way], effort->turns);
	}
	*ratio = median_ratio(ratios, effort->turns);
	return 0;
}

/* Opens both ways, takes the turns, closes them. */
static int compare(const struct transport_row *row, const struct way *bare, const struct endpoints *place,
		   const struct timed_task *task, const struct transport_effort *effort, struct trips trips[2],
		   double per_batch_ns[2], double *ratio)
{
	struct line lines[2] = { { 0 }, { 0 } };
	struct turn turns[2];
	int err = line_open(&lines[0], &own_way, row->transport, task, place);

	err = err ? err : line_open(&lines[1], bare, row->transport, task, place);
	for (int way = 0; way < 2; way++)
		turns[way] = (struct turn){ &lines[way], task, trips ? &trips[way] : NULL };
	err = err ? err : take_turns(turns, effort, per_batch_ns, ratio);
	line_close(&lines[1]);
	line_close(&lines[0]);
	return err;
}

static int measure_trips(struct transport_row *row, const struct endpoints *place,
			 const struct transport_effort *effort, struct timed_task *task)
{
	const struct way *bare = bare_for_latency(row->transport->name);
	struct trip_result *found = &row->trips;
	struct trips trips[2] = {
		{ malloc(TRIPS_MAX * sizeof(double)), 0 },
		{ malloc(TRIPS_MAX * sizeof(double)), 0 },
	};
	double ns[2];
	int err = -ENOMEM;

	task->batch = 1;
	task->reply = task->size;
	if (trips[0].ns && trips[1].ns)
		err = compare(row, bare, place, task, effort, trips, ns, &found->ratio);
	if (!err) {
		values_sort(trips[0].ns, trips[0].count);
		found->trips = trips[0].count;
		found->median_ns = values_median(trips[0].ns, trips[0].count);
		found->p99_ns = values_quantile(trips[0].ns, trips[0].count, 0.99);
		found->p999_ns = values_quantile(trips[0].ns, trips[0].count, 0.999);
		found->bare_median_ns = ns[1];
	}
	free(trips[0].ns);
	free(trips[1].ns);
	return err;
}

static int measure_stream(struct transport_row *row, const struct endpoints *place,
			  const struct transport_effort *effort, struct timed_task *task)
{
	const struct way *bare = bare_for_throughput(row->transport->name);
	double ns[2], bytes;
	int err;

	task->batch = BATCH_BYTES / task->size;
	task->batch = task->batch > BATCH_MESSAGES ? BATCH_MESSAGES : task->batch ? task->batch : 1;
	task->reply = 1;
	bytes = (double)task->batch * (double)task->size;
	err = compare(row, bare, place, task, effort, NULL, ns, &row->stream.ratio);
	if (!err) {
		row->stream.bytes_per_s = bytes / ns[0] * 1e9;
		row->stream.bare_bytes_per_s = bytes / ns[1] * 1e9;
		row->stream.ratio = 1 / row->stream.ratio;
	}
	return err;
}

void measure_row(struct transport_row *row, const struct transport_effort *effort)
{
	struct timed_task task = { .size = row->size, .out = malloc(row->size), .back = malloc(row->size) };
	int err = task.out && task.back ? bind_to(&row->place->ends[END_PARENT]) : -ENOMEM;

	if (!err) {
		memset(task.out, 2, task.size);
		memset(task.back, 3, task.size);
		err = measure_trips(row, row->place, effort, &task);
	}
	err = err ? err : measure_stream(row, row->place, effort, &task);
	if (err && err != -ENOTSUP)
		snprintf(row->why, sizeof(row->why), "%s", strerror(-err));
	row->status = !err ? ROW_OK : err == -ENOTSUP ? ROW_NOT_AVAILABLE : ROW_FAILED;
	free(task.out);
	free(task.back);
}
