#include "report/run/conclusion/internal.h"

#include <inttypes.h>

#define COSTS 2     /* ways whose cost is told */
#define WIDE_MOST 2 /* a speedup whose bounds are further apart, as a ratio, is not told: it may be anything */

/* ---- What the rest costs ---- */

/* The way with the least ratio of those that are slower and cost at least as much as `than`, which comes before it;
 * NULL: there is none. */
static const struct contender *next_slower(const struct contest *contest, const struct contender *than)
{
	const struct contender *next = NULL;

	for (const struct contender *own = contest->contender; own < contest->contender + contest->count; own++) {
		double ratio = own->ratio.median;

		if (!contender_has(own, SLOWER) ||
		    (than && (ratio < than->ratio.median || (ratio == than->ratio.median && own <= than))))
			continue;
		if (!next || ratio < next->ratio.median)
			next = own;
	}
	return next;
}

static double greatest_ratio(const struct contest *contest)
{
	double most = 1;

	for (size_t i = 0; i < contest->count; i++)
		if (contender_has(&contest->contender[i], SLOWER))
			most = fmax(most, contest->contender[i].ratio.median);
	return most;
}

/* "; it takes 12 % longer with processes, 20 % with executor, and up to 340 % with 4 others" */
static void write_costs(const struct telling *t)
{
	const size_t all = contest_count(t->contest, SLOWER), named = all > COSTS + 1 ? COSTS : all;
	const struct contender *slower = NULL;

	for (size_t i = 0; i < named; i++) {
		slower = next_slower(t->contest, slower);
		fputs(i ? ", " : "; it takes ", t->out);
		write_percent(t->out, slower->ratio.median);
		fputs(i ? " with " : " longer with ", t->out);
		tell_other(t, slower->row);
	}
	if (named < all) {
		fputs(", and up to ", t->out);
		write_percent(t->out, greatest_ratio(t->contest));
		fprintf(t->out, " with %zu others", all - named);
	}
}

/* ---- What cannot be told ---- */

static double widest_open(const struct contest *contest)
{
	double most = 0;

	for (size_t i = 0; i < contest->count; i++)
		if (contender_has(&contest->contender[i], OPEN))
			most = fmax(most, contest->contender[i].ratio.high - 1);
	return most;
}

static void write_open(const struct telling *t)
{
	double open = widest_open(t->contest);

	fputs("; nothing can be told of ", t->out);
	tell_ways(t, OPEN);
	fputs(", which may cost up to ", t->out);
	write_most(t->out, 1 + open);
	fputs(" more, or nothing: ", t->out);
	write_budget_for_width(t->out, t->rows, open);
	fputs(" would tell", t->out);
}

static uint64_t most_invocations(const struct contest *contest)
{
	uint64_t most = 0;

	for (size_t i = 0; i < contest->count; i++)
		if (row_invocations(contest->contender[i].row) > most)
			most = row_invocations(contest->contender[i].row);
	return most;
}

static void write_unsure(const struct telling *t)
{
	fputs("; too few processes measured ", t->out);
	tell_ways(t, UNSURE);
	fputs(" to compare", t->out);
}

/* Says that no way has an interval, what would give one, and how it looks. */
static void write_unranked(const struct telling *t)
{
	uint64_t invocations = most_invocations(t->contest);

	fprintf(t->out,
		"nothing can be told: each way was measured by %" PRIu64
		" process%s (invocations) at most, and it takes %d: ",
		invocations, invocations == 1 ? "" : "es", ENOUGH);
	write_way_to_invocations(t->out, t->rows, invocations);
	fputs(" would tell; as it looks, ", t->out);
	write_way(t->out, t->rows, t->contest->quickest);
	fputs(" took the least time, ", t->out);
	tell_speed(t, t->contest->quickest);
}

/* Says that what seems fastest has no interval. */
static void write_unproven(const struct telling *t)
{
	const struct row *quickest = t->contest->quickest;
	uint64_t invocations = row_invocations(quickest);

	fputs("cannot tell which way is fastest: ", t->out);
	write_way(t->out, t->rows, quickest);
	fputs(" took the least time, ", t->out);
	tell_speed(t, quickest);
	fprintf(t->out, ", but was measured by %" PRIu64 " process%s (invocations), and it takes %d: ", invocations,
		invocations == 1 ? "" : "es", ENOUGH);
	write_way_to_invocations(t->out, t->rows, invocations);
	fputs(" would tell; ", t->out);
	write_way(t->out, t->rows, t->fastest);
	fputs(" is ", t->out);
	tell_speed(t, t->fastest);
}

