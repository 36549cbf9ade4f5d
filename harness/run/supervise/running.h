/* An invocation under way, of which several may be at the same time: their cell processes take turns.
 *
 * A cell process whose specification says `by_turns` opens its workload, makes its crew, executes the warm-up round and
 * then rests. It executes rounds when it is told to (running_turn()), and rests again. While it rests it uses no
 * processor. invocation_run() is made of these functions for a single one that takes no turns. Called by the
 * supervisor process only. */
#ifndef BENCH_RUN_SUPERVISE_RUNNING_H
#define BENCH_RUN_SUPERVISE_RUNNING_H

#include "run/supervise/invocation.h"
#include "run/wire/ring.h"

struct running;

/* Starts a cell process. `launcher`, `spec` (which gets its scratch folder made) and `result` (zeroed) stay the
 * caller's and must live until running_end(). That no process can be started is a failure in the result, and the
 * invocation is over at once. Returns NULL without memory. */
struct running *running_begin(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
			      invocation_skipped *skipped, void *context, struct invocation_result *result);

/* As running_begin() for `count` cell processes that are forked from one fresh process, so that their memory is laid
 * out alike: none of their addresses differ until they open their workloads. Sets all[]. Returns 0 or -ENOMEM. */
int running_begin_twins(struct running *all[], size_t count, const struct cell_launcher *launcher,
			struct spec *const specs[], struct invocation_result *const results[]);

/* Tells who rests in which seat of a ring: its time is only over while it holds the token. */
void running_follow(struct running *running, const struct ring *ring, unsigned seat);

/* Lets a cell process that rests execute `rounds` counted rounds (those of the ring, if its specification has one). */
void running_turn(struct running *running, uint32_t rounds);

enum running_state {
	RUNNING_BUSY,
	RUNNING_RESTS, /* it waits for its turn */
	RUNNING_OVER,  /* it has ended or failed, or a signal came: call running_end() */
};
enum running_state running_state(const struct running *running);

/* Reads what `count` invocations send until none of them is busy, and ends those that are over, whose results then say
 * how they have failed. One that fails, or whose time is over, does not keep the others from going on, unless they are
 * in a ring with it: then they are stopped, without a failure of their own. After a signal all are over, with
 * `interrupted` set in each result. */
void running_await(struct running *const all[], size_t count);

/* Ends a cell process, regularly if it rests, completes the result, removes the scratch folder, and frees. NULL is
 * allowed. */
void running_end(struct running *running);

#endif
