/* The sentence that a gate ends with. */
#ifndef BENCH_GATE_SENTENCE_H
#define BENCH_GATE_SENTENCE_H

#include "model/gate.h"

/* Sets gate->conclusion from the verdicts: one sentence that begins with the verdict in all; with "failed" if a side
 * failed in some cell, for then the program ends with the status of that. `broken` says why a control did not hold, so
 * that no verdict is believed; NULL: the controls hold. */
void sentence_write(struct gate *gate, const char *broken);

#endif
