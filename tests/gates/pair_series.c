#include "gates/pair_series.h"

#include "analyse/stitch.h"
#include "gates/noise.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 10
#define SLICES 16

const char *const pair_noise_words[PAIR_NOISE_COUNT] = {
	[PAIR_NOISE_NORMAL] = "normal",
	[PAIR_NOISE_SPIKY] = "spiky",
	[PAIR_NOISE_DRIFTING] = "drifting",
	[PAIR_NOISE_BIMODAL] = "bimodal",
	[PAIR_NOISE_NEIGHBOURS] = "neighbours",
};

/* ---- Simulated ---- */

struct machine {
	enum pair_noise noise;
	double drift;
	double neighbour; /* what other programs take now, a ratio */
	size_t until;     /* for so many slices more */
	uint64_t random;
};

static void machine_meets_neighbours(struct machine *machine)
{
	const double longest = 2 * PAIR_SIDES * ROUNDS * SLICES; /* two pairs */

	if (machine->until--)
		return;
	machine->neighbour = machine->neighbour > 0 ? 0 : 0.5 * noise_uniform(&machine->random);
	machine->until = (size_t)pow(longest, noise_uniform(&machine->random));
}

/* Returns the logarithm of by how much the next slice takes longer. */
static double machine_disturbs(struct machine *machine)
{
	const double kept = 0.999;
	uint64_t *random = &machine->random;

	switch (machine->noise) {
	case PAIR_NOISE_SPIKY:
		return log1p(noise_spike(1, random));
	case PAIR_NOISE_DRIFTING:
		machine->drift = kept * machine->drift + 0.05 * sqrt(1 - kept * kept) * noise_normal(random);
		return machine->drift;
	case PAIR_NOISE_NEIGHBOURS:
		machine_meets_neighbours(machine);
		return log1p(machine->neighbour * (1 + noise_spike(2, random)));
	default:
		return 0;
	}
}

/* What one process is like. */
struct process {
	double shift; /* of its layout */
	struct pair_peculiar peculiar;
	double times[ROUNDS * SLICES];
	bool rare; /* in this round */
};

static double slice_ns(struct process *process, struct machine *machine)
{
	double scatter = 0.01 + process->peculiar.scatter;
	double x = process->shift + scatter * noise_normal(&machine->random) - scatter * scatter / 2;

	return exp(x + machine_disturbs(machine)) * (process->rare ? 1.5 : 1);
}

static void draw_order(size_t order[PAIR_SIDES], uint64_t *random)
{
	for (size_t i = 0; i < PAIR_SIDES; i++) { /* Fisher and Yates, inside out */
		size_t k = random_below(random, i + 1);

		order[i] = order[k];
		order[k] = i;
	}
}

static void take_turns(struct process processes[PAIR_SIDES], struct machine *machine)
{
	size_t order[PAIR_SIDES];

	for (size_t slice = 0; slice < ROUNDS * SLICES; slice++) {
		draw_order(order, &machine->random);
		for (size_t i = 0; i < PAIR_SIDES; i++) {
			struct process *process = &processes[order[i]];

			if (slice % SLICES == 0)
				process->rare = noise_uniform(&machine->random) <= process->peculiar.rare;
			process->times[slice] = slice_ns(process, machine);
		}
	}
}

static int simulate_pair(struct pair_values *pair, struct machine *machine, const struct pair_peculiar *b)
{
	struct process processes[PAIR_SIDES] = { [1].peculiar = *b };
	struct stitched stitched;
	int err = 0;

	for (size_t side = 0; side < PAIR_SIDES; side++) {
		bool slower = machine->noise == PAIR_NOISE_BIMODAL && noise_uniform(&machine->random) < 0.5;

		processes[side].shift = 0.0005 * noise_normal(&machine->random) + (slower ? 0.02 : 0);
	}
	take_turns(processes, machine);
	for (size_t side = 0; side < PAIR_SIDES && !err; side++) {
		err = stitch(processes[side].times, ROUNDS, SLICES, 0, &stitched);
		pair->undisturbed[side] = log(stitched.undisturbed_ns);
		pair->mean[side] = log(stitched.mean_ns);
	}
	return err;
}

int pairs_simulate(struct pair_series *series, enum pair_noise noise, const struct pair_peculiar *b, size_t count,
		   uint64_t seed)
{
	struct machine machine = { .noise = noise, .random = seed };
	int err = 0;

	*series = (struct pair_series){ calloc(count + 1, sizeof(*series->pairs)), count, true };
	if (!series->pairs)
		return -ENOMEM;
	for (size_t i = 0; i < count && !err; i++)
		err = simulate_pair(&series->pairs[i], &machine, b);
	if (err)
		pairs_release(series);
	return err;
}

/* ---- Recorded ---- */

static int append(struct pair_series *series, const double ns[2 * PAIR_SIDES])
{
	size_t size = (series->count + 1) * sizeof(*series->pairs);
	struct pair_values *more = realloc(series->pairs, size), *pair;

	if (!more)
		return -ENOMEM;
	series->pairs = more;
	pair = &more[series->count++];
	for (size_t side = 0; side < PAIR_SIDES; side++) {
		pair->undisturbed[side] = log(ns[2 * side]);
		pair->mean[side] = log(ns[2 * side + 1]);
	}
	return 0;
}

static int take_line(struct pair_series *series, const char *line)
{
	double ns[2 * PAIR_SIDES] = { 1, 1, 1, 1, 1, 1 };
	int found = sscanf(line, "%lf %lf %lf %lf %lf %lf", &ns[0], &ns[1], &ns[2], &ns[3], &ns[4], &ns[5]);
	bool has_control = found == 2 * PAIR_SIDES;

	if (line[0] == '#')
		return 0;
	if ((found != 4 && !has_control) || (series->count && series->has_control != has_control))
		return -EINVAL;
	for (size_t i = 0; i < 2 * PAIR_SIDES; i++)
		if (!(ns[i] > 0))
			return -EINVAL;
	series->has_control = has_control;
	return append(series, ns);
}

int pairs_read(struct pair_series *series, const char *name)
{
	const char *root = getenv("BENCH_ROOT");
	char path[4096], line[512];
	FILE *file;
	int err = 0;

	*series = (struct pair_series){ 0 };
	if (name[0] == '/')
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/tests/data/%s", root ? root : ".", name);
	file = fopen(path, "r");
	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file))
		err = take_line(series, line);
	fclose(file);
	if (!err && !series->count)
		err = -EINVAL;
	if (err)
		pairs_release(series);
	return err;
}

void pairs_release(struct pair_series *series)
{
	free(series->pairs);
	*series = (struct pair_series){ 0 };
}
