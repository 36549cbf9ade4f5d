/* How items are cut into slices, and in which order the processes of a pair execute them. Pure functions, but for the
 * random numbers. */
#ifndef BENCH_GATE_PAIRS_TURNS_H
#define BENCH_GATE_PAIRS_TURNS_H

#include "model/gate.h"
#include "run/wire/ring.h"

/* Cuts items into slices of whole items that take about `slice_ns`, or of one item each where that takes longer.
 * `costs`: what an item of each range costs, ns (cost_shift() tells its range). `cuts` has room for items + 1, and gets
 * one more than there are slices. Returns the number of slices. */
uint32_t turns_cut(const double costs[COST_RANGES], uint64_t items, double slice_ns, uint64_t *cuts);

/* What the items of a slice cost by `costs`, ns. */
double turns_cost(const double costs[COST_RANGES], uint64_t items, uint64_t first, uint64_t end);

/* What a turn took by the clock that is judged, ns. CPU time leaves out sleep, which may be all by which a side is
 * slower: a turn that has slept counts by wall time. */
static inline double turns_ns(const struct ring_time *time, enum judged judged)
{
	return (double)(judged == JUDGED_CPU && !time->slept ? time->cpu_ns : time->wall_ns);
}

/* What seats do in a ring. */
struct turns {
	uint32_t seats, slices, rounds;
	bool mixed; /* who is next is drawn as from an urn, so that every other slice follows one of its own side */
	unsigned again_seat;   /* this seat executes some slices once more in each round, */
	const uint32_t *again; /* these, */
	uint32_t again_count;  /* so many; 0: none does */
};

/* How many turns that makes. */
size_t turns_count(const struct turns *turns);

/* How many rounds of so many slices a ring can have, if all seats execute all of them, and one each once more. */
uint32_t turns_rounds_most(uint32_t slices);

/* Draws the turns. In a round each seat executes each slice once, in the order of the items. Where it begins is drawn
 * for the ring, with an equal distance from one seat to the next, so that no two are at the same items at the same
 * time. Unless they are mixed, all execute one slice before any executes its next one, in an order that is drawn each
 * time. */
void turns_draw(const struct turns *turns, uint64_t *random, struct ring_turn *drawn);

/* Draws slices, each at most once, until they cost `share` of all together or the next would exceed that. `again` has
 * room for all. Returns their number. */
uint32_t turns_draw_again(const double costs[COST_RANGES], const uint64_t *cuts, uint32_t slices, double share,
			  uint64_t *random, uint32_t *again);

#endif
