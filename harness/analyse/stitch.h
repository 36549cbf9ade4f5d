/* Stitching: the undisturbed time of a piece of work that was executed several times, slice by slice.
 *
 * A burst of noise spoils one slice of one round, and another round has a clean one: so the least over the rounds, or a
 * low quantile, is taken for each slice, and these are summed. It is biased where one side scatters more than the
 * other, the more the lower the quantile is, or has more rounds: so it is called undisturbed time, and the mean is
 * compared beside it. Pure functions. */
#ifndef BENCH_ANALYSE_STITCH_H
#define BENCH_ANALYSE_STITCH_H

#include <stddef.h>

struct stitched {
	double undisturbed_ns; /* sum over the slices of the quantile over the rounds */
	double mean_ns;        /* sum over the slices of the mean over the rounds */
};

/* `times`: rounds x slices, that of slice s in round r at [r * slices + s]; `quantile`: 0 takes the least, 0.25 the
 * lower quartile, interpolated as values_quantile() does. At least one round. Returns 0 or -ENOMEM. */
int stitch(const double *times, size_t rounds, size_t slices, double quantile, struct stitched *stitched);

#endif
