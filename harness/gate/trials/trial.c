#include "gate/trials/trial.h"

#include "analyse/statistics.h"
#include "base/random.h"
#include "gate/trials/outputs.h"
#include "model/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASLEEP_MOST 0.05 /* share of its wall time that a trial may sleep whose CPU time is judged */
#define UNDISTURBED_LEAST 5 /* rounds; if fewer are undisturbed, all count */

int trial_failed(struct gate_cell *cell, enum gate_side side, const struct cell_launcher *launcher,
		 const struct failure *failure)
{
	if (!cell->failed) {
		cell->failed = true;
		cell->failed_side = side;
		cell->failure = *failure;
		output_last_lines(launcher->said, cell->said, sizeof(cell->said));
	}
	return -ECHILD;
}

static bool counts(const struct sample *s, bool disturbed_too)
{
	return !s->warmup && !s->probed && (disturbed_too || !s->disturbed);
}

static size_t count_rounds(const struct invocation_result *r, bool disturbed_too)
{
	size_t count = 0;

	for (size_t i = 0; i < r->sample_count; i++)
		count += counts(&r->samples[i], disturbed_too);
	return count;
}

/* Takes lower quartiles over the rounds, since noise only adds time; shares are of the sums over the rounds. Whether a
 * round is disturbed was decided without looking at its time. */
static int take_rounds(struct trial *trial, const struct invocation_result *r)
{
	bool all = count_rounds(r, false) < UNDISTURBED_LEAST;
	size_t count = 0, most = count_rounds(r, all);
	double *values = calloc(2 * most + 1, sizeof(*values)), *wall = values, *cpu = values + most;
	double wall_ns = 0, cpu_ns = 0, queue_ns = 0, stolen_ns = 0;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < r->sample_count; i++) {
		const struct sample *s = &r->samples[i];

		if (!counts(s, all))
			continue;
		wall[count] = (double)s->wall_ns;
		cpu[count++] = (double)s->cpu_ns;
		wall_ns += (double)s->wall_ns;
		cpu_ns += (double)s->cpu_ns;
		queue_ns += (double)s->total.body_run_queue_ns;
		stolen_ns += (double)s->total.body_stolen_ns;
		trial->digest = s->digest;
	}
	values_sort(wall, count);
	values_sort(cpu, count);
	trial->wall_ns = values_quantile(wall, count, 0.25);
	trial->cpu_ns = values_quantile(cpu, count, 0.25);
	trial->run_queue_ns = count ? queue_ns / (double)count : 0;
	trial->asleep = wall_ns > queue_ns ? (wall_ns - cpu_ns - queue_ns - stolen_ns) / (wall_ns - queue_ns) : 0;
	free(values);
	return count ? 0 : -ENODATA;
}

struct spec trial_spec(const struct trial_setup *setup, const struct gate_cell *cell, const struct trial_plan *plan,
		       enum gate_side side, unsigned number, char scratch[SCRATCH_SIZE])
{
	const struct side *of = &setup->sides[side == SIDE_B];
	struct spec spec = {
		.cell = *cell->cell,
		.cache = setup->cache,
		.run = setup->scratch,
		.scratch = scratch,
		.rounds = plan->rounds,
		.run_ns = setup->started_ns,
		.items_asked = plan->items ? plan->items : cell->cell->items,
		.instructions = plan->instructions,
		.bind = plan->bind,
		.object = of->object,
		.counters = { .sources = registry_counter_sources },
	};

	snprintf(scratch, SCRATCH_SIZE, "%s/%c/cell%u", setup->scratch, "ab"[side == SIDE_B], number);
	if (of->workload)
		spec.cell.workload = of->workload->name;
	return spec;
}

int trial_end_of(const struct invocation_result *r)
{
	if (r->interrupted)
		return -EINTR;
	if (r->failed && r->out_of_budget && !r->stopped)
		return -ETIME;
	return r->failed ? -ECHILD : 0;
}

int trial_outcome(struct trial_setup *setup, struct gate_cell *cell, enum gate_side side,
		  const struct cell_launcher *launcher, const struct invocation_result *r)
{
	int err = trial_end_of(r);

	setup->signal = r->interrupted;
	return err == -ECHILD ? trial_failed(cell, side, launcher, &r->failure) : err;
}

