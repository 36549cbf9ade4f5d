/* Makes a sample from the workers' slots. Called in the cell process between rounds, untimed. */
#ifndef BENCH_RUN_CELL_GATHER_H
#define BENCH_RUN_CELL_GATHER_H

#include "run/crew/crew.h"

/* What the clocks of the machine and of this process said before a round. */
struct before_round {
	uint64_t busy_ns, stolen_ns;
	uint64_t own_cpu_ns;
	uint64_t throttled;
	uint64_t *stolen_of_cpu_ns; /* stolen time of each of CPUS_WORDS * 64 processors, owned */
};

/* Reads them into a struct that is zeroed, or was read into before. Returns 0 or -errno. Release with
 * free(stolen_of_cpu_ns). */
int before_round_read(struct before_round *before, const struct crew *crew);

/* Fills `sample` from the slots; crew_close_accounts() must have closed their accounts, and sample->worker must have
 * room for all workers. `weights`: cost of an item in each range of items; NULL: all items cost the same. */
void gather_sample(struct sample *sample, const struct crew *crew, const struct round *round,
		   const struct before_round *before, const double *weights);

/* The mean time of one item without waiting, ns. */
double gather_item_ns(const struct sample *sample);

#endif
