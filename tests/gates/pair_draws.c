#include "gates/pair_draws.h"

#include "analyse/statistics.h"
#include "base/random.h"
#include "gate/pairs/judge.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- One gate ---- */

static void draw_labels(const struct pair_rule *rule, const struct pair_series *series, size_t order[PAIR_SIDES],
			uint64_t *random)
{
	for (size_t i = 0; i < PAIR_SIDES; i++)
		order[i] = i;
	if (rule->labels == LABELS_SWAPPED) {
		order[0] = order[2] = 1;
		order[1] = 0;
	}
	if (rule->labels == LABELS_DRAWN)
		random_shuffle(order, series->has_control ? PAIR_SIDES : PAIR_SIDES - 1, sizeof(*order), random);
}

static struct pair_time time_of(const struct pair_values *pair, size_t side, double more)
{
	return (struct pair_time){
		.undisturbed_ns = exp(pair->undisturbed[side] + more), .mean_ns = exp(pair->mean[side] + more)
	};
}

/* Draws all pairs that the cell could have; pair_count says how many the gate has seen. */
static void draw_cell(struct gate_cell *cell, const struct pair_series *series, const struct pair_rule *rule,
		      double slowdown, uint64_t *random)
{
	size_t from = random_below(random, series->count), order[PAIR_SIDES];

	cell->verdict = VERDICT_CANNOT_TELL;
	for (size_t i = 0; i < rule->max_pairs; i++) {
		const struct pair_values *values = &series->pairs[(from + i) % series->count];
		struct gate_pair *pair = &cell->pairs[i];

		draw_labels(rule, series, order, random);
		*pair = (struct gate_pair){
			.has_control = series->has_control, .added = i % 2 ? log1p(verdict_added(rule->tolerance)) : 0
		};
		pair->times[SIDE_A] = time_of(values, order[0], 0);
		pair->times[SIDE_B] = time_of(values, order[1], log1p(slowdown));
		pair->times[SIDE_CONTROL] = time_of(values, order[2], rule->blind ? 0 : pair->added);
	}
}

/* Takes a look at all cells that are not decided. The first one carries the controls. */
static int look(struct gate *gate, const struct pair_rule *rule, size_t pairs)
{
	struct gate_cell *cells = gate->cells;
	int err;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (i == 0 || cells[i].verdict == VERDICT_CANNOT_TELL)
			cells[i].pair_count = pairs;
	err = cells[0].pairs[0].has_control ? pairs_judge_controls(gate, &cells[0]) : 0;
	for (size_t i = 0; i < gate->cell_count && !err; i++) {
		pairs_disbelieve(gate, &cells[i]);
		if (cells[i].verdict == VERDICT_CANNOT_TELL)
			err = pairs_look(gate, &cells[i], gate->cell_count, pairs == rule->max_pairs);
	}
	return err;
}

static bool undecided(const struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].verdict == VERDICT_CANNOT_TELL)
			return true;
	return false;
}

static int draw_gate(struct gate *gate, const struct pair_series *series, const struct pair_rule *rule,
		     uint64_t *random)
{
	size_t looks[LOOKS_MOST], count = verdict_pair_looks(rule->max_pairs, looks);
	int err = 0;

	for (size_t i = 0; i < rule->cells; i++)
		draw_cell(&gate->cells[i], series, rule, i == 0 ? rule->slowdown : 0, random);
	for (size_t k = 0; k < count && undecided(gate) && !err; k++)
		err = look(gate, rule, looks[k]);
	return err;
}

/* ---- Many ---- */

static bool controls_failed(const struct gate *gate)
{
	return (gate->aa.done && !gate->aa.holds) || (gate->plus.done && !gate->plus.holds);
}

static enum verdict verdict_on(const struct gate *gate, bool *rare)
{
	enum verdict verdicts[PAIR_CELLS_MOST], all;

	*rare = false;
	for (size_t i = 0; i < gate->cell_count; i++) {
		verdicts[i] = gate->cells[i].verdict;
		*rare |= verdicts[i] == VERDICT_REGRESSED && gate->cells[i].kind == SLOWER_RARE;
	}
	all = controls_failed(gate) ? VERDICT_CANNOT_TELL : verdict_in_all(verdicts, gate->cell_count);
	*rare &= all == VERDICT_REGRESSED;
	return all;
}

/* Adds a gate to the tally; returns how many pairs it took. */
static size_t count_gate(struct pair_tally *tally, const struct gate *gate)
{
	size_t pairs = 0;
	bool rare;

	tally->verdicts[verdict_on(gate, &rare)]++;
	tally->rare += rare;
	tally->controls_failed += controls_failed(gate);
	for (size_t i = 0; i < gate->cell_count; i++)
		pairs += gate->cells[i].pair_count;
	return pairs;
}

/* Draws and judges one gate in `cells`, whose pairs have room for those of a gate. */
static int tally_gate(struct gate_cell *cells, const struct pair_series *series, const struct pair_rule *rule,
		      uint64_t *random, struct pair_tally *tally, double *pairs)
{
	struct gate gate = { .cells = cells, .cell_count = rule->cells, .tolerance = rule->tolerance };
	int err;

	for (size_t i = 0; i < rule->cells; i++)
		cells[i] = (struct gate_cell){ .pairs = cells[i].pairs };
	err = draw_gate(&gate, series, rule, random);
	*pairs = err ? 0 : (double)count_gate(tally, &gate);
	tally->pairs_mean += *pairs / (double)tally->gates;
	return err;
}

int tally_pairs(const struct pair_series *series, const struct pair_rule *rule, size_t gates, uint64_t seed,
		struct pair_tally *tally)
{
	struct gate_cell *cells = calloc(rule->cells, sizeof(*cells));
	struct gate_pair *room = calloc(rule->cells * PAIRS_MOST, sizeof(*room));
	double *pairs = calloc(gates + 1, sizeof(*pairs));
	int err = cells && room && pairs ? 0 : -ENOMEM;

	*tally = (struct pair_tally){ .gates = gates };
	for (size_t i = 0; i < rule->cells && !err; i++)
		cells[i].pairs = room + i * PAIRS_MOST;
	for (size_t i = 0; i < gates && !err; i++)
		err = tally_gate(cells, series, rule, &seed, tally, &pairs[i]);
	if (!err) {
		values_sort(pairs, gates);
		tally->pairs_median = values_median(pairs, gates);
	}
	free(pairs);
	free(room);
	free(cells);
	return err;
}
