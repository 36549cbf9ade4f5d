/* What fits a budget: how many items a round executes, and which cells are left out. Pure functions.
 *
 * An interval of level CONFIDENCE needs INVOCATIONS_LEAST invocations of a cell. So that as many cells as possible get
 * them, rounds are made smaller first, as long as they can be measured, then cells are left out: references in other
 * languages, numbers of workers between the least and the most, transports, calls, schedules and chunks but the first,
 * modes; the last listed first. */
#ifndef BENCH_RUN_SUPERVISE_FIT_H
#define BENCH_RUN_SUPERVISE_FIT_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INVOCATIONS_LEAST 6 /* that an interval of 95 % needs */
#define CHUNKS_LEAST 4      /* chunks that each worker should have of a round, so that the load can be balanced */

/* Items that cells have in common. */
struct fit_work {
	uint64_t items;  /* that there are */
	uint64_t unit;   /* a chunk for each worker: rounds have one to CHUNKS_LEAST of it, then multiples of these */
	uint64_t known;  /* a round that has not all of the items has at most so many; 0: it must have all */
	double item_ns;  /* of one item, in the baseline */
	double least_ns; /* what a round that has not all of the items takes there at least */
	uint64_t chosen; /* set: how many a round executes */
};

struct fit_cell {
	size_t work;     /* index of its fit_work */
	uint32_t rank;   /* of fit_rank() */
	double fixed_ns; /* of an invocation, besides its rounds */
	double item_ns;  /* time of a round by its items */
	double rounds;   /* that an invocation executes, the warm-up round among them */
	bool out;        /* set: it is left out */
};

struct fit {
	struct fit_work *works;
	size_t work_count;
	struct fit_cell *cells;
	size_t cell_count;
	double spare; /* share of the budget that rounds leave free which are larger than they must be */
};

/* In which order cells are left out: the greatest rank first, those of equal rank together; 0, baselines: never. Of the
 * numbers of workers those above `processors` go first, the most before the fewer, then the fewest. */
uint32_t fit_rank(const struct run *run, size_t cell, unsigned processors);

/* The fewest items of a round that has not all of them; all, if there can be no such round. */
uint64_t fit_least_items(const struct fit_work *work);

/* What an invocation of this cell takes with the items that were chosen. */
double fit_invocation_ns(const struct fit *fit, size_t cell);

/* Chooses. If not even a single mode fits, the rounds are as small as they may be, and it stays in. Returns whether all
 * that stays in fits. */
bool fit_choose(struct fit *fit, double budget_ns);

/* How long all cells take with intervals, and with CHUNKS_LEAST chunks for each worker or more. */
double fit_needed_ns(const struct fit *fit);

struct priced {
	uint64_t item;
	double cost; /* in any unit */
};

/* Of `count` items finds `wanted` ones that are spread over the costs by quantiles, and moves them to the front, in
 * ascending order of their numbers. */
void fit_spread(struct priced *items, size_t count, size_t wanted);

#endif
