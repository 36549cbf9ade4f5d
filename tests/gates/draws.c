#include "gates/draws.h"

#include "analyse/statistics.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- The design ---- */

void draw_sides(struct draw *draw, const struct series *series, size_t blocks, bool control, uint64_t *random)
{
	size_t size = (control ? 3 : 2) * STRATUM_SIDE;

	*draw = (struct draw){ .blocks = blocks, .block_runs = size };
	draw->x = series->x + random_below(random, series->count - blocks * size + 1);
	for (size_t block = 0; block < blocks; block++) {
		char *sides = draw->sides + block * size;

		for (size_t i = 0; i < size; i++) { /* Fisher and Yates, inside out */
			size_t k = random_below(random, i + 1);

			sides[i] = sides[k];
			sides[k] = "abc"[i / STRATUM_SIDE];
		}
	}
}

void draw_strata(const struct draw *draw, char side, double added, struct stratum *strata)
{
	for (size_t block = 0; block < draw->blocks; block++) {
		size_t a = 0, b = 0, from = block * draw->block_runs;

		for (size_t i = from; i < from + draw->block_runs; i++) {
			if (draw->sides[i] == 'a')
				strata[block].a[a++] = draw->x[i];
			else if (draw->sides[i] == side)
				strata[block].b[b++] = draw->x[i] + added;
		}
	}
}

/* ---- One gate ---- */

/* Sets *failed to whether a control fails, and *margin to tau. */
static int judge_controls(const struct stratum *strata, size_t blocks, double tolerance, bool *failed, double *margin)
{
	struct shift aa, plus;
	double added = log1p(verdict_added(tolerance));
	int err = rank_test_shift(strata, blocks, LOOK_LEVEL, &aa);

	if (err)
		return err;
	plus = (struct shift){ aa.theta + added, aa.low + added, aa.high + added };
	*margin = verdict_margin(aa.theta);
	*failed = verdict_of(&aa, tolerance, *margin) == VERDICT_REGRESSED ||
		  verdict_of(&plus, tolerance, *margin) == VERDICT_PASS;
	return 0;
}

/* Adds what a look shows to what has been found. */
static int look(const struct stratum *strata, const struct stratum *control, size_t blocks,
		const struct gate_rule *rule, struct gate_found *found)
{
	struct shift shift;
	double margin = 0;
	bool decided = found->verdict != VERDICT_CANNOT_TELL;
	int err = verdict_look(strata, blocks, rule->flagged, &shift);

	if (!err && rule->control && !decided)
		err = judge_controls(control, blocks, rule->tolerance, &found->control_failed, &margin);
	if (err)
		return err;
	found->above_zero |= shift.low > 0;
	if (decided)
		return 0;
	found->verdict = verdict_of(&shift, rule->tolerance, margin);
	found->runs_a_side = (uint32_t)(blocks * STRATUM_SIDE);
	found->smallest_shown = verdict_smallest_shown(&shift, rule->tolerance, margin);
	return 0;
}

int draw_gate(const struct series *series, const struct gate_rule *rule, uint64_t *random, struct gate_found *found)
{
	struct stratum strata[DRAW_BLOCKS_MOST], control[DRAW_BLOCKS_MOST];
	struct draw draw;
	size_t looks[LOOKS_MOST], count = verdict_looks(rule->max_runs, looks);
	int err = 0;

	draw_sides(&draw, series, rule->max_runs / STRATUM_SIDE, rule->control, random);
	draw_strata(&draw, 'b', log1p(rule->slowdown), strata);
	draw_strata(&draw, 'c', 0, control);
	*found = (struct gate_found){ .verdict = VERDICT_CANNOT_TELL };
	for (size_t i = 0; i < count && !err; i++)
		err = look(strata, control, looks[i], rule, found);
	if (found->control_failed)
		found->verdict = VERDICT_CANNOT_TELL;
	return err;
}

/* ---- Many ---- */

static void count(struct tally *tally, const struct gate_found *found)
{
	tally->verdicts[found->verdict]++;
	tally->above_zero += found->above_zero;
	tally->controls_failed += found->control_failed;
	tally->runs_mean += found->runs_a_side / (double)tally->gates;
}

