/* The footprint of the other side: by how much a slice is slower after one of the other side than after one of its
 * own. Changing between processes costs that on both sides; what differs is what one side leaves in caches for the
 * other, and that would count for the wrong one. Pure functions. */
#ifndef BENCH_GATE_PAIRS_FOOTPRINT_H
#define BENCH_GATE_PAIRS_FOOTPRINT_H

#include "model/gate.h"
#include "run/wire/ring.h"

/* Zeroed to begin with; footprint_release() frees what it owns. */
struct footprint {
	double ratio;      /* of the side where it is larger: time after the other side to time after the own, less 1 */
	double low, high;  /* interval of the difference of that between the sides, without its sign */
	double *distances; /* of each slice that was compared: ln(ratio of A / ratio of B); owned */
	size_t count;
};

/* Adds what a ring with two seats shows, whose turns were mixed (struct turns), by the clock `judged`. A has the seat
 * `seat_of_a`. Returns 0 or -ENOMEM. */
int footprint_add(struct footprint *footprint, const struct ring *ring, enum judged judged, unsigned seat_of_a);
void footprint_release(struct footprint *footprint);

#endif
