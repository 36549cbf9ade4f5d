/* The crew: the workers of one cell process and what they share.
 *
 * Made by the cell (run/cell.c), handed to the mode. Single-threaded on the parent's side: only the
 * cell process's main thread calls what is declared here. */
#ifndef BENCH_RUN_CREW_H
#define BENCH_RUN_CREW_H

#include "plan/cell.h"
#include "plan/counter.h"
#include "plan/mode.h"
#include "plan/run.h"
#include "plan/transport.h"
#include "run/arena.h"
#include "workloads/workload.h"

#include <pthread.h>
#include <sys/types.h>

/* What came back of one item, in the parent where results travel. */
struct result {
	uint64_t item;
	struct bytes output; /* valid during the call */
};

/* Is handed each result, in the order in which they complete. Called in the cell process. */
struct sink {
	void (*result)(void *context, const struct result *result);
	void *context;
};

struct round {
	uint32_t number; /* counts from 1 */
	bool warmup, probed;
	struct sink sink;
	uint64_t start_ns, end_ns; /* out */
	struct measure measures[MEASURES_MAX]; /* out: what the mode measured besides the time */
	uint32_t measure_count;
};

/* Counters that the workers open; the same for all of them. */
struct counter_set {
	const struct counter_source *const *sources; /* registry_counter_sources */
	struct counter_info infos[COUNTERS_MAX];
	uint8_t source[COUNTERS_MAX]; /* index of each info's source */
	size_t count;
};

/* What a mode tells whose workers are processes of another program's (python_*). */
struct aside {
	uint64_t start_ns, end_ns; /* to make the crew and to end it, without that program's own; 0: not known */
	uint64_t cpu_ns;           /* of all its processes, in the last round */
	uint64_t after_cpu_ns;     /* ... and after it, for what is no part of it */
	uint64_t rss_bytes;        /* sum of their proportional set sizes at the peak */
	bool own_answers;          /* as in struct sample */
};

#define SERVERS_MAX 4

struct dealer; /* run/dealer.h */
struct python; /* run/python_process.h */
struct worker; /* run/worker.h */

struct crew {
	const struct cell *cell;
	const struct mode *mode;
	const struct workload *workload;
	struct workload_state state;
	bool has_input; /* items carry an input payload */
	struct arena *arena;
	const struct cpus *bind; /* one a worker; NULL: unbound */
	const struct counter_set *counters;
	const struct transport *transport; /* NULL: threads, sequential */
	void *channels;                    /* the transport's state */
	struct dealer *dealer;             /* the parent's side of the channels; NULL: nothing travels */
	pid_t *pids;                       /* of workers that are processes, 0: none now */
	pid_t servers[SERVERS_MAX];        /* processes of the workload's own (struct workload_options) */
	unsigned server_count;
	pthread_t *threads;                /* of workers that are threads */
	struct worker *self;               /* sequential: the cell process is the worker */
	const char *run, *scratch;         /* folders, as in struct workload_options */
	struct python *python;             /* modes python_*: their process */
	struct aside aside;                /* zeroed where the mode has nothing to tell */
	uint64_t looked_ns;                /* for workers that have died, last */
	struct round *round;               /* the one that runs */
	bool failed;
	struct failure failure; /* valid if failed; after_ns is filled by the supervisor */
};

/* Whether a worker of this crew must ask the parent for its ranges or their inputs. */
static inline bool crew_asks(const struct crew *crew)
{
	return crew->transport && (!crew->transport->shared_ranges || crew->has_input);
}

/* Makes a failure known; the first one counts. `worker` (-1: none) gives pid and item. Returns -ECHILD,
 * so that a mode can `return crew_fail(...)`. */
int crew_fail(struct crew *crew, enum failure_kind kind, int worker, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Before a round: makes all items available again, clears what workers count to `done`. */
void crew_prepare(struct crew *crew, const struct round *round);

/* Opens the gate to workers that wait at it (pools). Sets round->start_ns. */
void crew_open_gate(struct crew *crew, struct round *round, enum gate_command command);

/* Forks worker `w`; the child calls `body` and never returns. Returns 0 or -errno. */
int crew_fork(struct crew *crew, unsigned w, void (*body)(struct crew *crew, unsigned w));

/* Serves the workers until all have ended the round: deals ranges, takes results, watches for deaths.
 * Returns 0, or -ECHILD with the failure recorded. */
int crew_collect(struct crew *crew, const struct round *round);

/* The round of a mode whose workers wait at the gate: opens it, collects, takes the time. */
int crew_round_at_gate(struct crew *crew, struct round *round);

/* One turn of serving the channels: moves what can be moved, else looks for errors and deaths, and
 * sleeps until there is something to do. Returns 0, or -ECHILD with the failure recorded. */
int crew_serve(struct crew *crew, const struct round *round);

/* Waits until all workers have counted themselves as done. Returns 0 or -ECHILD. */
int crew_await_done(struct crew *crew, const struct round *round);

/* The first error that a worker has reported, as a failure: returns 0 or -ECHILD. */
int crew_check_errors(struct crew *crew);

/* Waits for worker process `w` to end. Returns 0 if it exited with 0, else records the failure. */
int crew_reap(struct crew *crew, unsigned w);

/* Kills and reaps all worker processes that are left. For the end, and after failures. */
void crew_kill(struct crew *crew);

/* After a round: closes the workers' accounts at round->end_ns. */
void crew_close_accounts(struct crew *crew, const struct round *round);

#endif
