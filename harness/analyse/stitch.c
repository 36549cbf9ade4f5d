#include "analyse/stitch.h"

#include "analyse/statistics.h"

#include <errno.h>
#include <stdlib.h>

int stitch(const double *times, size_t rounds, size_t slices, double quantile, struct stitched *stitched)
{
	double *slice = calloc(rounds + 1, sizeof(*slice));

	*stitched = (struct stitched){ 0, 0 };
	if (!slice)
		return -ENOMEM;
	for (size_t s = 0; s < slices; s++) {
		for (size_t r = 0; r < rounds; r++) {
			slice[r] = times[r * slices + s];
			stitched->mean_ns += slice[r] / (double)rounds;
		}
		values_sort(slice, rounds);
		stitched->undisturbed_ns += values_quantile(slice, rounds, quantile);
	}
	free(slice);
	return 0;
}
