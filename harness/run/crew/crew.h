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
#include "run/crew/round.h"
#include "run/crew/submissions.h"
#include "workloads/workload.h"

#include <sys/types.h>

#define SERVERS_MAX 4

struct dealer;   /* run/crew/dealer.h */
struct futures;  /* run/crew/futures.h */
struct log;      /* run/wire/log.h */
struct spec;     /* run/wire/spec.h */
struct timeouts; /* run/crew/timeouts.h */

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
	struct timeouts *timeouts;         /* NULL: no item has one */
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

/* As call_hands_out(). */
static inline bool crew_submits(const struct crew *crew)
{
	return crew->call && call_hands_out(crew->call, &crew->cell->calling);
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

/* The first error that a worker has reported, as a failure: returns 0 or -ECHILD. */
int crew_check_errors(struct crew *crew);

#endif
