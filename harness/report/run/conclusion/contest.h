/* Which of a workload's parallel ways of running are equally fast, and which of these is the simplest.
 *
 * Contenders are ways of running (mode, transport, schedule and chunk, as row_series() tells them apart), each by its
 * best number of workers. They are compared with the fastest: by the ratios of times in the same generation, where both
 * were in six or more, else by ratio_interval() of their invocations. A way without an interval is never the fastest.
 * Of equal ways the simplest is the one whose `mode_rank` in the file is the least, then the one that stands first
 * there. Pure functions of a run file. */
#ifndef BENCH_REPORT_RUN_CONCLUSION_CONTEST_H
#define BENCH_REPORT_RUN_CONCLUSION_CONTEST_H

#include "report/run/rows.h"

#define EQUAL_MOST                                                                                                     \
	0.10     /* who may be slower than the fastest by more is not called equal; nor is a smaller gain, worth */
#define ENOUGH 6 /* invocations, or generations, that give an interval of level CONFIDENCE */

enum standing {
	STANDING_EQUAL,  /* no difference is shown, and it is slower by EQUAL_MOST at most; the fastest itself */
	STANDING_OPEN,   /* no difference is shown, but it may be slower by more */
	STANDING_SLOWER, /* shown to be slower */
	STANDING_UNSURE, /* too few processes measured it */
};

struct contender {
	const struct row *row;
	enum standing standing;
	struct interval ratio; /* of its wall time by the fastest one's */
};

struct contest {
	struct contender *contender; /* the simplest first */
	size_t count;
	const struct contender *fastest;  /* NULL: none has an interval */
	const struct contender *simplest; /* of those that are equal to the fastest; NULL: `fastest` is NULL */
	const struct row *quickest;       /* of least time, with an interval or without; NULL: there are none */
	bool unproven;                    /* it has no interval, and seems faster than `fastest` */
	const struct row *baseline;       /* NULL: not measured */
};

/* Whether the row can be compared with others of its workload. */
bool row_is_comparable(const struct row *row, const char *workload);

/* `rows` must outlive the contest. Returns 0 or -ENOMEM; contest_release() may be called in both cases. */
int contest_make(struct contest *contest, const struct rows *rows, const char *workload);
void contest_release(struct contest *contest);

#endif
