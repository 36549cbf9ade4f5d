/* Measures how often a gate is right, on gates drawn from recorded and simulated times (tests/gates/draws.h).
 *
 *     error_rates                  prints tables as Markdown
 *     error_rates FILE GATES RUNS  prints gates drawn from a file of tests/data, so that other tests can judge them
 *                                  (tests/peers/error_rates.py): a line for each gate, with its low bound at 0.01,
 *                                  then side and CPU time of each run in their order
 *
 * Everything is seeded, so it prints the same every time. Exit status 1: the gate errs more often than it may. */
#include "gates/draws.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SEED 4
#define ALIKE 2000      /* gates of A against A */
#define SLOWER 400      /* gates of each slow-down */
#define CELLS 10        /* of a gate of several cells */
#define SIMULATED 20000 /* runs */
#define FALSE_MOST 0.01

static const double slowdowns[] = { 0, 0.005, 0.01, 0.02, 0.05, 0.1 };

static const struct recording {
	const char *file, *title;
	enum measure measure;
} recordings[] = {
	{ "loop.txt", "loop, CPU", MEASURE_CPU },
	{ "loop.txt", "loop, wall", MEASURE_WALL },
	{ "resize.txt", "resize, CPU", MEASURE_CPU },
	{ "resize.txt", "resize, wall", MEASURE_WALL },
};

static size_t gates_of(double slowdown)
{
	return slowdown > 0 ? SLOWER : ALIKE;
}

/* Prints a cell of a table: a share in %, with `digits` digits after the point. */
static void say(int digits, size_t part, size_t of)
{
	printf(" %.*f %% |", digits, 100 * (double)part / (double)of);
}

static void say_verdicts(const struct tally *t, double slowdown)
{
	say(1, t->verdicts[VERDICT_PASS], t->gates);
	say(2, t->verdicts[VERDICT_REGRESSED], t->gates);
	if (slowdown > 0)
		printf(" |");
	else
		printf(" %.2f %% |", 100 * upper_bound(t->verdicts[VERDICT_REGRESSED], t->gates));
	say(1, t->verdicts[VERDICT_CANNOT_TELL], t->gates);
}

/* ---- One cell ---- */

/* Returns whether the gate errs more often than it may. How often it cannot tell depends on the noise, and is no error.
 * Without controls its exact rate is 0.79 %, which 2000 gates are too few to tell from 1 %. */
static bool is_wrong(const struct gate_rule *rule, const struct tally *t)
{
	if (!rule->control)
		return false;
	if (rule->slowdown == 0)
		return upper_bound(t->verdicts[VERDICT_REGRESSED], t->gates) > FALSE_MOST;
	return rule->slowdown > 0.04 && t->verdicts[VERDICT_PASS];
}

/* Prints the rows of a table. Returns how many of them are wrong, or -ENOMEM. */
static int say_rows(const char *title, const struct series *series, bool control)
{
	int wrong = 0;

	for (size_t i = 0; i < COUNT(slowdowns); i++) {
		struct gate_rule rule = { slowdowns[i], 0.01, 48, control, 1 };
		struct tally t;

		if (tally_gates(series, &rule, gates_of(slowdowns[i]), SEED + i, &t))
			return -ENOMEM;
		printf("| %s | %s | %.3g %% |", title, control ? "A/A" : "0", 100 * slowdowns[i]);
		say_verdicts(&t, slowdowns[i]);
		printf(" %.0f | %.1f |", t.runs_median, t.runs_mean);
		say(1, t.above_zero, t.gates);
		printf(" %.1f %% |\n", 100 * t.shown_median);
		wrong += is_wrong(&rule, &t);
	}
	return wrong;
}

static int say_cell(const char *title, const struct series *series)
{
	int with = say_rows(title, series, true), without = with < 0 ? with : say_rows(title, series, false);

	return without < 0 ? without : with + without;
}

/* ---- What more runs are good for ---- */

static int say_sensitivity(const char *title, const struct series *series)
{
	const uint32_t runs[] = { 48, 96, 192, 384 };

	for (size_t i = 0; i < COUNT(runs); i++) {
		printf("| %s | %u |", title, runs[i]);
		for (size_t k = 0; k < 4; k++) {
			struct gate_rule rule = { slowdowns[k], 0.01, runs[i], false, 1 };
			struct tally t;

			if (tally_gates(series, &rule, SLOWER, SEED + k, &t))
				return -ENOMEM;
			say(1, t.above_zero, t.gates);
		}
		printf("\n");
	}
	return 0;
}

