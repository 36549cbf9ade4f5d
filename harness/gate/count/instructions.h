/* Judging by instructions instead of time: counted in one process of each side, the same in each run to about
 * seven digits, so that no noise can make a difference. Called by the main process.
 *
 * Counted is what a worker does in one round after a warm-up, from when it first asks for work to its last result;
 * not what the parent does meanwhile, which waits in loops. So that the work is the same each time, those rounds
 * carry no stamps (run/worker/marks.h), addresses are not randomised, and the environment must not be padded.
 * Instructions are not time: cache misses, waiting and what the kernel does for a system call do not show. */
#ifndef BENCH_GATE_COUNT_INSTRUCTIONS_H
#define BENCH_GATE_COUNT_INSTRUCTIONS_H

#include "gate/count/callgrind.h"
#include "model/cell.h"

struct counting {
	const char *folder;    /* an empty one, absolute, for callgrind's files */
	char *const *words[2]; /* what runs A and B, NULL-terminated: the program of their cells, or their command */
	enum counted counted;  /* of a cell what is marked, of a command all */
	double tolerance;      /* a ratio less 1 */

	/* Runs `words`, which are those of side 0 or 1 behind valgrind's own, to their end. Of a cell: one counted
	 * round, its struct spec with `instructions` set, with all time-outs fifty times as long. Returns 0, or -errno,
	 * which ends the counting. */
	int (*run)(void *context, int side, char *const *words);
	void *context;
};

struct counts {
	uint64_t instructions[2]; /* of A and B */
	bool risen;               /* B's by more than the tolerance, also when counted again */
	bool addresses_vary;      /* a sandbox keeps them random (personality): counts may differ by hundreds */
	char reason[256];         /* after an error: what valgrind or the counts have to say, "": nothing */
};

/* Why a cell cannot be judged by instructions; NULL: it can. */
const char *instructions_excluded(const struct cell *cell);

/* How many of a cell's items to count, when a round of all of them takes so long outside of valgrind: a power of
 * two that takes 20 ms or less, but at least 1, or all of them. Before the first counted round, run one of so many
 * items outside of valgrind: input that is made inside takes minutes. */
uint64_t instructions_items(uint64_t items, double round_ns);

/* Counts A, then B, and where B has more than tolerated both once more. Returns 0; -ENODATA, with the reason: it
 * cannot tell, since a side was built before there were marks, or the counts are not repeatable; or what run()
 * returned. */
int instructions_compare(const struct counting *counting, struct counts *counts);

#endif
