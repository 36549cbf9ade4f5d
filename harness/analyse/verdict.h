/* The verdict of a gate: what a shift and its bounds mean, when to look at them, and the verdict on many cells.
 *
 * Shifts and the margin tau are differences of ln(time). A tolerance is a ratio less 1, at least 0, and d = ln(1 +
 * tolerance). A shift between 0 and d is slower, but tolerated: with enough data its verdict is `pass`. With few data
 * it is `regressed` if they show that B is slower and cannot exclude d; so `regressed` means that B is certainly
 * slower, not that it is certainly slower by d. The errors whose probability the levels bound are `pass` for a
 * slow-down of d or more, and `regressed` for none.
 *
 * Of several cells, verdict_level() divides the level of alarms between those that are tested (Bonferroni): if none is
 * slower, the gate says `regressed` with a probability of at most 0.01, however many cells there are and however they
 * depend on each other. By pairs all are tested. By blocks each is screened first, by a look at SCREEN_LEVEL that can
 * only let it pass; a cell that is slower by d passes so once in 20 times. The others are flagged and measured again,
 * and their new data do not depend on how the cells were chosen.
 *
 * Pure functions. */
#ifndef BENCH_ANALYSE_VERDICT_H
#define BENCH_ANALYSE_VERDICT_H

#include "analyse/rank_test.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stdint.h>

#define LOOKS_MOST 4
/* The level of each bound at each look at a single cell (S. J. Pocock, Group sequential methods, 1977). By the exact
 * law of the rank test all looks together err with probability 0.0079 if they are at 12, 24, 36 and 48 runs a side,
 * and with at most 0.0101 for other numbers up to 400. */
#define LOOK_LEVEL 0.0035
#define SCREEN_LEVEL 0.05
#define TESTED_LEVEL 0.01  /* of all looks at all cells that are tested together */
#define MEANS_LEVEL 0.0005 /* of each bound of the means of pairs at each look, if pairs can reach it */
#define PAIRS_BOUNDED 5    /* fewer pairs have no bounds */
#define MEAN_FAR 2.5       /* tolerances */
#define MARGIN_MOST 0.005  /* the largest tau */
#define CONTROL_ADDED 0.02 /* the control `plus` is slowed down by this, a ratio less 1, or by more */

/* Returns `pass` if high < d; else `regressed` if low > tau; else `cannot tell`, which the next look may change. */
enum verdict verdict_of(const struct shift *shift, double tolerance, double margin);

/* Fills `looks` with the numbers of blocks after which to look, in increasing order: evenly spaced up to all whole
 * blocks in `runs_a_side`. Looks that cannot decide, such as one after a single block, are left out. Returns how many
 * looks there are. */
size_t verdict_looks(uint32_t runs_a_side, size_t looks[LOOKS_MOST]);

/* Returns the level of `low` at each look if so many cells are tested: all that are judged by pairs, or those that the
 * screening of blocks has flagged. 0 or 1 means that there is a single cell: LOOK_LEVEL. For several cells TESTED_LEVEL
 * is divided by looks and cells: Pocock's level would have to be found anew for each number of cells, as LOOK_LEVEL / 3
 * errs with 0.0101 already. */
double verdict_level(size_t cells);

/* Estimates the shift at a look at blocks: `low` at verdict_level(cells), `high` always at LOOK_LEVEL. False alarms of
 * all cells add up in the gate, so their level is divided; whether a cell passes wrongly concerns that cell alone, and
 * the screening lets cells pass at a far higher level anyway. Returns as rank_test_shift() does. */
int verdict_look(const struct stratum *strata, size_t count, size_t cells, struct shift *shift);

/* Fills `looks` with the numbers of pairs after which to look, in increasing order: 9, 12, 16 and 24 of 24. Of another
 * number they are 3/8, 2/3 and all, but at least 9, as nothing is decided before. Returns how many looks there are. */
size_t verdict_pair_looks(uint32_t max_pairs, size_t looks[LOOKS_MOST]);

/* Returns how many pairs it takes until a bound can have this level. */
double verdict_pairs_to_reach(double level);

/* Returns the least number of pairs that can show that one of `cells` cells is slower in undisturbed time: 9 of one, 12
 * of ten; and in the mean: 11 of one, 15 of ten. */
size_t verdict_least_pairs(size_t cells);
size_t verdict_least_mean_pairs(size_t cells);

/* Returns the level that a bound of so many pairs has that is asked for at `level`: 2^-pairs where that is more. Below
 * PAIRS_BOUNDED it is `level`, and there is no bound: it would be wrong with a probability of over 0.05. */
double verdict_reached(size_t pairs, double level);

/* Returns how many times as much data would decide, if slow-down and noise are as they seem: distances of bounds shrink
 * with the square root of their number, until the upper one is below the tolerance or the lower one above the margin,
 * whichever is nearer. Below 1: they do already. INFINITY: no number would, or there are no bounds. */
double verdict_data_needed(const struct shift *shift, double tolerance, double margin);

/* Estimates the shift of pairs from their d = ln(B/A): `low` at verdict_level(cells), `high` at LOOK_LEVEL. Returns as
 * signed_rank_shift() does. */
int verdict_pairs(const double *d, size_t count, size_t cells, struct shift *shift);

