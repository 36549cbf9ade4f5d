/* The parts of the supervisor; only the files of this folder include this header.
 *
 * supervisor.c decides what runs when; generation.c lets cells take turns; invoke.c runs an invocation and keeps its
 * results; answers.c compares the answers of the cells with each other; agenda.c knows how much a cell still needs.
 * Before the run facts.c asks a workload what there is, and fitting.c finds out what fits the budget (fitting.h).
 * Functions return 0 or -errno unless stated otherwise.
 */
#ifndef BENCH_RUN_SUPERVISE_INTERNAL_H
#define BENCH_RUN_SUPERVISE_INTERNAL_H

#include "run/supervise/fit.h"
#include "run/supervise/invocation.h"
#include "run/supervise/supervisor.h"

#include <signal.h>

/* What the supervisor knows of a cell besides what it has measured. */
struct cell_state {
	uint32_t rounds;      /* number of counted rounds in its next invocation */
	uint64_t took_ns;     /* how long its last invocation took, without the time in which it rested */
	uint64_t least_ns;    /* how long it had taken with one round */
	uint64_t expected_ns; /* how long its next invocation will probably take */
	bool over;            /* it needs no more invocations */
	bool waits;           /* as long as others need the time for an interval */
	bool alone;           /* it takes no turns with others */
	uint32_t rank;        /* of fit_rank() */
	bool has_digest;
	uint64_t digest;
	struct cpus *bind;                    /* one set for each worker */
	double effects_ns[INVOCATIONS_LEAST]; /* cost of the stamps per item, as each invocation found it */
	size_t effect_count;
};

struct supervision {
	struct supervisor *s;
	struct run *run;
	struct cell_launcher launcher;
	sigset_t mask;                /* before signals were caught */
	struct cell_state *states;    /* one for each cell */
	double (*costs)[COST_RANGES]; /* for each cell, the cost of an item in each range; filled in for baselines */
	bool *has_costs;
	uint64_t random;
	uint64_t started_ns;
	uint64_t saved_ns, save_took_ns;
	size_t samples, workers; /* how many were kept */
	uint64_t generations;    /* how many there were */
	int signal;
};

/* The index of cell `i`'s baseline; SIZE_MAX: this run has none. */
size_t supervision_baseline_of(const struct supervision *e, size_t i);

/* Fills in the specification of an invocation of cell `i`, one round, with this scratch folder. */
void supervision_specify(const struct supervision *e, size_t i, const char *scratch, struct spec *spec);

/* What an item of each range costs in the baseline of cell `i`; NULL: not known. */
const double *supervision_weights(const struct supervision *e, size_t i);

/* Runs one invocation of cell `i`; keeps the digests of `digest_count` items from `digest_first` one by one. */
void supervision_invoke(struct supervision *e, size_t i, uint32_t rounds, uint64_t digest_first, uint32_t digest_count,
			struct invocation_result *result);

/* Keeps the costs that an invocation of a baseline has found, if it has. */
void supervision_keep_costs(struct supervision *e, size_t i, const struct invocation_result *result);

/* Moves what an invocation has measured into the run, which then owns it. `generation`: as in struct invocation. */
int supervision_keep(struct supervision *e, size_t i, uint64_t generation, struct invocation_result *result);

/* Shows how far the run is, before cell `i` is measured. */
void supervision_show(struct supervision *e, size_t i);

/* Takes the result of an invocation into its cell: supervision_check_answers(), supervision_keep(), status and failure.
 * Whatever it has measured is kept, also if it was cut short. -EINTR: a signal came. */
int supervision_settle(struct supervision *e, size_t i, uint64_t generation, struct invocation_result *result);

/* Measures cell `i` by an invocation that takes no turns. Returns 1 or -errno. */
int supervision_alone(struct supervision *e, size_t i);

/* Brings those cells of order[] that may take turns with the first one to the front; each part keeps its order. Returns
 * how many these are; 0: the first one is to be measured alone. */
size_t supervision_gather(const struct supervision *e, size_t *order, size_t count);

/* Measures these cells together in one generation, and their baseline with them, as far as they fit until then
 * (CLOCK_MONOTONIC, 0: no limit). Of *count cells it may leave the last ones to another generation, and sets *count.
 * Returns how many invocations were begun, or -errno. */
int supervision_generation(struct supervision *e, const size_t *cells, size_t *count, uint64_t until_ns);

/* Compares the answers with those of the other cells of the workload. If they differ, this becomes the result's
 * failure, with the first item that differs. */
void supervision_check_answers(struct supervision *e, size_t i, struct invocation_result *result);

/* How long the next invocation of cell `i` will probably take: as the last one did, else as was found out before the
 * run, else as those did that are alike; 0: it cannot be guessed. */
uint64_t supervision_expected_ns(const struct supervision *e, size_t i);

/* Called after an invocation that went well: chooses how many rounds the next one has and guesses how long it will
 * take. */
void supervision_expect(struct supervision *e, size_t i, const struct invocation_result *result);

/* Called after each block: if the invocations that the cells still need for an interval do not fit into what is left of
 * the budget, these have one round each; then those of the greatest rank wait; and those that have an interval wait as
 * long as it helps the others to one. */
void supervision_keep_up(struct supervision *e);

/* supervision_is_over(): whether cell `i` needs no more invocations, or waits; supervision_fits(): whether one more
 * fits into the budget. */
bool supervision_is_over(struct supervision *e, size_t i);
bool supervision_fits(const struct supervision *e, size_t i);

/* Whether the run's file has room for so many samples more; without a budget, or with --invocations, it always has. */
bool supervision_has_room(const struct supervision *e, size_t samples);

/* Whether the cell is to get the invocations that an interval needs, and has not got them yet. */
bool supervision_lacks_invocations(const struct supervision *e, size_t i);

/* Whether the budget has room for this besides all that cells need for an interval. */
bool supervision_can_spare(const struct supervision *e, uint64_t ns);

#endif