int tally_gates(const struct series *series, const struct gate_rule *rule, size_t gates, uint64_t seed,
		struct tally *tally)
{
	double *runs = calloc(2 * gates + 1, sizeof(*runs)), *shown;
	int err = 0;

	*tally = (struct tally){ .gates = gates };
	if (!runs)
		return -ENOMEM;
	shown = runs + gates;
	for (size_t i = 0; i < gates && !err; i++) {
		struct gate_found found;

		err = draw_gate(series, rule, &seed, &found);
		if (err)
			break;
		count(tally, &found);
		runs[i] = found.runs_a_side;
		shown[i] = found.smallest_shown;
	}
	if (!err) {
		values_sort(runs, gates);
		values_sort(shown, gates);
		tally->runs_median = values_median(runs, gates);
		tally->shown_median = values_median(shown, gates);
	}
	free(runs);
	return err;
}

/* ---- Several cells ---- */

static int screen(const struct series *series, double slowdown, double tolerance, uint64_t *random, bool *flagged)
{
	struct stratum strata[SCREEN_BLOCKS];
	struct shift shift;
	struct draw draw;
	int err;

	draw_sides(&draw, series, SCREEN_BLOCKS, false, random);
	draw_strata(&draw, 'b', log1p(slowdown), strata);
	err = rank_test_shift(strata, SCREEN_BLOCKS, SCREEN_LEVEL, &shift);
	*flagged = verdict_of(&shift, tolerance, 0) != VERDICT_PASS;
	return err;
}

/* Screens all cells. Returns how many are flagged, or -ENOMEM. */
static int screen_all(const struct series *series, const struct gate_rule *rule, size_t cells, uint64_t *random,
		      bool flagged[])
{
	int count = 0, err = 0;

	for (size_t i = 0; i < cells && !err; i++) {
		err = screen(series, i == 0 ? rule->slowdown : 0, rule->tolerance, random, &flagged[i]);
		count += flagged[i];
	}
	return err ? err : count;
}

static int draw_screened(const struct series *series, const struct gate_rule *rule, size_t cells, uint64_t *random,
			 enum verdict *verdict)
{
	enum verdict verdicts[DRAW_CELLS_MOST];
	bool flagged[DRAW_CELLS_MOST];
	int count = screen_all(series, rule, cells, random, flagged);

	for (size_t i = 0; i < cells && count >= 0; i++) {
		struct gate_rule again = *rule;
		struct gate_found found = { .verdict = VERDICT_PASS };

		again.slowdown = i == 0 ? rule->slowdown : 0;
		again.flagged = (size_t)count;
		if (flagged[i] && draw_gate(series, &again, random, &found))
			return -ENOMEM;
		verdicts[i] = found.verdict;
	}
	*verdict = verdict_in_all(verdicts, cells);
	return count;
}

int tally_screened(const struct series *series, const struct gate_rule *rule, size_t cells, size_t gates, uint64_t seed,
		   struct tally *tally, double *flagged)
{
	*tally = (struct tally){ .gates = gates };
	*flagged = 0;
	for (size_t i = 0; i < gates; i++) {
		enum verdict verdict;
		int count = draw_screened(series, rule, cells, &seed, &verdict);

		if (count < 0)
			return count;
		tally->verdicts[verdict]++;
		*flagged += count / (double)gates;
	}
	return 0;
}

/* ---- Bounds ---- */

/* P(Binomial(trials, p) <= events). */
static double at_most(size_t events, size_t trials, double p)
{
	double n = (double)trials, sum = 0;

	for (size_t i = 0; i <= events; i++) {
		double k = (double)i;

		sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p));
	}
	return sum;
}

double upper_bound(size_t events, size_t trials)
{
	double low = 0, high = 1;

	if (events >= trials)
		return 1;
	for (int i = 0; i < 50; i++) {
		double p = (low + high) / 2;

		if (at_most(events, trials, p) > 0.05)
			low = p;
		else
			high = p;
	}
	return high;
}
