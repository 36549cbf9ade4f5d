/* What the verdicts of the cells come to: the verdict in all, noise floor, doubts, and the sentence. Reads no clock and
 * starts nothing. Called by the main process. */
#ifndef BENCH_GATE_CONCLUDE_H
#define BENCH_GATE_CONCLUDE_H

#include "model/gate.h"

/* From what is known so far: cells that are not measured yet are `cannot tell`. */
void conclude_so_far(struct gate *gate);

/* When all is measured: a control that failed takes every cell's verdict with it. */
void conclude_end(struct gate *gate);

/* When both sides are the same, and nothing was measured. */
void conclude_unchanged(struct gate *gate);

#endif
