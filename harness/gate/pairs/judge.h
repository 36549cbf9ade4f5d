/* Judges a cell, and the controls, by pairs. Reads no clock and starts no process. Called by the main process.
 *
 * A pair counts once, by d = ln(B/A) of undisturbed times, and once by that of means. analyse/verdict.h says which
 * bounds decide. Nothing is screened and no pair is left out: of several cells each is tested at its share of the level.
 *
 * The controls. In the cell that carries them each pair has a time of A's second process, C, and e = ln(C/A) - added,
 * where `added` is what C executed more, by A's own times: 0 in every second pair, and in all where the pairing cannot
 * add work.
 * - `aa` takes e of all pairs, is judged as a cell would be, and must not be `regressed`. By chance it is at most as
 *   often as a cell is (0.0087 in all looks), and in fact only if A seems slower than itself by over MARGIN_MOST.
 * - `plus` takes e + max(added, ln(1 + verdict_added())), and must not `pass`.
 * - Besides, `plus` fails if the added work was not seen: if in all pairs with more work e lies below -added / 2, and
 *   below e of all the others; or above added / 2 and all the others. If e does not depend on the work, however it
 *   scatters, this happens at the first look (4 and 5 pairs) with a probability of at most 2/126, at 12 of 2/924, and so
 *   on; where d scatters by 1 % or less, below 0.001 in all. */
#ifndef BENCH_GATE_PAIRS_JUDGE_H
#define BENCH_GATE_PAIRS_JUDGE_H

#include "model/gate.h"

#define PAIRS_BOUNDED 5 /* fewer pairs have no bounds: they would be wrong with a probability of over 0.05 */

/* Sets what all pairs of a cell show so far: the shifts, their levels, and the smallest slow-downs. `cells`: so many are
 * tested. Bounds have the level of a look or, where so few pairs cannot reach it, 2^-pairs. Returns 0 or -ENOMEM. */
int pairs_measure(const struct gate *gate, struct gate_cell *cell, size_t cells);

/* Takes a look, the last one if no more pairs will follow: sets the verdict, which is `cannot tell` if the cell needs
 * more pairs, and its kind. Call pairs_measure() before. Returns 0 or -ENOMEM. */
int pairs_look(const struct gate *gate, struct gate_cell *cell, size_t cells, bool last);

/* Judges the controls by the pairs of the cell that carries them, and sets the margin and the noise floor that follow
 * from them. Returns 0 or -ENOMEM. */
int pairs_judge_controls(struct gate *gate, const struct gate_cell *cell);

/* Returns about how many pairs would decide a cell that scatters as before; 0: not known. */
size_t pairs_needed(const struct gate *gate, const struct gate_cell *cell);

#endif
