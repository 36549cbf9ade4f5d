/* Judges by instructions instead of time. They are counted in one process of each side and are the same in each run to
 * about seven digits, so that noise makes no difference. Called by the main process.
 *
 * What is counted is what a worker does in one round after a warm-up, from the moment when it first asks for work to
 * its last result; not what the parent does meanwhile, which waits in loops. So that the work is the same each time,
 * these rounds carry no stamps (run/worker/marks.h), addresses are not randomised, and the environment must not be
 * padded. Instructions are not time: they do not show cache misses, waiting, or what the kernel does for a system
 * call. */
#ifndef BENCH_GATE_COUNT_INSTRUCTIONS_H
#define BENCH_GATE_COUNT_INSTRUCTIONS_H

#include "gate/count/callgrind.h"
#include "model/cell.h"

struct counting {
	const char *folder;    /* an empty folder for callgrind's files; an absolute path */
	char *const *words[2]; /* what runs A and B, NULL-terminated: the program of their cells, or their command */
	enum counted counted;  /* COUNTED_MARKED for a cell, COUNTED_ALL for a command */
	double tolerance;      /* a ratio less 1 */

	/* Runs `words` to their end: valgrind's words, then those of side 0 (A) or 1 (B). For a cell it runs one
	 * counted round, with `instructions` set in its struct spec and all time-outs fifty times as long. Returns 0,
	 * or -errno, which ends the counting. */
	int (*run)(void *context, int side, char *const *words);
	void *context;
};

struct counts {
	uint64_t instructions[2]; /* of A and B */
	bool risen;               /* B has more than A, by more than the tolerance, also when both are counted again */
	bool addresses_vary;      /* a sandbox forbids to fix them (personality): counts may differ by hundreds */
	char reason[256];         /* after an error: what valgrind says or what is wrong with the counts; "": nothing */
};

/* Returns why a cell cannot be judged by instructions; NULL: it can. */
const char *instructions_excluded(const struct cell *cell);

/* Returns how many of a cell's items to count if a round of all of them takes `round_ns` outside of valgrind: all of
 * them, or a power of two, at least 1, that takes 20 ms or less. Before the first counted round run one of as many
 * items outside of valgrind, so that input is not made inside, which would take minutes. */
uint64_t instructions_items(uint64_t items, double round_ns);

/* Counts A, then B; if B has more than the tolerance allows, it counts both once more. Returns 0; -ENODATA, with the
 * reason: counts cannot tell, since a side was built before there were marks, or its counts are not repeatable; or
 * what run() returned. */
int instructions_compare(const struct counting *counting, struct counts *counts);

#endif
