/* Measures the search for change points: a series of a thousand runs must take less than a second. */
#include "analyse/change_points.h"
#include "base/clock.h"
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>

#define RUNS 1000

/* Makes uniform noise of 1 %, with a step of 4 % after every `every` runs, up and down in turn. */
static void make(double *values, size_t every)
{
	uint64_t random = 1;

	for (size_t i = 0; i < RUNS; i++)
		values[i] = 100 + (double)random_below(&random, 1000) / 1000 + (i / every % 2 ? 4 : 0);
}

int main(void)
{
	const size_t every[] = { RUNS, 500, 100, 20 };
	const struct change_search search = CHANGE_SEARCH_PRESET;
	double values[RUNS];
	int status = 0;

	for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
		uint64_t from_ns = clock_ns(), took_ns;
		struct change_point *changes;
		size_t found;

		make(values, every[i]);
		if (change_points_find(&changes, &found, values, RUNS, &search))
			return 1;
		took_ns = clock_ns() - from_ns;
		free(changes);
		printf("search %d runs with %2zu changes %21.1f ms, %zu found\n", RUNS, RUNS / every[i] - 1,
		       (double)took_ns / 1e6, found);
		status |= took_ns > 1000000000;
	}
	return status;
}
