/* What would decide the cells that are not decided. */
#include "gate/internal.h"

#include "base/clock.h"
#include "base/duration.h"
#include "gate/pairs/judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Pairs that would decide a cell, at least those of the first look. */
static double needed(const struct campaign_state *c, size_t i)
{
	return fmax(pairs_needed(c->gate, &c->gate->cells[i]), (double)c->looks[0]);
}

/* No time decides these. */
static bool is_hopeless(const struct campaign_state *c, size_t i)
{
	return needed(c, i) > GATE_PAIRS_MOST;
}

/* How long the cells with pairs took in the mean; NANs: there are none. */
struct mean_times {
	double open_ns, pair_ns;
};

static struct mean_times mean_times(const struct campaign_state *c)
{
	struct mean_times sums = { 0 };
	double known = 0;

	for (size_t i = 0; i < c->gate->cell_count; i++) {
		if (!c->cells[i].pair_ns)
			continue;
		sums.open_ns += (double)c->cells[i].open_ns;
		sums.pair_ns += (double)c->cells[i].pair_ns;
		known++;
	}
	return (struct mean_times){ sums.open_ns / known, sums.pair_ns / known };
}

/* What a cell still takes until it is decided. One without pairs is taken for one as the others are. */
static double rest_ns(const struct campaign_state *c, size_t i, const struct mean_times *mean)
{
	const struct campaign_cell *state = &c->cells[i];
	double more = needed(c, i) - (double)c->gate->cells[i].pair_count;
	double open_ns = state->opened ? 0 : mean->open_ns;
	double pair_ns = state->pair_ns ? (double)state->pair_ns : mean->pair_ns;

	return open_ns + pair_ns * fmax(0, more);
}

/* The budget in which all cells would be decided that can be, as far as is known; NAN: it is not. */
static double budget_ns(const struct campaign_state *c)
{
	struct mean_times mean = mean_times(c);
	double all_ns = (double)(clock_ns() - c->began_ns);

	for (size_t i = 0; i < c->gate->cell_count; i++)
		if (is_open(&c->gate->cells[i]) && !is_hopeless(c, i))
			all_ns += rest_ns(c, i, &mean);
	return all_ns;
}

/* Rounds up to two digits, so that it is at least as much and looks like the estimate that it is. */
static double rounded_up(double number)
{
	double step = pow(10, fmax(0, floor(log10(number)) - 1));

	return ceil(number / step) * step;
}

/* "; about 60 would do (--budget 40s --max-runs 60)", without what need not be asked for */
static void add_advice(char *text, size_t size, const struct campaign_state *c, size_t i, double needed_ns)
{
	bool late = c->gate->cells[i].out_of_time && isfinite(needed_ns);
	double pairs = rounded_up(needed(c, i)), most = (double)c->looks[c->look_count - 1];
	char budget[DURATION_TEXT] = "", runs[32] = "";
	bool asks = late || pairs > most;

	if (late)
		duration_option(budget, duration_round_up(needed_ns));
	if (pairs > most)
		snprintf(runs, sizeof(runs), "%s--max-runs %.0f", late ? " " : "", pairs);
	if (is_hopeless(c, i))
		snprintf(text, size, "; it would take over %d: a larger --tolerance or a quieter machine helps",
			 GATE_PAIRS_MOST);
	else if (pairs > (double)c->gate->cells[i].pair_count)
		snprintf(text, size, "; about %.0f would do%s%s%s%s%s", pairs, asks ? " (" : "",
			 late ? "--budget " : "", budget, runs, asks ? ")" : "");
}

/* "the mean seems slower by 6.90 %; ", where that alone keeps a cell from passing */
static void explain_mean(char *text, size_t size, const struct gate *gate, const struct gate_cell *cell)
{
	double limit = log1p(gate->tolerance), seems = expm1(cell->mean.theta);
	int decimals = verdict_decimals(seems, false);

	text[0] = '\0';
	if (cell->kind == SLOWER_RARE)
		snprintf(text, size, "it is slower in the mean, by which A differed from itself, too; ");
	else if (cell->measured && cell->slowdown.high < limit && cell->mean.theta > limit)
		snprintf(text, size, "the mean seems slower by %.*f %%; ", decimals,
			 verdict_percent(seems, gate->tolerance, decimals));
}

static void explain(struct campaign_state *c, size_t i, double needed_ns)
{
	struct gate_cell *cell = &c->gate->cells[i];
	char mean[96];
	size_t used;

	explain_mean(mean, sizeof(mean), c->gate, cell);
	snprintf(cell->reason, sizeof(cell->reason), "%s%s after %zu pair%s", mean,
		 cell->out_of_time ? "the time of --budget was over" : "it is not decided", cell->pair_count,
		 cell->pair_count == 1 ? "" : "s");
	used = strlen(cell->reason);
	add_advice(cell->reason + used, sizeof(cell->reason) - used, c, i, needed_ns);
}

void campaign_advise(struct campaign_state *c)
{
	double needed_ns = budget_ns(c);

	for (size_t i = 0; i < c->gate->cell_count; i++)
		if (is_open(&c->gate->cells[i]) && (c->gate->cells[i].pair_count || c->gate->cells[i].out_of_time))
			explain(c, i, needed_ns);
}