/* Says that the speedup has no interval, mostly for the sequential cell's sake. */
static void write_unsure_baseline(const struct telling *t)
{
	uint64_t invocations = t->contest->baseline ? row_invocations(t->contest->baseline) : 0;

	fputs("how much parallel running gains cannot be told", t->out);
	if (invocations && invocations < ENOUGH)
		fprintf(t->out, ", since %" PRIu64 " process%s measured sequential, and it takes %d", invocations,
			invocations == 1 ? "" : "es", ENOUGH);
	fputs(": ", t->out);
	write_budget_for_invocations(t->out, t->rows, invocations);
	fputs(" would tell; so far, ", t->out);
}

/* ---- The decision ---- */

/* Which of several ways is to be taken, and why no faster one is missed. */
static void write_choice(const struct telling *t)
{
	const struct contender *simplest = t->contest->simplest;

	tell_ways(t, EQUAL);
	fputs(" are equally fast within noise (", t->out);
	tell_gains(t, EQUAL);
	fputs("); take the simplest, ", t->out);
	tell_other(t, simplest->row);
	if (simplest->row != t->fastest) {
		fputs(", at most ", t->out);
		write_most(t->out, simplest->ratio.high);
		fputs(" slower than ", t->out);
		tell_series(t, t->fastest);
	}
}

static void write_undecided(const struct telling *t)
{
	double open = widest_open(t->contest);

	fputs("cannot tell which of ", t->out);
	tell_ways(t, EQUAL | OPEN);
	fputs(" is fastest: they may be equal, or up to ", t->out);
	write_most(t->out, 1 + open);
	fputs(" apart (", t->out);
	tell_gains(t, EQUAL | OPEN);
	fputs("); ", t->out);
	write_budget_for_width(t->out, t->rows, open);
	fputs(" would tell", t->out);
}

static void write_ranking(const struct telling *t)
{
	bool equal = contest_count(t->contest, EQUAL) > 1, open = contest_count(t->contest, OPEN);

	if (equal) {
		write_choice(t);
	} else if (open) {
		write_undecided(t);
	} else {
		write_way(t->out, t->rows, t->fastest);
		fputs(t->contest->count > 1 ? " is fastest: " : " is ", t->out);
		tell_speed(t, t->fastest);
	}
	write_costs(t);
	if (equal && open)
		write_open(t);
	if (contest_count(t->contest, UNSURE))
		write_unsure(t);
}

/* Says whether parallel running pays, where it is not shown to. */
static void write_no_gain(const struct telling *t)
{
	struct interval speedup = t->fastest->value[QUANTITY_SPEEDUP];

	if (speedup.high < 1)
		fputs("parallel running does not pay: sequential is fastest; ", t->out);
	else if (speedup.high <= 1 + EQUAL_MOST)
		fputs("parallel running does not pay: sequential is as fast as the fastest within noise; ", t->out);
	else
		fputs("whether parallel running pays cannot be told", t->out);
	if (speedup.high <= WIDE_MOST * speedup.low) {
		fputs(speedup.high <= 1 + EQUAL_MOST ? "" : "; ", t->out);
		write_way(t->out, t->rows, t->fastest);
		fputs(" is ", t->out);
		tell_speed(t, t->fastest);
	}
	if (speedup.high <= 1 + EQUAL_MOST)
		return;
	fputs(": ", t->out);
	write_budget_for_width(t->out, t->rows, speedup.high - 1);
	fputs(" would tell", t->out);
}

static void write_comparison(const struct telling *t)
{
	struct interval speedup = t->fastest->value[QUANTITY_SPEEDUP];

	if (isnan(speedup.median)) {
		write_ranking(t);
		fputs("; without a sequential baseline no speedup can be told", t->out);
	} else if (!(speedup.level >= CONFIDENCE)) {
		write_unsure_baseline(t);
		write_ranking(t);
	} else if (speedup.low > 1) {
		write_ranking(t);
	} else {
		write_no_gain(t);
	}
}

void write_decision(FILE *out, const struct rows *rows, const struct contest *contest, const char *micro)
{
	const struct telling t = {
		.out = out, .rows = rows, .contest = contest, .micro = micro,
		.fastest = contest->fastest ? contest->fastest->row : contest->quickest,
	};

	if (contest->unproven) {
		write_unproven(&t);
	} else if (contest->fastest) {
		write_comparison(&t);
	} else if (contest->quickest) {
		write_unranked(&t);
	} else if (contest->baseline) {
		write_way(out, rows, contest->baseline);
		fputs(" takes ", out);
		tell_time(&t, contest->baseline);
		fputs("; there is nothing measured to compare it with", out);
	} else {
		fputs("nothing could be measured that can be compared", out);
	}
}
