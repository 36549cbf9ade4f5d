/* What would decide the cells that are not decided. */
#include "gate/internal.h"

#include "base/clock.h"
#include "gate/pairs/judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Pairs that would decide a cell, at least those of the first look. */
static size_t needed(const struct campaign_state *c, size_t i)
{
	size_t pairs = pairs_needed(c->gate, &c->gate->cells[i]);

	return pairs > c->looks[0] ? pairs : c->looks[0];
}

static bool is_open(const struct gate_cell *cell)
{
	return !cell->failed && cell->verdict == VERDICT_CANNOT_TELL;
}

/* The budget, in seconds, in which all cells would be decided, as far as can be known; NAN: it cannot. */
static double budget_s(const struct campaign_state *c)
{
	double known_ns = 0, rest_ns = (double)(clock_ns() - c->began_ns);
	size_t known = 0;

	for (size_t i = 0; i < c->gate->cell_count; i++) {
		known_ns += (double)c->cells[i].pair_ns;
		known += c->cells[i].pair_ns > 0;
	}
	for (size_t i = 0; i < c->gate->cell_count; i++) {
		const struct gate_cell *cell = &c->gate->cells[i];
		double pair_ns = c->cells[i].pair_ns ? (double)c->cells[i].pair_ns : known_ns / (double)known;

		if (is_open(cell) && needed(c, i) > cell->pair_count)
			rest_ns += pair_ns * (double)(needed(c, i) - cell->pair_count);
	}
	return rest_ns / 1e9;
}

/* Rounds up to two digits, so that it is at least as much and looks like the estimate that it is. */
static double rounded_up(double number)
{
	double step = pow(10, fmax(0, floor(log10(number)) - 1));

	return ceil(number / step) * step;
}

/* "; about 60 would do (--budget 40s --max-runs 60)", without what need not be asked for */
static void add_advice(char *text, size_t size, const struct campaign_state *c, size_t i, double seconds)
{
	bool late = c->gate->cells[i].out_of_time && isfinite(seconds);
	size_t pairs = (size_t)rounded_up((double)needed(c, i)), most = c->looks[c->look_count - 1];
	char budget[32] = "", runs[32] = "";
	bool asks = late || pairs > most;

	if (late)
		snprintf(budget, sizeof(budget), "--budget %.0f%s",
			 rounded_up(seconds < 120 ? seconds : seconds / 60), seconds < 120 ? "s" : "m");
	if (pairs > most)
		snprintf(runs, sizeof(runs), "%s--max-runs %zu", late ? " " : "", pairs);
	if (pairs > GATE_PAIRS_MOST)
		snprintf(text, size, "; it would take over %d here: raise --tolerance", GATE_PAIRS_MOST);
	else if (pairs > c->gate->cells[i].pair_count)
		snprintf(text, size, "; about %zu would do%s%s%s%s", pairs, asks ? " (" : "", budget, runs,
			 asks ? ")" : "");
}

static void explain(struct campaign_state *c, size_t i, double seconds)
{
	struct gate_cell *cell = &c->gate->cells[i];
	size_t used;

	snprintf(cell->reason, sizeof(cell->reason), "%s after %zu pair%s",
		 cell->out_of_time ? "the time of --budget was over" : "it is not decided", cell->pair_count,
		 cell->pair_count == 1 ? "" : "s");
	used = strlen(cell->reason);
	add_advice(cell->reason + used, sizeof(cell->reason) - used, c, i, seconds);
}

void campaign_advise(struct campaign_state *c)
{
	double seconds = budget_s(c);

	for (size_t i = 0; i < c->gate->cell_count; i++)
		if (is_open(&c->gate->cells[i]) && (c->gate->cells[i].pair_count || c->gate->cells[i].out_of_time))
			explain(c, i, seconds);
}
