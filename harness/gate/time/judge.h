/* Judges: makes the verdict of a cell, and those of the controls, from blocks. Reads no clock and starts no process.
 * Called by the main process. */
#ifndef BENCH_GATE_TIME_JUDGE_H
#define BENCH_GATE_TIME_JUDGE_H

#include "gate/time/blocks.h"

/* Returns which time of a cell is judged. It is the CPU time if the cell has one worker or is a command, and if its
 * trials hardly sleep, and equally long on both sides (trials_awake()). Else it is the wall time. Call it once for a
 * cell, at its first look: the answer depends on how long trials slept, not on which side took longer. `steal_excluded`
 * is what steal_is_excluded() says. */
enum judged judge_what(const struct gate_cell *cell, enum gate_stage stage, bool steal_excluded, double tolerance);

/* Takes one look at the blocks of the stage test, after the screening has flagged `flagged` cells (1: there was no
 * screening). Sets slowdown, trials_a_side, the smallest slow-downs and the verdict, which is `cannot tell` if the cell
 * needs more data. Returns 0 or -ENOMEM. */
int judge_look(const struct gate *gate, struct gate_cell *cell, size_t flagged);

/* Judges the screening of a cell, at its lenient level. Returns 0 or -ENOMEM. */
int judge_screen(const struct gate *gate, struct gate_cell *cell);

/* Judges the controls in a cell's blocks of a stage, and sets the margin that follows from them. Returns 0 or
 * -ENOMEM. */
int judge_controls(struct gate *gate, const struct gate_cell *cell, enum gate_stage stage);

/* Does the same by instructions: `difference` is that of two counts of side A of the cell, in logarithms. */
void judge_counted_control(struct gate *gate, const struct gate_cell *cell, double difference);

#endif
