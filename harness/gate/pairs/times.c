#include "gate/pairs/times.h"

#include "analyse/stitch.h"

#include <errno.h>
#include <stdlib.h>

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
