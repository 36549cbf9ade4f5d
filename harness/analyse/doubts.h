/* Reasons to doubt a cell: their codes in the result file, and what to do about each.
 *
 * doubts_find() finds these from the numbers:
 *   too_short            The median round is under TOO_SHORT_NS. Waking a sleeping worker took 49 us
 *                        in the median on a 2-processor virtual machine, and up to 0.4 ms in one of a
 *                        hundred: from 1 ms on, one wake-up is at most the 5 % that `noisy` allows.
 *   noisy                Half the width of the wall time's interval is more than NOISY_HALF_WIDTH of the
 *                        median, or there are too few invocations for an interval of level 0.95.
 *   disturbed, throttled A round that counts was disturbed or throttled.
 *   no_baseline          The sequential cell has no round that counts.
 *   account_unexplained  More than UNEXPLAINED_SHARE of workers x wall time is unexplained in the median round.
 *   incomplete           Some round that counts executed fewer items than there are.
 *   lost_workers         In some round a worker died by itself and was replaced (--on-death retry). Those that are
 *                        ended because an item took too long (--item-timeout) are no loss: that is `incomplete`.
 *   superlinear          The whole interval of the speedup lies above the number of workers, if these are several,
 *                        by more than the 2 % that machines drift by themselves.
 *   bad_baseline         One worker is faster than the baseline: by more than these 2 % with the whole interval, or by
 *                        the median above BASELINE_MARGIN, which is what two noisy medians may differ by.
 *   absurd_counters      More than INS_PER_CYCLE_MOST instructions per cycle. The widest processors complete 10. */
#ifndef BENCH_ANALYSE_DOUBTS_H
#define BENCH_ANALYSE_DOUBTS_H

#include "analyse/summary.h"

#define TOO_SHORT_NS 1e6
#define NOISY_HALF_WIDTH 0.05
#define UNEXPLAINED_SHARE 0.02
#define SUPERLINEAR_MARGIN 1.02
#define BASELINE_MARGIN 1.1
#define INS_PER_CYCLE_MOST 16

struct doubt_text {
	const char *code;   /* "too_short" */
	const char *advice; /* one sentence: what it means, what to do */
};

extern const struct doubt_text doubt_texts[DOUBT_COUNT]; /* by enum doubt */

/* Returns the doubts that follow from the summary's numbers, as bits; 0 for a cell without rounds. */
uint32_t doubts_find(const struct run_cell *cell, const struct summary *summary);

#endif
