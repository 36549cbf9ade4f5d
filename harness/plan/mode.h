/* The contract of a mode: how items are executed. One file in run/modes/ defines one. */
#ifndef BENCH_PLAN_MODE_H
#define BENCH_PLAN_MODE_H

#include <stdbool.h>

struct crew;  /* run/crew.h: what a mode works with */
struct round; /* run/crew.h: one round, in and out */

struct mode {
	const char *name;
	const char *summary; /* one line for `bench list` */
	bool parallel;       /* has --workers and --schedule; false: one worker, the baseline */
	bool processes;      /* workers are processes: --transport applies */
	bool crew_in_round;  /* makes its crew inside the round: --per applies, PAPI counts in extra rounds */

	/* Makes the crew, as far as it is made before the rounds. In the cell process; its time is
	 * measured by the caller. NULL: nothing to make. Returns 0 or -errno. */
	int (*start)(struct crew *crew);

	/* Executes every item once and sets round->start_ns and end_ns; hands results to round->sink
	 * and leaves the workers' slots filled. In the cell process. Returns 0, or -errno after
	 * crew_fail() said why. */
	int (*round)(struct crew *crew, struct round *round);

	/* Ends the crew; also after a failed round. Time measured by the caller. NULL: nothing to end. */
	void (*stop)(struct crew *crew);
};

#endif