static int run_cell(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan,
		    enum gate_side side, struct cell_launcher *launcher, struct trial *trial)
{
	struct invocation_result r = { 0 };
	char scratch[SCRATCH_SIZE];
	struct spec spec = trial_spec(setup, cell, plan, side, 0, scratch);
	int err;

	invocation_run(launcher, &spec, NULL, NULL, NULL, &r);
	trial->elapsed_ns = r.took_ns;
	err = trial_outcome(setup, cell, side, launcher, &r);
	err = err ? err : take_rounds(trial, &r);
	invocation_release(&r);
	return err;
}

static void pad(char padding[PADDING_SIZE], size_t bytes)
{
	const char *name = "BENCH_PADDING=";

	memset(padding, 0, PADDING_SIZE);
	memcpy(padding, name, strlen(name));
	memset(padding + strlen(name), 'x', bytes);
}

void trial_pad(uint64_t *random, char padding[PADDING_SIZE])
{
	pad(padding, random_below(random, PADDING_MOST));
}

/* ---- All ---- */

bool trials_awake(double a, double b, double tolerance)
{
	return fabs(a) < ASLEEP_MOST && fabs(b) < ASLEEP_MOST && fabs(b - a) < tolerance / 2;
}

double trials_least_asleep(const struct trial *trials, size_t count, enum gate_side side, double least)
{
	for (size_t i = 0; i < count; i++)
		if (trials[i].side == side)
			least = fmin(least, trials[i].asleep);
	return least;
}

double trial_judged_ns(const struct trial *trial, enum judged judged)
{
	if (judged != JUDGED_CPU)
		return trial->wall_ns;
	return trial->asleep > ASLEEP_MOST ? trial->wall_ns - trial->run_queue_ns : trial->cpu_ns;
}

static double slept_ns(const struct trial *trial)
{
	return trial->asleep * (trial->wall_ns - trial->run_queue_ns);
}

void trial_add(struct trial *sum, const struct trial *one)
{
	double both_ns = slept_ns(sum) + slept_ns(one);

	sum->wall_ns += one->wall_ns;
	sum->cpu_ns += one->cpu_ns;
	sum->run_queue_ns += one->run_queue_ns;
	sum->elapsed_ns += one->elapsed_ns;
	sum->asleep = both_ns / (sum->wall_ns - sum->run_queue_ns);
	sum->digest = digest_mix(sum->digest ^ one->digest);
}

/* Runs a command for each of its files. */
static int run_inputs(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan,
		      enum gate_side side, struct trial *trial)
{
	struct trial_plan each = *plan;
	int err = 0;

	*trial = (struct trial){ .side = side };
	for (char *const *input = setup->inputs; *input && !err; input++) {
		struct trial one;

		each.input = *input;
		err = trial_run(setup, cell, &each, side, &one);
		if (!err)
			trial_add(trial, &one);
	}
	return err;
}

/* Runs one process. */
static int run_process(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan,
		       enum gate_side side, bool reads, struct trial *trial)
{
	const struct side *of = &setup->sides[side == SIDE_B];
	struct cell_launcher launcher = setup->launcher;
	char padding[PADDING_SIZE] = "BENCH_PADDING=";
	char *environment[] = { padding, of->root, NULL };

	if (!plan->instructions)
		pad(padding, plan->padding ? *plan->padding : random_below(&setup->random, PADDING_MOST));
	launcher.program = plan->words ? plan->words : of->argv ? of->argv : of->program;
	launcher.timeout_ns *= plan->instructions ? COUNTING_SLOWER : 1;
	launcher.environment = environment;
	*trial = (struct trial){ .side = side };
	return of->argv ? trial_command(setup, cell, &launcher, plan->input, reads ? setup->printed : NULL, trial)
			: run_cell(setup, cell, plan, side, &launcher, trial);
}

int trial_run(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, enum gate_side side,
	      struct trial *trial)
{
	bool reads = !setup->sides[side == SIDE_B].argv || plan->reads || setup->pipes;
	bool all = setup->inputs && !plan->input;
	int err = all ? run_inputs(setup, cell, plan, side, trial)
		      : run_process(setup, cell, plan, side, reads, trial);

	if (!err && !plan->instructions && !plan->input)
		outputs_note(&cell->outputs, trial, reads);
	return err;
}
