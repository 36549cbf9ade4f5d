#include "gates/pair_draws.h"

#include "analyse/signed_rank.h"
#include "analyse/statistics.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- One gate ---- */

/* The pairs of a cell as the gate sees them, and what it says of them. */
struct drawn_cell {
	double d[PAIRS_MOST], means[PAIRS_MOST]; /* ln(B/A) */
	double plain[PAIRS_MOST], plus[PAIRS_MOST]; /* ln(control/A), of every second pair each */
	double control_means[PAIRS_MOST];           /* the same by means, less what was added */
	enum verdict verdict;
	enum slower_kind kind;
	size_t pairs; /* that it took */
};

/* What the controls have shown. */
struct drawn_controls {
	double margin;
	bool failed, rare;
};

static void draw_labels(const struct pair_rule *rule, const struct pair_series *series, size_t order[PAIR_SIDES],
			uint64_t *random)
{
	for (size_t i = 0; i < PAIR_SIDES; i++)
		order[i] = i;
	if (rule->labels == LABELS_SWAPPED) {
		order[0] = order[2] = 1;
		order[1] = 0;
	}
	if (rule->labels != LABELS_DRAWN)
		return;
	for (size_t i = series->has_control ? PAIR_SIDES : PAIR_SIDES - 1; i > 1; i--) { /* Fisher and Yates */
		size_t k = random_below(random, i), last = order[i - 1];

		order[i - 1] = order[k];
		order[k] = last;
	}
}

static void draw_cell(struct drawn_cell *cell, const struct pair_series *series, const struct pair_rule *rule,
		      double slowdown, uint64_t *random)
{
	size_t from = random_below(random, series->count), order[PAIR_SIDES];
	double added = rule->blind ? 0 : log1p(verdict_added(rule->tolerance));

	*cell = (struct drawn_cell){ .verdict = VERDICT_CANNOT_TELL };
	for (size_t i = 0; i < rule->max_pairs; i++) {
		const struct pair_values *pair = &series->pairs[(from + i) % series->count];
		const double *x = pair->undisturbed;

		draw_labels(rule, series, order, random);
		cell->d[i] = x[order[1]] - x[order[0]] + log1p(slowdown);
		cell->means[i] = pair->mean[order[1]] - pair->mean[order[0]] + log1p(slowdown);
		cell->control_means[i] = pair->mean[order[2]] - pair->mean[order[0]];
		if (i % 2)
			cell->plus[i / 2] = x[order[2]] - x[order[0]] + added;
		else
			cell->plain[i / 2] = x[order[2]] - x[order[0]];
	}
}

static int theta_of(const double *d, size_t count, double *theta)
{
	struct shift shift;
	int err = signed_rank_shift(d, count, LOOK_LEVEL, LOOK_LEVEL, &shift);

	*theta = err ? NAN : shift.theta;
	return err;
}

/* Sets what the controls show after so many pairs. */
static int judge_controls(const struct drawn_cell *cell, const struct pair_rule *rule, size_t pairs,
			  struct drawn_controls *controls)
{
	struct shift shift, means;
	double plain, plus;
	int err = verdict_pairs(cell->d, pairs, 1, &shift);

	if (!err)
		err = theta_of(cell->plain, (pairs + 1) / 2, &plain);
	if (!err)
		err = theta_of(cell->plus, pairs / 2, &plus);
	if (!err)
		err = verdict_control_means(cell->control_means, pairs, &means);
	if (err)
		return err;
	controls->margin = verdict_margin(plain);
	controls->rare |= verdict_means_slower(&means, rule->tolerance);
	controls->failed = !verdict_control_holds(plain, 0, &shift) ||
		  !verdict_control_holds(plus, log1p(verdict_added(rule->tolerance)), &shift);
	return 0;
}

/* A cell that is slower in the mean only is not believed where A is so against itself. */
static void disbelieve(struct drawn_cell *cell, const struct drawn_controls *controls)
{
	if (controls->rare && cell->verdict == VERDICT_REGRESSED && cell->kind == SLOWER_RARE)
		cell->verdict = VERDICT_CANNOT_TELL;
}

