/* Judges a cell, and the controls, by pairs. Reads no clock and starts no process. Called by the main process.
 *
 * A pair counts once, by d = ln(B/A) of undisturbed times, and once by that of means. analyse/verdict.h says which
 * bounds decide. Nothing is screened and no pair is left out: each of several cells is tested at its share of the
 * level.
 *
 * The controls. In the cell that carries them each pair has a time of A's second process, C, and e = ln(C/A) - added,
 * where `added` is what C executed more, by A's own times: 0 in every second pair, and in all where the pairing cannot
 * add work.
 * - `aa` takes e of all pairs, so that it has bounds where B has; it is judged as a cell would be, and must not be
 *   `regressed`. The margin is that of its estimate.
 *   Besides, its means are judged as those of cells: if they show that A differs from itself, either way, no cell that
 *   is slower in the mean only is believed.
 * - `plus` takes e + max(added, ln(1 + verdict_added())), and must not `pass`.
 * - Besides, the estimates of the pairs without added work (for `aa`) and with it (for `plus`) must be where that says
 *   they are: verdict_control_holds(). So a gate that does not see added work is found out.
 */
#ifndef BENCH_GATE_PAIRS_JUDGE_H
#define BENCH_GATE_PAIRS_JUDGE_H

#include "model/gate.h"

/* Sets what all pairs of a cell show so far: the shifts, their levels, and the smallest slow-downs. So many `cells`
 * are tested. Bounds have the level of a look; where so few pairs cannot reach it, 2^-pairs. Returns 0 or -ENOMEM. */
int pairs_measure(const struct gate *gate, struct gate_cell *cell, size_t cells);

/* Takes a look, the last one if no more pairs will follow: sets the verdict, which is `cannot tell` if the cell needs
 * more pairs, and its kind. Call pairs_measure() before. Returns 0 or -ENOMEM. */
int pairs_look(const struct gate *gate, struct gate_cell *cell, size_t cells, bool last);

/* Takes back `regressed` of a cell that is slower in the mean only, if A is so against itself. pairs_look() does that,
 * too: this is for cells that were judged before. */
void pairs_disbelieve(const struct gate *gate, struct gate_cell *cell);

/* Judges the controls by the pairs of the cell that carries them, and sets the margin and the noise floor that follow
 * from them. Returns 0 or -ENOMEM. */
int pairs_judge_controls(struct gate *gate, const struct gate_cell *cell);

/* Returns about how many pairs would decide a cell that scatters as before; NAN: not known; INFINITY: none would. */
double pairs_needed(const struct gate *gate, const struct gate_cell *cell);

#endif
