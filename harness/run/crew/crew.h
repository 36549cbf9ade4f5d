/* The crew: the workers of one cell process and what they share.
 *
 * The cell process (run/cell/cell.c) makes it and hands it to the mode. Only the main thread of the cell process calls
 * what is declared here, but for the inline functions that only read. */
#ifndef BENCH_RUN_CREW_CREW_H
#define BENCH_RUN_CREW_CREW_H

#include "model/cell.h"
#include "model/counter.h"
#include "model/mode.h"
#include "model/run.h"
#include "model/transport.h"
#include "run/crew/arena.h"
#include "run/crew/picked.h"
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
	struct picked picked; /* stands behind `workload` and `state` if not all items are executed */
	bool has_input;       /* items carry an input payload */
	bool talks;           /* parent and workers send each other messages, so there are channels */
	struct arena *arena;
	const struct cpus *bind; /* one a worker; NULL: unbound */
	const struct counter_set *counters;
	const struct transport *transport; /* NULL: threads, sequential */
	void *channels;                    /* the transport's state */
	const struct call *call; /* how the caller hands out the items; NULL: each worker takes them as it likes */
	struct submissions *submissions; /* in the arena; NULL: nobody submits through shared memory */
	struct futures *futures;         /* the futures that the caller holds; NULL: it holds none */
	struct dealer *dealer;           /* the parent's side of the channels; NULL: nothing travels */
	struct timeouts *timeouts;       /* NULL: no item has one */
	pid_t *pids;                     /* one for each worker that is a process; 0: there is none now */
	pid_t servers[SERVERS_MAX];      /* processes that the workload has started (struct workload_options) */
	unsigned server_count;
	pid_t helper;              /* a process that the mode needs besides its workers; 0: it needs none */
	const struct log *log;     /* NULL: none */
	void *own;                 /* the mode's own state: its start() makes it, its stop() releases it */
	uint64_t start_ns, end_ns; /* of a start() or stop() that also does other things: what counts; else 0 */
	struct runtime runtime;    /* what executes the items, if that is not this program */
	uint32_t replaced;         /* number of workers that were lost and replaced in this round */
	uint64_t looked_ns;        /* when the parent last looked for workers that have died */
	struct round *round;       /* the round that runs */
	bool failed;
	struct failure failure; /* valid if failed; after_ns is filled by the supervisor */
};

/* Whether a worker of this crew must ask the parent for its ranges, or for what belongs to them. */
static inline bool crew_asks(const struct crew *crew)
{
	return crew->transport &&
	       (!crew->transport->shared_ranges || crew->has_input || (crew->call && crew->call->arguments));
}

/* Whether the parent hands out ranges one after the other (call_hands_out()). */
static inline bool crew_submits(const struct crew *crew)
{
	return crew->call && call_hands_out(crew->call, &crew->cell->calling);
}

/* Whether each item's result travels to the parent, even if it is empty. */
static inline bool crew_answers(const struct crew *crew)
{
	return crew->call && (crew->call->streams || crew_submits(crew));
}

/* Whether a round goes on when workers are lost. The parent then counts the results, since a lost worker cannot. */
static inline bool crew_may_lose(const struct crew *crew)
{
	return crew->cell->calling.retry || crew->cell->calling.item_timeout_ns;
}

/* Whether an item's error goes to the item's future and harms no other item. */
static inline bool crew_keeps_errors(const struct crew *crew)
{
	return crew->mode->takes & TAKES_FUTURES;
}

/* Records a failure; only the first one counts. The failure's pid and item are those of `worker` (-1: none). Returns
 * -ECHILD, so that a mode can `return crew_fail(...)`. */
int crew_fail(struct crew *crew, enum failure_kind kind, int worker, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Records that something failed by an errno, which may be negative: "WHAT: Cannot allocate memory (the limit: ...)".
 * Returns -ECHILD. */
int crew_fail_by(struct crew *crew, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Makes worker `w` by the mode's launch(). Returns 0, or -ECHILD after crew_fail(). */
int crew_launch(struct crew *crew, unsigned w, enum worker_task task);

/* Records the first error that a worker has reported as the failure. Returns 0: there is none, or -ECHILD. */
int crew_check_errors(struct crew *crew);

#endif
