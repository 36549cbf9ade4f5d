#include "gate/trials/outputs.h"

#define READ_RATIO 2
#define READ_LEAST_NS 1e6 /* less may be noise */

static void keep_least(double *least_ns, double ns)
{
	if (*least_ns == 0 || ns < *least_ns)
		*least_ns = ns;
}

void outputs_note(struct outputs *o, const struct trial *trial, bool read)
{
	int side = trial->side == SIDE_B;

	keep_least(read ? &o->read_cpu_ns[side] : &o->unread_cpu_ns[side], trial->cpu_ns);
	if (!read)
		return;
	o->varies[side] |= o->seen[side] && o->digest[side] != trial->digest;
	o->seen[side]++;
	o->digest[side] = trial->digest;
}

/* Whether B's outputs are not A's, which may not be known well enough yet. */
static bool seem_to_differ(const struct outputs *o)
{
	return o->seen[0] && o->seen[1] && !o->varies[0] && (o->varies[1] || o->digest[0] != o->digest[1]);
}

bool outputs_differ(const struct outputs *o)
{
	return o->seen[0] > 1 && seem_to_differ(o);
}

bool outputs_cost(const struct outputs *o)
{
	for (int side = 0; side < 2; side++)
		if (o->unread_cpu_ns[side] > 0 &&
		    o->read_cpu_ns[side] > READ_RATIO * o->unread_cpu_ns[side] + READ_LEAST_NS)
			return true;
	return false;
}

int outputs_compare(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan)
{
	struct trial_plan reading = *plan;
	struct trial trial;
	int err;

	reading.reads = true;
	err = trial_run(setup, cell, &reading, SIDE_B, &trial);
	if (!err && !cell->outputs.seen[0])
		err = trial_run(setup, cell, &reading, SIDE_A, &trial);
	if (!err && cell->outputs.seen[0] == 1 && seem_to_differ(&cell->outputs))
		err = trial_run(setup, cell, &reading, SIDE_A, &trial);
	return err;
}
