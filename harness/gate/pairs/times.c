#include "gate/pairs/times.h"

#include "analyse/statistics.h"
#include "analyse/stitch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int pair_time_take(struct pair_time *time, const double *times, size_t rounds, size_t slices, double quantile)
{
	struct stitched stitched;
	int err = stitch(times, rounds, slices, quantile, &stitched);

	if (err)
		return err;
	time->undisturbed_ns = stitched.undisturbed_ns;
	time->mean_ns = stitched.mean_ns;
	time->round_ns = calloc(rounds, sizeof(*time->round_ns));
	if (!time->round_ns)
		return -ENOMEM;
	for (size_t i = 0; i < rounds * slices; i++)
		time->round_ns[i / slices] += times[i];
	return 0;
}

static size_t rounds_of(const struct gate_cell *cell)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->pair_count; i++)
		count += cell->pairs[i].rounds;
	return count;
}

/* Adds the rounds of a pair's side to `values`, each divided by their median. Returns how many there are. */
static size_t add_rounds(double *values, const struct gate_pair *pair, enum gate_side side)
{
	double median;

	if (!pair->times[side].round_ns)
		return 0;
	memcpy(values, pair->times[side].round_ns, pair->rounds * sizeof(*values));
	values_sort(values, pair->rounds);
	median = values_median(values, pair->rounds);
	for (uint32_t i = 0; i < pair->rounds; i++)
		values[i] /= median;
	return pair->rounds;
}

double pair_slowest_tenth(const struct gate_cell *cell, enum gate_side side)
{
	double *values = calloc(rounds_of(cell) + 1, sizeof(*values)), sum = 0;
	size_t count = 0;

	for (size_t i = 0; values && i < cell->pair_count; i++)
		count += add_rounds(values + count, &cell->pairs[i], side);
	values_sort(values, count);
	for (size_t i = 0; i < count / 10; i++)
		sum += values[count - 1 - i] - 1;
	free(values);
	return count < 10 ? NAN : sum / (double)(count / 10);
}
