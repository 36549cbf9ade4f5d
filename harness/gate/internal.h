/* How a campaign is made: campaign.c opens it and chooses the method, campaign_METHOD.c measures by one. */
#ifndef BENCH_GATE_INTERNAL_H
#define BENCH_GATE_INTERNAL_H

#include "analyse/verdict.h"
#include "gate/campaign.h"
#include "gate/pairs/pairing.h"

#include <signal.h>

#define ROUNDS_LEAST 5 /* of a trial, unless --rounds says how many */

struct campaign_cell {
	struct trial_plan plan;
	/* By blocks: */
	bool alone;        /* its workers have processors to themselves */
	bool warm;         /* the number of its rounds is known */
	uint64_t block_ns; /* how long its last block took */
	/* By pairs: */
	const struct pairing *pairing; /* NULL: it is judged by blocks */
	struct pair_plan pairs;
	bool opened;
	uint64_t open_ns; /* how long that took */
	uint64_t pair_ns; /* how long its last pair took, or the first one should take; 0: not known */
};

struct campaign_state {
	struct campaign *campaign;
	struct gate *gate;
	struct campaign_cell *cells;              /* in the order of the gate's cells */
	bool steal_excluded;                      /* of CPU time: steal_is_excluded() */
	bool take_turns;                          /* the builds of both sides can, or they are commands */
	size_t control;                           /* index of the cell in whose measurements the control takes part */
	size_t looks[LOOKS_MOST], look_count;     /* after how many pairs to look */
	uint64_t began_ns, deadline_ns, saved_ns; /* CLOCK_MONOTONIC */
	sigset_t mask;                            /* before signals were caught */
};

/* The methods: fill gate->cells and the controls until all is decided or the time is over. Return 0, also if cells
 * failed, or an error that ends the campaign. */
int campaign_by_pairs(struct campaign_state *c);
int campaign_by_blocks(struct campaign_state *c);
int campaign_by_counts(struct campaign_state *c);

/* Counts the instructions of cells that pairs have found slower or have not decided, where valgrind is there: a remark,
 * which takes no longer than the pairs of the cell did, or 5 s, and ends with the budget. Returns 0 or -errno, which
 * ends the campaign. */
int campaign_count_beside(struct campaign_state *c);

/* Shows how far the campaign is and, once a second or if this is the `last` time, saves the gate. */
int campaign_tell(struct campaign_state *c, const char *what, bool last);

/* Sets what a failure, or the end of the time, means for the cell, and returns 0. Returns other errors, which end the
 * campaign. */
int campaign_settle(struct gate_cell *cell, int err);

/* Whether the rest of a cell's pairs until its first look would take more than half of the time that is left, so that
 * other cells go first. */
bool campaign_takes_long(const struct campaign_state *c, size_t i);

/* Keeps the control in a cell that is judged, and before the others, since without a control the whole gate is not
 * believed: where its cell failed, has no time for a look, or takes long, it moves on to one that has no pairs yet. */
void campaign_choose_control(struct campaign_state *c);

/* Whether more pairs may decide the cell. */
static inline bool is_open(const struct gate_cell *cell)
{
	return !cell->failed && cell->verdict == VERDICT_CANNOT_TELL;
}

/* Sets the reasons of the cells that pairs have not decided: how far it came, and what would decide them. */
void campaign_advise(struct campaign_state *c);

#endif
