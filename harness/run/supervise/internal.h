/* The parts of the supervisor; only the files of this folder include this header.
 *
 * supervisor.c decides what runs when; invoke.c runs one invocation and keeps what it told; answers.c
 * compares the answers of the cells with each other; agenda.c knows how much a cell still needs. Functions
 * return 0 or -errno unless they say otherwise. */
#ifndef BENCH_RUN_SUPERVISE_INTERNAL_H
#define BENCH_RUN_SUPERVISE_INTERNAL_H

#include "run/supervise/invocation.h"
#include "run/supervise/supervisor.h"

#define INVOCATIONS_LEAST 6 /* before an interval of 95 % is possible */

/* What the supervisor knows of a cell besides what it has measured. */
struct cell_state {
	uint32_t rounds;      /* counted ones in its next invocation */
	uint64_t took_ns;     /* by its last invocation */
	uint64_t expected_ns; /* of its next one */
	bool over;            /* needs no more */
	bool has_digest;
	uint64_t digest;
	struct cpus *bind;                    /* one a worker */
	double effects_ns[INVOCATIONS_LEAST]; /* cost of the stamps, an item */
	size_t effect_count;
};

struct supervision {
	struct supervisor *s;
	struct run *run;
	struct launcher launcher;
	struct cell_state *states;    /* one a cell */
	double (*costs)[COST_RANGES]; /* of each cell that is a baseline */
	bool *has_costs;
	uint64_t random;
	uint64_t started_ns;
	uint64_t saved_ns, save_took_ns;
	size_t samples, workers; /* kept */
	int signal;
};

/* The baseline of cell `i`, SIZE_MAX: none in this run. */
size_t supervision_baseline_of(const struct supervision *e, size_t i);

/* Runs one invocation of cell `i`; `digest_count`: keep the digests of that many items from the first. */
int supervision_invoke(struct supervision *e, size_t i, uint32_t rounds, uint64_t digest_first, uint32_t digest_count,
		       struct invocation_result *result);

/* Makes the run the owner of what an invocation has told. */
int supervision_keep(struct supervision *e, size_t i, struct invocation_result *result);

/* Compares the answers with those of the other cells of the workload; makes a difference the result's
 * failure, with the first item that differs. */
void supervision_check_answers(struct supervision *e, size_t i, struct invocation_result *result);

/* How long the next invocation of cell `i` will take, as far as can be told: 0: not at all. */
uint64_t supervision_expected_ns(const struct supervision *e, size_t i);

/* After an invocation that went well: how many rounds the next one has, how long it will take. */
void supervision_expect(struct supervision *e, size_t i, const struct invocation_result *result);

/* After the first block: one round an invocation, unless the budget holds enough invocations with more. */
void supervision_fit_rounds(struct supervision *e);

/* Whether cell `i` needs no more invocations; whether one more fits into the budget. */
bool supervision_is_over(struct supervision *e, size_t i);
bool supervision_fits(const struct supervision *e, size_t i);

#endif
