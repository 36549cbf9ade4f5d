#include "gate/pairs/processes.h"

#include "base/random.h"

#include <errno.h>
#include <stdio.h>

#define MAPPING_MOST 4096 /* pages */

static void draw_seats(struct pair_processes *p, bool control)
{
	enum gate_side sides[SIDE_COUNT] = { SIDE_A, SIDE_B, SIDE_CONTROL };

	p->count = control ? 3 : 2;
	random_shuffle(sides, p->count, sizeof(*sides), &p->setup->random);
	for (size_t seat = 0; seat < p->count; seat++)
		p->of[seat].side = sides[seat];
}

/* Fills in what one process is told; `mapping` is the same for all. */
static void prepare(struct pair_processes *p, unsigned seat, const struct pair_plan *plan,
		    const struct pair_layout *layout, uint32_t mapping)
{
	struct pair_process *process = &p->of[seat];
	const struct side *side = &p->setup->sides[process->side == SIDE_B];

	process->environment[0] = p->padding;
	process->environment[1] = side->root;
	process->launcher = p->setup->launcher;
	process->launcher.same_addresses = true;
	process->launcher.program = side->program;
	process->launcher.environment = process->environment;
	process->spec = trial_spec(p->setup, p->cell, plan->trial, process->side, seat, process->scratch);
	process->spec.bind = layout->bind;
	process->spec.by_turns = true;
	process->spec.ring_fd = layout->ring_fd;
	process->spec.seat = seat;
	process->spec.mapping = mapping;
}

/* Objects are loaded by one program, so that their processes can come from one image of it. */
static int start_twins(struct pair_processes *p)
{
	struct spec *specs[SIDE_COUNT];
	struct invocation_result *results[SIDE_COUNT];

	for (size_t seat = 0; seat < p->count; seat++) {
		specs[seat] = &p->of[seat].spec;
		results[seat] = &p->of[seat].result;
	}
	return running_begin_twins(p->running, p->count, &p->of[0].launcher, specs, results);
}

static int start_each(struct pair_processes *p)
{
	for (size_t seat = 0; seat < p->count; seat++) {
		struct pair_process *of = &p->of[seat];

		p->running[seat] = running_begin(&of->launcher, &of->spec, NULL, NULL, NULL, &of->result);
		if (!p->running[seat])
			return -ENOMEM;
	}
	return 0;
}

/* Whose failure it is, if it is one: a signal first, then what failed by itself, since the time may be over for all
 * because one of them has stopped. */
static int outcome_of(struct pair_processes *p)
{
	static const int ends[] = { -EINTR, -ECHILD, -ETIME };

	for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++)
		for (size_t seat = 0; seat < p->count; seat++) {
			struct pair_process *of = &p->of[seat];

			if (trial_end_of(&of->result) == ends[k])
				return trial_outcome(p->setup, p->cell, of->side, &of->launcher, &of->result);
		}
	return 0;
}

static int await(struct pair_processes *p)
{
	running_await(p->running, p->count);
	return outcome_of(p);
}

int processes_begin(struct pair_processes *p, struct trial_setup *setup, struct gate_cell *cell,
		    const struct pair_plan *plan, const struct pair_layout *layout)
{
	uint32_t mapping = 1 + (uint32_t)random_below(&setup->random, MAPPING_MOST);
	int err;

	p->setup = setup;
	p->cell = cell;
	draw_seats(p, layout->control);
	trial_pad(&setup->random, p->padding);
	for (unsigned seat = 0; seat < p->count; seat++)
		prepare(p, seat, plan, layout, mapping);
	err = p->of[0].spec.object ? start_twins(p) : start_each(p);
	if (err)
		return err;
	err = await(p);
	for (unsigned seat = 0; seat < p->count && layout->ring; seat++)
		running_follow(p->running[seat], layout->ring, seat);
	return err;
}

int processes_turn(struct pair_processes *p, uint32_t rounds)
{
	for (size_t seat = 0; seat < p->count; seat++)
		running_turn(p->running[seat], rounds);
	return await(p);
}

int processes_turn_of(struct pair_processes *p, size_t seat, uint32_t rounds)
{
	running_turn(p->running[seat], rounds);
	return await(p);
}

/* Twins come from one process, whose addresses both have. */
static void note_layout(struct pair_processes *p)
{
	bool same = true;

	for (size_t seat = 0; seat < p->count; seat++)
		same &= p->of[seat].spec.object || p->of[seat].result.facts.fixed_addresses;
	p->cell->same_addresses = same;
	p->cell->doubts |= same ? 0 : 1u << GATE_DOUBT_LAYOUT;
}

int processes_end(struct pair_processes *p, int err, struct pair_time times[SIDE_COUNT])
{
	for (size_t seat = 0; seat < p->count; seat++)
		running_end(p->running[seat]);
	err = err ? err : outcome_of(p);
	if (!err)
		note_layout(p);
	for (size_t seat = 0; seat < p->count; seat++) {
		struct invocation_result *r = &p->of[seat].result;

		if (times && r->sample_count)
			times[p->of[seat].side].digest = r->samples[0].digest;
		p->cell->doubts |= r->has_crew && r->crew.spins ? 1u << GATE_DOUBT_SPINS : 0;
		invocation_release(r);
	}
	return err;
}

unsigned processes_seat(const struct pair_processes *p, enum gate_side side)
{
	unsigned seat = 0;

	while (p->of[seat].side != side)
		seat++;
	return seat;
}
