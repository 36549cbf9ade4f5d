/* Measures how often a gate by pairs is right, on gates drawn from simulated and recorded pairs
 * (tests/gates/pair_draws.h).
 *
 *     pair_error_rates             prints tables of simulated pairs, and of those of tests/data, as Markdown
 *     pair_error_rates FILE GATES SLOWDOWN TOLERANCE CELLS drawn|kept
 *                                  draws gates from a file of recorded pairs (pairs_read()), and prints how many of
 *                                  them passed, were regressed, were so by their means, could not tell, and had a
 *                                  control that failed; and the median of the pairs. `kept`: B is B, and not alike
 *
 * Everything is seeded, so it prints the same every time. Exit status 1: the gate errs more often than it may. */
#include "gates/draws.h"
#include "gates/pair_draws.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SEED 4
#define SIMULATED 5000 /* pairs */
#define ALIKE 3000     /* gates of A against A */
#define SLOWER 400     /* gates of each slow-down */
#define MAX_PAIRS 24
#define FALSE_MOST 0.01

static const struct side {
	const char *title;
	struct pair_peculiar peculiar;
	enum pair_labels labels;
} sides[] = {
	{ "as A", { 0, 0 }, LABELS_DRAWN },
	{ "half as long again in 1 of 10 rounds", { 0.1, 0 }, LABELS_KEPT },
	{ "same mean, scatters by 3 %, A by 1 %", { 0, 0.02 }, LABELS_KEPT },
	{ "same mean, scatters by 1 %, A by 3 %", { 0, 0.02 }, LABELS_SWAPPED },
};

/* Returns whether the gate errs more often than it may. */
static bool is_wrong(const struct pair_rule *rule, const struct pair_tally *t)
{
	if (rule->labels != LABELS_DRAWN)
		return false;
	if (rule->slowdown > 0)
		return rule->slowdown > 0.04 && t->verdicts[VERDICT_PASS];
	return upper_bound(t->verdicts[VERDICT_REGRESSED], t->gates) > FALSE_MOST;
}

static void say(size_t part, size_t of)
{
	printf(" %.2f %% |", 100 * (double)part / (double)of);
}

/* Prints a row. Returns whether it is wrong, or -ENOMEM. */
static int say_row(const struct pair_series *series, const struct pair_rule *rule)
{
	size_t gates = rule->slowdown > 0 ? SLOWER : ALIKE / (rule->cells > 1 ? 2 : 1);
	struct pair_tally t;

	if (tally_pairs(series, rule, gates, SEED, &t))
		return -ENOMEM;
	printf(" %zu | %.3g %% |", rule->cells, 100 * rule->slowdown);
	say(t.verdicts[VERDICT_PASS], gates);
	say(t.verdicts[VERDICT_REGRESSED], gates);
	printf(" %.2f %% |", 100 * upper_bound(t.verdicts[VERDICT_REGRESSED], gates));
	say(t.rare, gates);
	say(t.verdicts[VERDICT_CANNOT_TELL], gates);
	say(t.controls_failed, gates);
	printf(" %.0f | %.1f |\n", t.pairs_median, t.pairs_mean);
	return is_wrong(rule, &t);
}

/* Prints the rows of gates with so many cells. Returns how many are wrong, or -ENOMEM. */
static int say_rows(const char *title, const struct side *side, const struct pair_series *series, size_t cells)
{
	static const double slowdowns[] = { 0, 0.005, 0.01, 0.015, 0.05 };
	bool alike = side->labels == LABELS_DRAWN;
	int wrong = 0;

	for (size_t i = 0; i < (alike ? COUNT(slowdowns) : 1); i++) {
		const struct pair_rule rule = { slowdowns[i], 0.01, MAX_PAIRS, cells, side->labels, false };
		int found;

		printf("| %s | %s |", title, side->title);
		found = say_row(series, &rule);
		if (found < 0)
			return found;
		wrong += found;
	}
	return wrong;
}

/* One cell, and ten of which one is peculiar: where that is more than being slower, all ten would be. */
static int say_cells(const char *title, const struct side *side, const struct pair_series *series)
{
	int one = say_rows(title, side, series, 1);
	int ten = one >= 0 && side->labels == LABELS_DRAWN ? say_rows(title, side, series, 10) : 0;

	return one < 0 ? one : ten < 0 ? ten : one + ten;
}

static int say_noise(enum pair_noise noise, const struct side *side)
{
	struct pair_series series;
	int found = pairs_simulate(&series, noise, &side->peculiar, SIMULATED, SEED + (uint64_t)noise);

	if (found)
		return found;
	found = say_cells(pair_noise_words[noise], side, &series);
	pairs_release(&series);
	return found;
}

static int say_recorded_cells(void)
{
	struct pair_series series;
	int found = pairs_read(&series, "pairs.txt");

	if (found)
		return found;
	found = say_cells("recorded", &sides[0], &series);
	pairs_release(&series);
	return found;
}

static int say_tables(void)
{
	int wrong;

	printf("A tolerance of 1 %%, at most %d pairs; one of the cells is slower.\n\n", MAX_PAIRS);
	printf("| noise | B | cells | slower by | pass | regressed | at most (95 %%) | by means | cannot tell | "
	       "control failed | pairs, median | mean |\n"
	       "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
	wrong = say_recorded_cells();
	for (size_t s = 0; s < COUNT(sides) && wrong >= 0; s++)
		for (int noise = 0; noise < PAIR_NOISE_COUNT; noise++) {
			int found = say_noise((enum pair_noise)noise, &sides[s]);

			if (found < 0)
				return found;
			wrong += found;
		}
	return wrong;
}

static int say_recorded(char **arguments)
{
	const struct pair_rule rule = { strtod(arguments[2], NULL),
					strtod(arguments[3], NULL),
					MAX_PAIRS,
					strtoul(arguments[4], NULL, 10),
					strcmp(arguments[5], "kept") == 0 ? LABELS_KEPT : LABELS_DRAWN,
					false };
	struct pair_series series;
	struct pair_tally t;
	int err = rule.cells < 1 || rule.cells > PAIR_CELLS_MOST ? -EINVAL : pairs_read(&series, arguments[0]);

	if (err)
		return err;
	err = tally_pairs(&series, &rule, strtoul(arguments[1], NULL, 10), SEED, &t);
	pairs_release(&series);
	if (!err)
		printf("%zu %zu %zu %zu %zu %.1f\n", t.verdicts[VERDICT_PASS], t.verdicts[VERDICT_REGRESSED], t.rare,
		       t.verdicts[VERDICT_CANNOT_TELL], t.controls_failed, t.pairs_median);
	return err;
}

int main(int argc, char **argv)
{
	int found = argc == 7 ? say_recorded(argv + 1) : say_tables();

	if (found < 0)
		fprintf(stderr, "cannot draw gates: %s\n", strerror(-found));
	else if (found)
		fprintf(stderr, "the gate errs more often than it may, in %d rows\n", found);
	return found != 0;
}