/* ---- Several cells ---- */

static int say_screened(const char *title, const struct series *series)
{
	for (size_t i = 0; i < COUNT(slowdowns); i++) {
		struct gate_rule rule = { slowdowns[i], 0.01, 48, false, 1 };
		struct tally t;
		double flagged;

		if (tally_screened(series, &rule, CELLS, gates_of(slowdowns[i]), SEED + i, &t, &flagged))
			return -ENOMEM;
		printf("| %s | %.3g %% |", title, 100 * slowdowns[i]);
		say_verdicts(&t, slowdowns[i]);
		printf(" %.1f |\n", flagged);
	}
	return 0;
}

/* ---- All ---- */

/* Calls say_it() with every series. Returns the sum of what that returns, or the first error. */
static int for_each_series(bool simulated_too, int (*say_it)(const char *title, const struct series *series))
{
	int sum = 0;

	for (size_t i = 0; i < COUNT(recordings) + (simulated_too ? NOISE_COUNT : 0); i++) {
		bool recorded = i < COUNT(recordings);
		size_t noise = i - COUNT(recordings);
		struct series series;
		int found = recorded ? series_read(&series, recordings[i].file, recordings[i].measure) :
				       series_simulate(&series, (enum noise)noise, SIMULATED, SEED + i);

		if (found)
			return found;
		found = say_it(recorded ? recordings[i].title : noise_words[noise], &series);
		series_release(&series);
		if (found < 0)
			return found;
		sum += found;
	}
	return sum;
}

static int say_tables(void)
{
	int wrong, err;

	printf("A tolerance of 1 %%, at most 48 runs a side; %d gates of A against A, %d of each slow-down.\n"
	       "L > 0: at one of four looks.\n\n", ALIKE, SLOWER);
	printf("| times | tau | B slower by | pass | regressed | at most (95 %%) | cannot tell | runs a side, median | "
	       "mean | L > 0 | could have shown, median |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
	wrong = for_each_series(true, say_cell);
	if (wrong < 0)
		return wrong;
	printf("\nL > 0 at one of four looks, tau 0, %d gates each.\n\n", SLOWER);
	printf("| times | runs a side | A is B | +0.5 %% | +1 %% | +2 %% |\n|---|---:|---:|---:|---:|---:|\n");
	err = for_each_series(false, say_sensitivity);
	if (err)
		return err;
	printf("\n%d cells, of which one is slower: screened, the flagged ones measured again; tau 0.\n\n", CELLS);
	printf("| times | one slower by | pass | regressed | at most (95 %%) | cannot tell | flagged, mean |\n"
	       "|---|---:|---:|---:|---:|---:|---:|\n");
	err = for_each_series(false, say_screened);
	return err ? err : wrong;
}

static int say_draw(const struct draw *draw)
{
	struct stratum strata[DRAW_BLOCKS_MOST];
	struct shift shift;
	int err;

	draw_strata(draw, 'b', 0, strata);
	err = rank_test_shift(strata, draw->blocks, 0.01, &shift);
	if (err)
		return err;
	printf("%.9f", shift.low);
	for (size_t i = 0; i < draw->blocks * draw->block_runs; i++)
		printf(" %c %.0f", draw->sides[i], exp(draw->x[i]));
	printf("\n");
	return 0;
}

static int say_draws(const char *file, size_t gates, size_t runs)
{
	uint64_t random = SEED;
	struct series series;
	int err = series_read(&series, file, MEASURE_CPU);

	if (!err && (runs > DRAW_BLOCKS_MOST * STRATUM_SIDE || 2 * runs > series.count))
		err = -EINVAL;
	for (size_t i = 0; i < gates && !err; i++) {
		struct draw draw;

		draw_sides(&draw, &series, runs / STRATUM_SIDE, false, &random);
		err = say_draw(&draw);
	}
	series_release(&series);
	return err;
}

int main(int argc, char **argv)
{
	bool draws = argc == 4;
	int found = draws ? say_draws(argv[1], strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10)) : say_tables();

	if (found < 0)
		fprintf(stderr, "cannot draw gates: %s\n", strerror(-found));
	else if (found)
		fprintf(stderr, "the gate errs more often than it may, in %d rows\n", found);
	return found != 0;
}
