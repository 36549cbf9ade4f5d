/* Concludes a gate from the verdicts of its cells: sets the verdict on the whole gate, the noise floor, the doubts and
 * the sentence of conclusion. Reads no clock and starts no process. Called by the main process. */
#ifndef BENCH_GATE_CONCLUDE_H
#define BENCH_GATE_CONCLUDE_H

#include "model/gate.h"

/* Concludes from what is known so far: cells that are not measured yet are `cannot tell`. */
void conclude_so_far(struct gate *gate);

/* Concludes after everything is measured. If a control failed, all cells lose their verdicts. */
void conclude_end(struct gate *gate);

/* Concludes a gate whose sides are the same, so that nothing was measured. */
void conclude_unchanged(struct gate *gate);

#endif
