/* Judging: from the blocks of a cell to its verdict, and to those of the controls. Reads no clock and starts nothing.
 * Called by the main process. */
#ifndef BENCH_GATE_TIME_JUDGE_H
#define BENCH_GATE_TIME_JUDGE_H

#include "gate/time/blocks.h"

/* Returns which time of a cell is judged. It is the CPU time if the cell has one worker or is a command, and if its
 * trials hardly sleep, and equally long on both sides to within half of the tolerance, so that a delay that is slept is
 * not overlooked. Else it is the wall time. Call it once for a cell, at its first look: the answer depends on how long
 * trials slept, not on which side took longer. `steal_excluded` is what steal_is_excluded() says. */
enum judged judge_what(const struct gate_cell *cell, enum gate_stage stage, bool steal_excluded, double tolerance);

/* One look at the blocks of stage test, when the screening flagged `flagged` cells (1: there was none): sets
 * slowdown, trials_a_side, the smallest slow-downs and the verdict, `cannot tell` where it needs more data. Returns 0
 * or -ENOMEM. */
int judge_look(const struct gate *gate, struct gate_cell *cell, size_t flagged);

/* The screening of a cell, at its lenient level. Returns 0 or -ENOMEM. */
int judge_screen(const struct gate *gate, struct gate_cell *cell);

/* The controls in the blocks of a cell's stage, and the margin that follows from them. Returns 0 or -ENOMEM. */
int judge_controls(struct gate *gate, const struct gate_cell *cell, enum gate_stage stage);

/* The same of a cell whose instructions were counted twice on side A, and differ by so much. */
void judge_counted_control(struct gate *gate, const struct gate_cell *cell, double difference);

#endif
