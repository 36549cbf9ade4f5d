#include "gate/pairs/steady.h"

#include "analyse/statistics.h"
#include "gate/pairs/turns.h"

#include <math.h>
#include <stdlib.h>

#define AROUND 13 /* turns on each side, some ms: together at least 8 of each seat */

/* The place of a turn's seat and slice among all of them. */
static size_t kind_of(const struct ring *ring, uint32_t t)
{
	const struct ring_turn *turn = &ring->turns[t];

	return (size_t)turn->seat * ring->layout.slices + turn->slice;
}

/* Sets the median of each kind. `room` holds as many values as there are turns; `begins` is zeroed, with one more than
 * there are kinds. */
static void find_medians(const struct ring *ring, const double *log_ns, double *medians, size_t kinds, double *room,
			 uint32_t *begins)
{
	for (uint32_t t = 0; t < ring->layout.turns; t++)
		begins[kind_of(ring, t)]++;
	for (size_t k = 1; k <= kinds; k++)
		begins[k] += begins[k - 1];
	for (uint32_t t = 0; t < ring->layout.turns; t++)
		room[--begins[kind_of(ring, t)]] = log_ns[t]; /* it was where the next kind begins */
	for (size_t k = 0; k < kinds; k++) {
		uint32_t count = begins[k + 1] - begins[k];

		values_sort(&room[begins[k]], count);
		medians[k] = values_median(&room[begins[k]], count);
	}
}

/* The median distance from their medians of a seat's turns around `t`; INFINITY: it has none there. */
static double excess_at(const struct ring *ring, const double *log_ns, const double *medians, uint32_t t, unsigned seat)
{
	uint32_t first = t > AROUND ? t - AROUND : 0, last = t + AROUND;
	double values[2 * AROUND + 1];
	size_t count = 0;

	for (uint32_t i = first; i <= last && i < ring->layout.turns; i++)
		if (ring->turns[i].seat == seat)
			values[count++] = log_ns[i] - medians[kind_of(ring, i)];
	values_sort(values, count);
	return count ? values_median(values, count) : INFINITY;
}

/* What the turns around `t` have in common: what even the seat has that is slowed down least. If one is slow for a
 * while by itself, the others' times tell that. */
static double noise_at(const struct ring *ring, const double *log_ns, const double *medians, uint32_t t)
{
	double least = INFINITY;

	for (unsigned seat = 0; seat < ring->layout.seats; seat++)
		least = fmin(least, excess_at(ring, log_ns, medians, t, seat));
	return least;
}

/* Sets the times without the noise, which is what lies above its own median: the least of several medians is mostly
 * below 0, and what is usual shall stay as long as it was. `noise`, `sorted`: room for a value a turn each. */
static void take_out(const struct ring *ring, const double *log_ns, const double *medians, double *noise,
		     double *sorted, double *times)
{
	uint32_t turns = ring->layout.turns;
	double usual;

	for (uint32_t t = 0; t < turns; t++)
		sorted[t] = noise[t] = noise_at(ring, log_ns, medians, t);
	values_sort(sorted, turns);
	usual = values_median(sorted, turns);
	for (uint32_t t = 0; t < turns; t++)
		times[t] = exp(log_ns[t] - noise[t] + usual);
}

double *steady_times(const struct ring *ring, enum judged judged)
{
	uint32_t turns = ring->layout.turns;
	size_t kinds = (size_t)ring->layout.seats * ring->layout.slices;
	double *times = calloc(turns + (size_t)1, sizeof(*times));
	double *log_ns = calloc((size_t)3 * turns + kinds, sizeof(*log_ns));
	double *noise = log_ns + turns, *sorted = noise + turns, *medians = sorted + turns;
	uint32_t *begins = calloc(kinds + 1, sizeof(*begins));

	for (uint32_t t = 0; log_ns && t < turns; t++)
		log_ns[t] = log(turns_ns(&ring_times(ring)[t], judged) + 1); /* of 0 there is none */
	if (times && log_ns && begins) {
		find_medians(ring, log_ns, medians, kinds, times, begins);
		take_out(ring, log_ns, medians, noise, sorted, times);
	} else {
		free(times);
		times = NULL;
	}
	free(log_ns);
	free(begins);
	return times;
}
