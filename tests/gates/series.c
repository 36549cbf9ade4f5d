#include "gates/series.h"

#include "gates/noise.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *const noise_words[NOISE_COUNT] = {
	[NOISE_QUIET] = "quiet",
	[NOISE_NORMAL] = "normal",
	[NOISE_SPIKY] = "spiky",
	[NOISE_DRIFTING] = "drifting",
	[NOISE_BIMODAL] = "bimodal",
};

/* ---- Recorded ---- */

static int append(struct series *series, double ns)
{
	double *more = series->x;

	if ((series->count & (series->count - 1)) == 0) /* full at each power of two */
		more = realloc(series->x, (series->count ? 2 * series->count : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	series->x = more;
	series->x[series->count++] = log(ns);
	return 0;
}

static int take_line(struct series *series, const char *line, enum measure measure)
{
	double wall_ns, cpu_ns;

	if (line[0] == '#')
		return 0;
	if (sscanf(line, "%lf %lf", &wall_ns, &cpu_ns) != 2 || wall_ns <= 0 || cpu_ns <= 0)
		return -EINVAL;
	return append(series, measure == MEASURE_WALL ? wall_ns : cpu_ns);
}

int series_read(struct series *series, const char *name, enum measure measure)
{
	const char *root = getenv("BENCH_ROOT");
	char path[4096], line[256];
	FILE *file;
	int err = 0;

	*series = (struct series){ 0 };
	snprintf(path, sizeof(path), "%s/tests/data/%s", root ? root : ".", name);
	file = fopen(path, "r");
	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file))
		err = take_line(series, line, measure);
	fclose(file);
	if (err)
		series_release(series);
	return err;
}

/* ---- Simulated ---- */

int series_simulate(struct series *series, enum noise noise, size_t count, uint64_t seed)
{
	const double kept = 0.98; /* share of the drift that stays from run to run */
	double drift = 0.03 * noise_normal(&seed);

	*series = (struct series){ malloc((count + 1) * sizeof(double)), count };
	if (!series->x)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		double *x = &series->x[i];

		drift = kept * drift + 0.03 * sqrt(1 - kept * kept) * noise_normal(&seed);
		if (noise == NOISE_QUIET)
			*x = 0.005 * noise_normal(&seed);
		else if (noise == NOISE_NORMAL)
			*x = 0.01 * noise_normal(&seed);
		else if (noise == NOISE_SPIKY)
			*x = 0.005 * noise_normal(&seed) + noise_spike(0.1, &seed);
		else if (noise == NOISE_DRIFTING)
			*x = 0.003 * noise_normal(&seed) + drift;
		else
			*x = 0.005 * noise_normal(&seed) + (noise_uniform(&seed) < 0.5 ? 0.05 : 0);
	}
	return 0;
}

void series_release(struct series *series)
{
	free(series->x);
	*series = (struct series){ 0 };
}
