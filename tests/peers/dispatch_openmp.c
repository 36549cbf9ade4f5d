/* Measures what an empty iteration of OpenMP's schedule(dynamic,1) costs. Prints nanoseconds of wall time per
 * iteration, a line for each round. Arguments: iterations, threads, rounds. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static int nothing(long i)
{
	(void)i;
	return 0;
}

static int (*volatile item)(long) = nothing; /* as in a harness, the compiler does not see the work */

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 1000000, rounds = argc > 3 ? atol(argv[3]) : 10;

	omp_set_num_threads(argc > 2 ? atoi(argv[2]) : 2);
	for (long round = 0; round <= rounds; round++) { /* the first one warms up */
		double from = omp_get_wtime();

#pragma omp parallel for schedule(dynamic, 1)
		for (long i = 0; i < n; i++)
			item(i);
		if (round > 0)
			printf("%.3f\n", (omp_get_wtime() - from) * 1e9 / (double)n);
	}
	return 0;
}
