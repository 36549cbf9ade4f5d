#include "base/clock.h"
#include "base/random.h"
#include "gate/pairs/commands.h"
#include "gate/sides/inputs.h"

#include <math.h>

#define ROUNDS 2      /* of all files, that should fit into a pair */
#define FILES_LEAST 8 /* fewer would not stand for a folder */
#define TRIED_LEAST 3
#define TRIED_NS 5e8

/* Returns how long A takes for a file, on average over some that are drawn. */
static int try_files(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double *file_ns)
{
	struct trial_plan each = *plan;
	uint64_t from_ns = clock_ns();
	size_t tried = 0;
	int err = 0;

	while (!err && tried < cell->files_found &&
	       (tried < TRIED_LEAST || (double)(clock_ns() - from_ns) < TRIED_NS)) {
		struct trial trial;

		each.input = setup->inputs[random_below(&setup->random, cell->files_found)];
		err = trial_run(setup, cell, &each, SIDE_A, &trial);
		tried++;
	}
	*file_ns = (double)(clock_ns() - from_ns) / (double)tried;
	return err;
}

/* Leaves out files if they would make a pair too long. */
static int open_files(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan)
{
	double file_ns, fitting;
	int err;

	cell->files_found = cell->files_used = inputs_count(setup->inputs);
	err = try_files(setup, cell, plan->trial, &file_ns);
	if (err)
		return err;
	fitting = fmax(FILES_LEAST, command_pair_ns(setup) / (ROUNDS * SIDE_COUNT * file_ns));
	if (fitting < (double)cell->files_found) {
		cell->files_used = (size_t)fitting;
		cell->doubts |= 1u << GATE_DOUBT_SAMPLE;
		err = inputs_keep(setup->inputs, cell->files_used);
	}
	return err ? err : command_pairs_open(setup, cell, plan);
}

const struct pairing pairing_files = {
	.name = "files",
	.open = open_files,
	.run = command_pairs_run,
};
