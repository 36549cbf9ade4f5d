/* The verdict of a gate: what a shift and its bounds mean, when to look at them, and what many cells come to.
 *
 * Shifts and the margin tau are differences of ln(time); a tolerance is a ratio less 1, at least 0, and d = ln(1 +
 * tolerance). Between 0 and d lies what is slower, but tolerated: enough data say `pass` there. Few data say
 * `regressed` when they show that it is slower and cannot exclude d, so `regressed` means slower for certain, not
 * slower by d for certain. To say `pass` of a slow-down of d or more, or `regressed` of none, is the error whose
 * probability the levels bound.
 *
 * Several cells: each is screened by a look at SCREEN_LEVEL that can only let it pass, as a cell that is slower by d
 * does once in 20 times. The rest are flagged and measured again. Their data are fresh, so that it plays no part in
 * them how they were chosen, and verdict_level() divides the level of alarms between them (Bonferroni): with no cell
 * slower, the gate says `regressed` with probability 0.01 at most, however many cells there are and however they
 * depend on each other.
 *
 * Pure functions. */
#ifndef BENCH_ANALYSE_VERDICT_H
#define BENCH_ANALYSE_VERDICT_H

#include "analyse/rank_test.h"
#include "model/verdict.h"

#include <stdint.h>

#define LOOKS_MOST 4
/* Of each bound at each of the looks at one cell (S. J. Pocock, Group sequential methods, 1977). Together they err, by
 * the exact law of the rank test, with probability 0.0079 with looks at 12, 24, 36 and 48 runs a side, and with other
 * numbers up to 400 with 0.0101 at most. */
#define LOOK_LEVEL 0.0035
#define SCREEN_LEVEL 0.05
#define FLAGGED_LEVEL 0.01 /* of all looks at all flagged cells together */
#define MARGIN_MOST 0.005  /* of tau */
#define CONTROL_ADDED 0.02 /* what the control `plus` is slowed down by, at least */

/* `pass`: high < d; `regressed`: low > tau and not high < d; else `cannot tell`, which the next look may change. */
enum verdict verdict_of(const struct shift *shift, double tolerance, double margin);

/* After how many blocks to look: evenly spaced up to the whole blocks in `runs_a_side`, in increasing order. Looks that
 * cannot decide, as those at one block, are left out. Returns how many there are. */
size_t verdict_looks(uint32_t runs_a_side, size_t looks[LOOKS_MOST]);

/* The level of `low` at each look, when the screening flagged `flagged` cells; up to 1: there is one cell and no
 * screening. For several FLAGGED_LEVEL is divided by looks and cells: Pocock's level would have to be found anew for
 * each number of cells, as LOOK_LEVEL / 3 errs with 0.0101 already. */
double verdict_level(size_t flagged);

/* The shift at a look: `low` at verdict_level(flagged), `high` at LOOK_LEVEL always. The alarms of all cells add up to
 * the gate's; but how surely a cell that passes is no slower by d is this cell's affair, and the screening lets pass at
 * a level far above. Returns as rank_test_shift(). */
int verdict_look(const struct stratum *strata, size_t count, size_t flagged, struct shift *shift);

/* tau, from what A differs from itself in this run: |theta_aa|, at most MARGIN_MOST. A bias of the bed on which the
 * sides lie (paths, layout, order) is so kept out of the verdict while it is small; above MARGIN_MOST the control `aa`
 * can come out as `regressed`, and then nothing of the run is believed. */
double verdict_margin(double theta_aa);

/* What the control `plus` is slowed down by, a ratio less 1: CONTROL_ADDED, or twice the tolerance if that is more. */
double verdict_added(double tolerance);

/* The smallest slow-down, a ratio less 1, that this run could have shown: that which would have been `regressed` if
 * these data had been shifted to it, bounds and all: exp(max(theta - low + tau, d - (high - theta))) - 1. A true
 * slow-down of that size is shown in about half of such runs, since the estimate lies above it or below; infinite
 * where the bounds are. */
double verdict_smallest_shown(const struct shift *shift, double tolerance, double margin);

/* The smallest slow-down, a ratio less 1, that is excluded, with all above it: exp(high) - 1, at least 0. */
double verdict_smallest_excluded(const struct shift *shift);

/* Any `regressed`, else any `cannot tell`, else `pass`; of no cells: `cannot tell`. */
enum verdict verdict_in_all(const enum verdict *verdicts, size_t count);

#endif
