/* How far pairs in lockstep scatter: holds a build against itself, or two objects without params against each other,
 * and prints ln(B/A) of each pair in %, of undisturbed times, of means and of the control, then their scatter.
 *
 *   benchmark-pairs [WORKLOAD ITEMS PAIRS [OBJECT OBJECT]] */
#include "analyse/statistics.h"
#include "analyse/verdict.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "gate/pairs/pairing.h"
#include "model/registry.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNDISTURBED, MEAN, CONTROL, COLUMNS };

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints the median, the standard deviation and 1.48 times the median distance from the median. */
static void print_scatter(const char *name, double *d, size_t count)
{
	double sum = 0, squares = 0, median;

	for (size_t i = 0; i < count; i++) {
		sum += d[i];
		squares += d[i] * d[i];
	}
	qsort(d, count, sizeof(*d), compare);
	median = values_median(d, count);
	for (size_t i = 0; i < count; i++)
		d[i] = fabs(d[i] - median);
	qsort(d, count, sizeof(*d), compare);
	printf("# %s: median %+.4f, standard deviation %.4f, robust %.4f (%%)\n", name, 100 * median,
	       100 * sqrt(fmax(0, squares / (double)count - sum * sum / (double)count / (double)count)),
	       148.26 * values_median(d, count));
}

static const char **presets(const char *name)
{
	const struct workload *workload = registry_workload(name);
	const char **values = calloc(32, sizeof(*values));

	for (size_t i = 0; values && workload && workload->params && workload->params[i].name && i < 31; i++)
		values[i] = workload->params[i].preset;
	return values;
}

static int measure(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, size_t pairs)
{
	double *d = calloc(pairs * COLUMNS, sizeof(*d));
	int err = d ? pairing_slices.open(setup, cell, plan) : -1;

	printf("# slices of %.3f ms, footprint %+.3f %%, by %s\n", cell->slice_ns / 1e6, 100 * cell->footprint,
	       cell->judged == JUDGED_CPU ? "CPU time" : "wall time");
	for (size_t i = 0; i < pairs && !err; i++) {
		struct gate_pair pair = { 0 };
		const struct pair_time *t = pair.times;
		uint64_t from_ns = clock_ns();

		err = pairing_slices.run(setup, cell, plan, true, i % 2, &pair);
		if (err)
			break;
		d[i] = log(t[SIDE_B].undisturbed_ns / t[SIDE_A].undisturbed_ns);
		d[pairs + i] = log(t[SIDE_B].mean_ns / t[SIDE_A].mean_ns);
		d[2 * pairs + i] = log(t[SIDE_CONTROL].undisturbed_ns / t[SIDE_A].undisturbed_ns) - pair.added;
		printf("%+.4f %+.4f %+.4f  added %.4f, A %.3f ms, %u rounds of %u slices, %.3f s\n", 100 * d[i],
		       100 * d[pairs + i], 100 * d[2 * pairs + i], 100 * pair.added, t[SIDE_A].undisturbed_ns / 1e6,
		       pair.rounds, pair.slices, (double)(clock_ns() - from_ns) / 1e9);
		fflush(stdout);
		gate_pair_release(&pair);
	}
	if (!err) {
		print_scatter("undisturbed", d, pairs);
		print_scatter("means", d + pairs, pairs);
		print_scatter("control", d + 2 * pairs, pairs);
	}
	pairing_slices.release(plan);
	free(d);
	return err;
}

int main(int argc, char **argv)
{
	const char *workload = argc > 3 ? argv[1] : "sumsq";
	char scratch[] = "/tmp/bench-pairs-XXXXXX", root[4096], *program = getenv("BENCH");
	struct cpus bind = { 0 };
	struct side sides[2] = { 0 };
	struct cell cell = { .workload = workload, .values = presets(workload), .mode = "sequential", .workers = 1 };
	struct gate_cell gate_cell = { .id = workload, .cell = &cell };
	struct trial_plan trial = { .bind = &bind, .items = argc > 3 ? strtoull(argv[2], NULL, 10) : 64 };
	struct pair_plan plan = { .trial = &trial, .added = CONTROL_ADDED };
	struct trial_setup setup = { .sides = sides, .started_ns = clock_ns(), .random = clock_ns() };
	sigset_t mask;
	int err;

	if (!program || !mkdtemp(scratch))
		return 2;
	snprintf(root, sizeof(root), "BENCH_ROOT=%s", getenv("BENCH_ROOT") ? getenv("BENCH_ROOT") : ".");
	for (int side = 0; side < 2; side++) {
		char folder[64];

		snprintf(folder, sizeof(folder), "%s/%c", scratch, "ab"[side]);
		mkdir(folder, 0700);
		sides[side].program[0] = program;
		sides[side].root = root;
		sides[side].object = argc > 5 ? argv[4 + side] : NULL;
	}
	bind.bits[0] = 1;
	setup.launcher = (struct cell_launcher){ .timeout_ns = 60000000000, .signal_fd = interrupts_catch(&mask) };
	setup.cache = setup.scratch = scratch;
	err = measure(&setup, &gate_cell, &plan, argc > 3 ? strtoul(argv[3], NULL, 10) : 9);
	if (err)
		fprintf(stderr, "failed (%d): %s\n", err, gate_cell.failure.message);
	remove_tree(scratch);
	return err != 0;
}
