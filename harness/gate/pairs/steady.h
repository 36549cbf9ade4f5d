/* Noise that all sides of a ring had in common is taken out of the times of its turns: for a while the machine is
 * slower, or its clock is, and turns that lie close together meet that alike. Pure functions. */
#ifndef BENCH_GATE_PAIRS_STEADY_H
#define BENCH_GATE_PAIRS_STEADY_H

#include "model/gate.h"
#include "run/wire/ring.h"

/* What each turn of a ring that is over took, ns, by the clock that is judged, without that noise: a turn is compared
 * with the median over the rounds of its seat and slice; of that each seat has a median over the turns around, and the
 * least of these is what all had in common. All sides are treated alike, and keep what they differ by. Owned by the
 * caller; NULL without memory. */
double *steady_times(const struct ring *ring, enum judged judged);

#endif
