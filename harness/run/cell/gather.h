/* From the workers' slots to a sample. In the cell process, between rounds; nothing here is timed. */
#ifndef BENCH_RUN_CELL_GATHER_H
#define BENCH_RUN_CELL_GATHER_H

#include "run/crew/crew.h"

/* What the machine and this process had done before a round. */
struct before_round {
	uint64_t busy_ns, stolen_ns;
	uint64_t own_cpu_ns;
	uint64_t throttled;
	uint64_t *stolen_of_cpu_ns; /* CPUS_WORDS * 64 of them, owned */
};

/* Reads them; zeroed to begin with, can be read again. Release with free(stolen_of_cpu_ns). */
int before_round_read(struct before_round *before, const struct crew *crew);

/* Fills `sample` from the slots, whose accounts crew_close_accounts() has closed. sample->worker has
 * room for all workers. `weights`: cost of one item of each range of items, or NULL: all alike. */
void gather_sample(struct sample *sample, const struct crew *crew, const struct round *round,
		   const struct before_round *before, const double *weights);

/* The mean cost of one item, all but waiting: ns. */
double gather_item_ns(const struct sample *sample);

#endif
