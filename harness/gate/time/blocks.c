#include "gate/time/blocks.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/proc.h"
#include "base/random.h"
#include "model/disturbance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

/* ---- Others on the machine ---- */

/* CPU time that the machine and this gate have used up to some time. */
struct cpu_use {
	uint64_t at_ns; /* CLOCK_MONOTONIC */
	struct machine_times machine;
	uint64_t own_ns; /* of this process and the trials that have ended */
};

static struct cpu_use cpu_use_now(void)
{
	return (struct cpu_use){
		.at_ns = clock_ns(),
		.machine = proc_machine_times(),
		.own_ns = proc_used_ns(RUSAGE_SELF) + proc_used_ns(RUSAGE_CHILDREN),
	};
}

/* Returns the largest of three shares, each divided by what is tolerated of it. */
static double disturbance_between(const struct cpu_use *before, const struct cpu_use *after, double queue_share)
{
	double elapsed_ns = (double)(after->at_ns - before->at_ns);
	double stolen_ns = (double)(after->machine.stolen_ns - before->machine.stolen_ns);
	double busy_ns = (double)(after->machine.busy_ns - before->machine.busy_ns);
	double other_ns = busy_ns - (double)(after->own_ns - before->own_ns);

	return fmax(fmax(disturbance(stolen_ns, elapsed_ns, STOLEN_SHARE),
			 disturbance(other_ns, elapsed_ns, OTHER_LOAD_SHARE)),
		    queue_share / STOLEN_SHARE);
}

/* Returns the share of their wall time that the trials waited for a processor: the mean of their workers. */
static double queue_share(const struct block *block, uint32_t workers)
{
	double queue_ns = 0, wall_ns = 0;

	for (size_t i = 0; i < block->trial_count; i++) {
		queue_ns += block->trials[i].run_queue_ns / workers;
		wall_ns += block->trials[i].wall_ns;
	}
	return wall_ns > 0 ? queue_ns / wall_ns : 0;
}

/* ---- A block ---- */

/* Draws the order: all are equally likely, on which the null law of the test rests. */
static size_t draw_order(struct trial_setup *setup, enum gate_side *order, bool control)
{
	size_t count = 0;

	for (int side = SIDE_A; side <= (control ? SIDE_CONTROL : SIDE_B); side++)
		for (int i = 0; i < STRATUM_SIDE; i++)
			order[count++] = (enum gate_side)side;
	random_shuffle(order, count, sizeof(*order), &setup->random);
	return count;
}

static struct block *append(struct gate_cell *cell)
{
	struct block *blocks =
		array_with_room(cell->blocks, cell->block_count, &cell->block_capacity, sizeof(*blocks));

	if (!blocks)
		return NULL;
	cell->blocks = blocks;
	return &cell->blocks[cell->block_count];
}

int block_run(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, enum gate_stage stage,
	      bool control, bool alone)
{
	enum gate_side order[STRATUM_SIDE * SIDE_COUNT];
	size_t count = draw_order(setup, order, control);
	struct block *block = append(cell);
	struct cpu_use before = cpu_use_now(), after;

	if (!block)
		return -ENOMEM;
	*block = (struct block){ .stage = stage, .started_ns = before.at_ns - setup->started_ns };
	for (size_t i = 0; i < count; i++) {
		int err = trial_run(setup, cell, plan, order[i], &block->trials[i]);

		if (err)
			return err;
		block->trial_count++;
	}
	after = cpu_use_now();
	block->disturbance =
		disturbance_between(&before, &after, queue_share(block, cell->cell ? cell->cell->workers : 1));
	block->dropped = alone && block->disturbance > 1;
	cell->block_count++;
	return 0;
}

/* ---- What the blocks say ---- */

size_t block_count(const struct gate_cell *cell, enum gate_stage stage, bool dropped)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->block_count; i++)
		count += cell->blocks[i].stage == stage && cell->blocks[i].dropped == dropped;
	return count;
}

static void fill(struct stratum *stratum, const struct block *block, enum gate_side of, enum judged judged)
{
	size_t a = 0, b = 0;

	for (size_t i = 0; i < block->trial_count; i++) {
		const struct trial *t = &block->trials[i];
		double x = log(judged == JUDGED_CPU ? t->cpu_ns : t->wall_ns);

		if (t->side == SIDE_A)
			stratum->a[a++] = x;
		else if (t->side == of)
			stratum->b[b++] = x;
	}
}

struct stratum *block_strata(const struct gate_cell *cell, enum gate_stage stage, enum gate_side of, enum judged judged,
			     size_t *count)
{
	struct stratum *strata = calloc(cell->block_count + 1, sizeof(*strata));

	*count = 0;
	for (size_t i = 0; strata && i < cell->block_count; i++)
		if (cell->blocks[i].stage == stage && !cell->blocks[i].dropped)
			fill(&strata[(*count)++], &cell->blocks[i], of, judged);
	return strata;
}
