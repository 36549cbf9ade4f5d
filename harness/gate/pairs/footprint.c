#include "gate/pairs/footprint.h"

#include "analyse/statistics.h"
#include "gate/pairs/turns.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { AFTER_OTHER, AFTER_OWN, AFTER_COUNT };

/* The times of one slice of one side, and their medians. */
struct slice_times {
	uint32_t count[AFTER_COUNT];
	double *ns[AFTER_COUNT], median_ns[AFTER_COUNT];
};

static void collect(const struct ring *ring, enum judged judged, unsigned seat_of_a, struct slice_times *slices)
{
	const struct ring_turn *turns = ring->turns;

	for (uint32_t t = 1; t < ring->layout.turns; t++) {
		struct slice_times *slice = &slices[turns[t].slice * 2 + (turns[t].seat != seat_of_a)];
		unsigned after = turns[t - 1].seat == turns[t].seat ? AFTER_OWN : AFTER_OTHER;

		slice->ns[after][slice->count[after]++] = turns_ns(&ring_times(ring)[t], judged);
	}
}

/* Returns whether there are times of both kinds. */
static bool find_medians(struct slice_times *slice)
{
	for (unsigned after = 0; after < AFTER_COUNT; after++) {
		values_sort(slice->ns[after], slice->count[after]);
		slice->median_ns[after] = values_median(slice->ns[after], slice->count[after]);
	}
	return slice->count[AFTER_OTHER] && slice->count[AFTER_OWN];
}

static void compare(struct footprint *f, struct slice_times *slices, uint32_t count)
{
	double sum_ns[2][AFTER_COUNT] = { 0 };

	for (uint32_t s = 0; s < count; s++) {
		struct slice_times *both = &slices[s * 2];

		if (!find_medians(&both[0]) || !find_medians(&both[1]))
			continue;
		for (unsigned i = 0; i < 2 * AFTER_COUNT; i++)
			sum_ns[i / AFTER_COUNT][i % AFTER_COUNT] += both[i / AFTER_COUNT].median_ns[i % AFTER_COUNT];
		f->distances[f->count++] = log(both[0].median_ns[AFTER_OTHER] / both[0].median_ns[AFTER_OWN]) -
					   log(both[1].median_ns[AFTER_OTHER] / both[1].median_ns[AFTER_OWN]);
	}
	f->ratio = fmax(sum_ns[0][AFTER_OTHER] / sum_ns[0][AFTER_OWN],
			sum_ns[1][AFTER_OTHER] / sum_ns[1][AFTER_OWN]) - 1;
}

/* The least and the most that the difference may be, whichever side is the slower one. */
static void bound(struct footprint *f)
{
	struct interval interval;

	values_sort(f->distances, f->count);
	interval = values_interval(f->distances, f->count);
	f->low = fmax(0, fmax(interval.low, -interval.high));
	f->high = fmax(fabs(interval.low), fabs(interval.high));
}

int footprint_add(struct footprint *f, const struct ring *ring, enum judged judged, unsigned seat_of_a)
{
	size_t both = (size_t)ring->layout.slices * 2, rounds = ring->layout.rounds;
	double *more = realloc(f->distances, (f->count + ring->layout.slices) * sizeof(*more));
	double *ns = calloc(both * AFTER_COUNT * rounds, sizeof(*ns));
	struct slice_times *slices = calloc(both, sizeof(*slices));

	f->distances = more ? more : f->distances;
	if (more && ns && slices) {
		for (size_t i = 0; i < both * AFTER_COUNT; i++)
			slices[i / AFTER_COUNT].ns[i % AFTER_COUNT] = &ns[i * rounds];
		collect(ring, judged, seat_of_a, slices);
		compare(f, slices, ring->layout.slices);
		bound(f);
	}
	free(slices);
	free(ns);
	return more && ns && slices ? 0 : -ENOMEM;
}

void footprint_release(struct footprint *f)
{
	free(f->distances);
	*f = (struct footprint){ 0 };
}
