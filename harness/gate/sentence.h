/* The sentence that a gate ends with. */
#ifndef BENCH_GATE_SENTENCE_H
#define BENCH_GATE_SENTENCE_H

#include "model/gate.h"

/* Sets gate->conclusion from the verdicts: one sentence that begins with the verdict in all. */
void sentence_write(struct gate *gate);

#endif
