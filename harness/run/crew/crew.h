/* The crew: the workers of one cell process and what they share.
 *
 * Made by the cell (run/cell/cell.c), handed to the mode. Single-threaded on the parent's side: only the
 * cell process's main thread calls what is declared here. */
#ifndef BENCH_RUN_CREW_CREW_H
#define BENCH_RUN_CREW_CREW_H

#include "model/cell.h"
#include "model/counter.h"
#include "model/mode.h"
#include "model/run.h"
#include "model/transport.h"
#include "run/crew/arena.h"
#include "run/crew/submissions.h"
#include "workloads/workload.h"

#include <sys/types.h>

/* What came back of one item, in the parent where results travel. */
struct result {
	uint64_t item;
	struct bytes output; /* valid during the call */
	int error;           /* errno, above 0: there is no output but this; 0: none */
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
	/* out: */
	uint64_t start_ns, end_ns;
	uint64_t without_result; /* items that failed, were cancelled or given up, each known to its future */
	bool was_lost;           /* items of a lost worker were executed again */
	struct measure measures[MEASURES_MAX];
	uint32_t measure_count;
	/* out, of a mode whose workers are processes of another program's: */
	uint64_t cpu_ns;       /* of all of them in the round */
	uint64_t after_cpu_ns; /* ... and after it, for what is no part of it */
	uint64_t rss_bytes;    /* sum of their proportional set sizes at the peak, in the warm-up round */
	bool own_answers;      /* as in struct sample */
};

/* Counters that the workers open; the same for all of them. */
struct counter_set {
	const struct counter_source *const *sources; /* registry_counter_sources */
	struct counter_info infos[COUNTERS_MAX];
	uint8_t source[COUNTERS_MAX]; /* index of each info's source */
	size_t count;
};

#define SERVERS_MAX 4

/* When a worker was first seen at its item. */
struct watched_item {
	uint64_t item, since_ns;
};

struct dealer;  /* run/crew/dealer.h */
struct futures; /* run/crew/futures.h */
struct log;     /* base/log.h */
struct spec;    /* run/wire/spec.h */

struct crew {
	const struct spec *spec; /* of this invocation */
	const struct cell *cell;
	const struct mode *mode;
	const struct workload *workload;
	struct workload_state state;
	bool has_input; /* items carry an input payload */
	bool talks;     /* parent and workers have something to say to each other: there are channels */
	struct arena *arena;
	const struct cpus *bind; /* one a worker; NULL: unbound */
	const struct counter_set *counters;
	const struct transport *transport; /* NULL: threads, sequential */
	void *channels;                    /* the transport's state */
	const struct call *call;           /* how items are called for; NULL: as each worker likes */
	struct submissions *submissions;   /* in the arena; NULL: nobody submits through shared memory */
	struct futures *futures;           /* the caller's; NULL: nobody holds any */
	struct dealer *dealer;             /* the parent's side of the channels; NULL: nothing travels */
	struct watched_item *watched;      /* one a worker; NULL: no item has a time-out */
	pid_t *pids;                       /* of workers that are processes, 0: none now */
	pid_t servers[SERVERS_MAX];        /* processes of the workload's own (struct workload_options) */
	unsigned server_count;
	const struct log *log;     /* NULL: none */
	void *own;                 /* the mode's: made by its start(), released by its stop() */
	uint64_t start_ns, end_ns; /* out of a start() or stop() that does more than make or end the crew, else 0 */
	uint32_t replaced;         /* workers that were lost, in this round */
	uint64_t looked_ns;        /* for workers that have died, last */
	struct round *round;       /* the one that runs */
	bool failed;
	struct failure failure; /* valid if failed; after_ns is filled by the supervisor */
};

/* Whether a worker of this crew must ask the parent for its ranges, or for what belongs to them. */
static inline bool crew_asks(const struct crew *crew)
{
	return crew->transport &&
	       (!crew->transport->shared_ranges || crew->has_input || (crew->call && crew->call->arguments));
}

/* Whether the parent hands out ranges one after the other, since it must know what is out. */
static inline bool crew_submits(const struct crew *crew)
{
	return crew->call && (crew->call->submits || crew->cell->calling.in_flight);
}

/* Whether every item has a result that travels, be it empty. */
static inline bool crew_answers(const struct crew *crew)
{
	return crew->call && (crew->call->streams || crew_submits(crew));
}

/* Whether workers may be lost in a round and it goes on: the parent then counts results, since they cannot. */
static inline bool crew_may_lose(const struct crew *crew)
{
	return crew->cell->calling.retry || crew->cell->calling.item_timeout_ns;
}

/* Whether an error of an item is its future's, and harms no other. */
static inline bool crew_keeps_errors(const struct crew *crew)
{
	return crew->mode->takes & TAKES_FUTURES;
}

/* Makes a failure known; the first one counts. `worker` (-1: none) gives pid and item. Returns -ECHILD,
 * so that a mode can `return crew_fail(...)`. */
int crew_fail(struct crew *crew, enum failure_kind kind, int worker, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Before a round: makes all items available again, clears what workers count to `done`. */
void crew_prepare(struct crew *crew, const struct round *round);

/* Opens the gate to workers that wait at it (pools). Sets round->start_ns. */
void crew_open_gate(struct crew *crew, struct round *round, enum gate_command command);

/* Puts another worker in the place of `w`, which has left by itself (MESSAGE_LEAVE), or is dead or stuck: that one is
 * killed, what it said last is heard, and the items that it took along are handed out again. Inside a round.
 * Returns 0 or -ECHILD. */
int crew_replace_left(struct crew *crew, unsigned w);
int crew_replace_lost(struct crew *crew, unsigned w);

/* Starts and ends a crew whose workers wait at the gate between rounds; it ends processes only. */
int crew_start_at_gate(struct crew *crew);
void crew_stop_at_gate(struct crew *crew);

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

/* Waits for worker process `w`, which has nothing more to say, to end. Returns 0 if it exited with 0 or may be lost
 * (--on-death retry), else records the failure. */
int crew_reap(struct crew *crew, unsigned w);

/* Kills and reaps all worker processes that are left. For the end, and after failures. */
void crew_kill(struct crew *crew);

/* After a round: closes the workers' accounts at round->end_ns. */
void crew_close_accounts(struct crew *crew, const struct round *round);

#endif