/* As verdict_pairs(), of pairs' means: both at MEANS_LEVEL, `low` divided by the cells. By exact enumeration the looks
 * at 9 to 24 pairs of one cell raise a false alarm with probability 0.0087 by undisturbed times and 0.0012 by means,
 * those of several cells with less than that together. With three looks it is 0.0082 and 0.0013 in the limit of many
 * pairs, and of several cells at most 3 (TESTED_LEVEL / 4 + MEANS_LEVEL) = 0.009; four looks would err with up to
 * 0.0109. */
int verdict_pair_means(const double *d, size_t count, size_t cells, struct shift *shift);

/* As verdict_pair_means(), of the control, which is one: at verdict_reached(MEANS_LEVEL). */
int verdict_control_means(const double *d, size_t count, struct shift *shift);

/* Returns whether means show that B is slower (`low` above 0), and by the tolerance or more (`theta`). */
bool verdict_means_slower(const struct shift *mean, double tolerance);

/* Returns whether they show that of either side. If those of A against itself do, no verdict that rests on means can be
 * believed. */
bool verdict_means_differ(const struct shift *mean, double tolerance);

/* Returns whether a mean that is not shown to be slower seems so by so much that B must not pass: by MEAN_FAR
 * tolerances or, where so few pairs could not have shown it (`low` is -INFINITY), by one. The means of equals scatter,
 * too: of drawn gates of ten equal cells with spiky noise 12 % cannot tell with 2 tolerances, 2.7 % with 2.5 and 0.2 %
 * with 3; and if B takes half as long again in one round of ten, 2, 5 and 8 % pass (normal noise; spiky: 7, 9 and
 * 16 %). */
bool verdict_mean_forbids(const struct shift *mean, double tolerance);

/* Returns what pairs show at a look. Undisturbed times decide as verdict_of() says, with two additions: if
 * verdict_means_slower(), it is `regressed`, even if typical rounds are not; and a mean that seems slower by the
 * tolerance or more puts `pass` off until there are more pairs, which at the `last` look ends as verdict_mean_forbids()
 * says. If B takes half as long again in one round of ten, by chance, 24 pairs of 12 rounds show it in 97 % of gates,
 * of 10 rounds in 90 %. Sets *kind with `regressed`. */
enum verdict verdict_of_pairs(const struct shift *undisturbed, const struct shift *mean, double tolerance,
			      double margin, bool last, enum slower_kind *kind);

/* Returns whether a control of pairs holds: A compared with itself, with `added` (a logarithm) more to execute, or with
 * 0 more. By its estimate `theta` it must have been measured as slower by that, but for twice the half-width of
 * `pairs`, the bounds (both at LOOK_LEVEL) of the pairs in which it took part; about half of these had this control. It
 * may be off by MARGIN_MOST, and by half of what was added, whatever the bounds are, as a small bias is in the margin,
 * and what was added is not known exactly. A measurement that does not see what was added is so found out in every gate
 * whose bounds could let a side pass that is as fast as A. In simulations (tests/unit/pair_error_rates.c) a control of
 * a right measurement fails in fewer than 1 % of gates, also where processes have two modes. */
bool verdict_control_holds(double theta, double added, const struct shift *pairs);

/* Returns tau: |theta_aa|, but at most MARGIN_MOST. theta_aa is how much A differs from itself in this run, by a bias
 * of how the sides are laid out (paths, memory layout, order). A small bias is so kept out of the verdict; with one
 * above MARGIN_MOST the control `aa` can come out as `regressed`, and then the whole run is not believed. */
double verdict_margin(double theta_aa);

/* Returns by how much the control `plus` is slowed down, a ratio less 1: CONTROL_ADDED, or twice the tolerance if that
 * is more. */
double verdict_added(double tolerance);

/* Returns the smallest slow-down, a ratio less 1, that this run could have shown. It is the one that would be
 * `regressed` if these data, with their bounds, were shifted to it: exp(max(theta - low + tau, d - (high - theta)))
 * - 1. About half of such runs show a true slow-down of that size, since the estimate lies above or below it. It is
 * infinite if the bounds are. It is NaN if B is shown to be faster (high < 0): how such a B scatters, relative to its
 * own shorter times, does not tell how one would scatter that is slower than A. */
double verdict_smallest_shown(const struct shift *shift, double tolerance, double margin);

/* Returns the smallest slow-down, a ratio less 1, that the data exclude: exp(high) - 1, at least 0. They exclude all
 * larger ones, too. */
double verdict_smallest_excluded(const struct shift *shift);

/* Rounds a ratio less 1 to so many decimals of its percentage, and returns that percentage, on the same side of `limit`
 * (a ratio less 1) as the ratio: a slow-down of 0.49977 % under a limit of 0.5 % is 0.499, not 0.500. A `limit` of NaN
 * is none. What is not finite is returned as it is. */
double verdict_percent(double ratio, double limit, int decimals);

/* Returns how many decimals the percentage of such a ratio has wherever a gate says it, in tables, sentences and
 * exports: it depends on the number alone, so that all say the same. 2, of what was counted 3; 1 from 10 % on, 0 from
 * 100 % on. */
int verdict_decimals(double ratio, bool counted);

/* Returns `regressed` if any verdict is that; else `cannot tell` if any is that, or if there are no cells; else
 * `pass`. */
enum verdict verdict_in_all(const enum verdict *verdicts, size_t count);

#endif
