/* The sentence that a gate ends with. */
#ifndef BENCH_GATE_CONCLUDE_H
#define BENCH_GATE_CONCLUDE_H

#include "model/gate.h"

/* Sets gate->conclusion from the verdicts: one sentence that begins with the verdict in all. */
void conclude(struct gate *gate);

#endif