static int look(struct drawn_cell *cell, const struct pair_rule *rule, size_t pairs,
		const struct drawn_controls *controls)
{
	struct shift shift, mean;
	int err;

	disbelieve(cell, controls);
	if (cell->verdict != VERDICT_CANNOT_TELL)
		return 0;
	err = verdict_pairs(cell->d, pairs, rule->cells, &shift);
	if (!err)
		err = verdict_pair_means(cell->means, pairs, rule->cells, &mean);
	if (err)
		return err;
	cell->kind = SLOWER_TYPICAL;
	cell->verdict = verdict_of_pairs(&shift, &mean, rule->tolerance, controls->margin, pairs == rule->max_pairs,
					 &cell->kind);
	disbelieve(cell, controls);
	cell->pairs = pairs;
	return 0;
}

static bool undecided(const struct drawn_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].verdict == VERDICT_CANNOT_TELL)
			return true;
	return false;
}

static int draw_gate(struct drawn_cell *cells, const struct pair_series *series, const struct pair_rule *rule,
		     uint64_t *random, struct drawn_controls *controls)
{
	size_t looks[LOOKS_MOST], count = verdict_pair_looks(rule->max_pairs, looks);
	int err = 0;

	*controls = (struct drawn_controls){ .margin = 0 };
	for (size_t i = 0; i < rule->cells; i++)
		draw_cell(&cells[i], series, rule, i == 0 ? rule->slowdown : 0, random);
	for (size_t k = 0; k < count && undecided(cells, rule->cells) && !err; k++) {
		if (series->has_control)
			err = judge_controls(cells, rule, looks[k], controls);
		for (size_t i = 0; i < rule->cells && !err; i++)
			err = look(&cells[i], rule, looks[k], controls);
	}
	return err;
}

/* ---- Many ---- */

static enum verdict verdict_on(const struct drawn_cell *cells, size_t count, bool failed, bool *rare)
{
	enum verdict verdicts[PAIR_CELLS_MOST], all;

	*rare = false;
	for (size_t i = 0; i < count; i++) {
		verdicts[i] = cells[i].verdict;
		*rare |= cells[i].verdict == VERDICT_REGRESSED && cells[i].kind == SLOWER_RARE;
	}
	all = failed ? VERDICT_CANNOT_TELL : verdict_in_all(verdicts, count);
	*rare &= all == VERDICT_REGRESSED;
	return all;
}

/* Adds a gate to the tally; returns how many pairs it took. */
static size_t count_gate(struct pair_tally *tally, const struct drawn_cell *cells, size_t count, bool failed)
{
	size_t pairs = 0;
	bool rare;

	tally->verdicts[verdict_on(cells, count, failed, &rare)]++;
	tally->rare += rare;
	tally->controls_failed += failed;
	for (size_t i = 0; i < count; i++)
		pairs += cells[i].pairs;
	return pairs;
}

int tally_pairs(const struct pair_series *series, const struct pair_rule *rule, size_t gates, uint64_t seed,
		struct pair_tally *tally)
{
	struct drawn_cell *cells = calloc(rule->cells, sizeof(*cells));
	double *pairs = calloc(gates + 1, sizeof(*pairs));
	int err = cells && pairs ? 0 : -ENOMEM;
	struct drawn_controls controls;

	*tally = (struct pair_tally){ .gates = gates };
	for (size_t i = 0; i < gates && !err; i++) {
		err = draw_gate(cells, series, rule, &seed, &controls);
		if (err)
			break;
		pairs[i] = (double)count_gate(tally, cells, rule->cells, controls.failed);
		tally->pairs_mean += pairs[i] / (double)gates;
	}
	if (!err) {
		values_sort(pairs, gates);
		tally->pairs_median = values_median(pairs, gates);
	}
	free(pairs);
	free(cells);
	return err;
}
