#include "gate/sentence.h"

#include "analyse/verdict.h"
#include "gate/pairs/times.h"

#include <math.h>
#include <stdio.h>

/* How a cell counts in the sentence. */
enum kind { KIND_FAILED, KIND_REGRESSED, KIND_UNCLEAR, KIND_ALLOWED, KIND_PASSED, KIND_UNCHANGED, KINDS };

struct group {
	size_t count;
	const struct gate_cell *slowest, *highest; /* by estimate, by upper bound; cells that have bounds first */
};

struct sentence {
	FILE *out;
	const struct gate *gate;
	struct group groups[KINDS];
};

static enum kind kind_of(const struct gate_cell *cell)
{
	static const enum kind kinds[] = {
		[VERDICT_PASS] = KIND_PASSED,
		[VERDICT_REGRESSED] = KIND_REGRESSED,
		[VERDICT_CANNOT_TELL] = KIND_UNCLEAR,
		[VERDICT_UNCHANGED] = KIND_UNCHANGED,
	};

	if (cell->failed)
		return KIND_FAILED;
	return cell->verdict == VERDICT_REGRESSED && cell->allowed ? KIND_ALLOWED : kinds[cell->verdict];
}

/* By how much a cell is slower, by what its verdict rests on. */
static double slowdown_of(const struct gate_cell *cell)
{
	bool rare = cell->verdict == VERDICT_REGRESSED && cell->kind == SLOWER_RARE;

	return rare ? cell->mean.theta : cell->slowdown.theta;
}

/* An estimate without bounds says nothing: of one pair it may be anything. */
static bool is_bounded(const struct gate_cell *cell)
{
	return cell->measured && (isfinite(cell->slowdown.low) || isfinite(cell->slowdown.high));
}

static void add(struct group *group, const struct gate_cell *cell)
{
	const struct gate_cell *slowest = group->slowest, *highest = group->highest;
	bool bounded = is_bounded(cell);

	if (!slowest || (bounded && !(is_bounded(slowest) && slowdown_of(slowest) >= slowdown_of(cell))))
		group->slowest = cell;
	if (!highest || (bounded && !(is_bounded(highest) && highest->slowdown.high >= cell->slowdown.high)))
		group->highest = cell;
	group->count++;
}

/* Writes "1.45", on that side of the limit on which the share lies (NaN: no limit), as the tables do. */
static void say_percent(const struct sentence *s, double share, double limit)
{
	int decimals = verdict_decimals(share, s->gate->by_instructions);

	fprintf(s->out, "%.*f", decimals, fabs(verdict_percent(share, limit, decimals)));
}

static void say_more(const struct sentence *s, enum kind kind)
{
	if (s->groups[kind].count > 1)
		fprintf(s->out, ", and %zu more", s->groups[kind].count - 1);
}

/* "CELL: side B: lost worker" */
static void say_failed(const struct sentence *s)
{
	const struct gate_cell *cell = s->groups[KIND_FAILED].slowest;

	fprintf(s->out, "%s: ", cell->id);
	if (cell->failure.kind != FAILURE_UNAVAILABLE)
		fprintf(s->out, "side %s: ", cell->failed_side == SIDE_B ? "B" : "A");
	fputs(cell->failure.message, s->out);
	say_more(s, KIND_FAILED);
}

/* "CELL is 2.1 % slower" */
static void say_slower(const struct sentence *s, const struct gate_cell *cell)
{
	bool counted = s->gate->by_instructions;

	fprintf(s->out, "%s %s ", cell->id, counted ? "executes" : "is");
	say_percent(s, expm1(slowdown_of(cell)), counted ? s->gate->tolerance : NAN);
	fputs(counted ? " % more instructions" : " % slower", s->out);
}

/* ": the slowest tenth of its rounds takes 48 % longer than others, of A's 2 %", if that is why the mean is slower:
 * then the tenths are further apart than the means. */
static void say_slowest_tenth(const struct sentence *s, const struct gate_cell *cell)
{
	double a = pair_slowest_tenth(cell, SIDE_A), b = pair_slowest_tenth(cell, SIDE_B);

	if (!(b - a > expm1(cell->mean.theta)))
		return;
	fputs(": the slowest tenth of its rounds takes ", s->out);
	say_percent(s, b, NAN);
	fputs(" % longer than others, of A's ", s->out);
	say_percent(s, a, NAN);
	fputs(" %", s->out);
}

/* "CELL is 4.9 % slower on average (at least 3.1 %): the slowest tenth of its rounds takes 48 % longer than others, of
 * A's 2 %; undisturbed it is slower by at most 0.3 %" */
static void say_rare(const struct sentence *s, const struct gate_cell *cell)
{
	fprintf(s->out, "%s is ", cell->id);
	say_percent(s, expm1(cell->mean.theta), s->gate->tolerance);
	fputs(" % slower on average (at least ", s->out);
	say_percent(s, expm1(cell->mean.low), 0);
	fputs(" %)", s->out);
	say_slowest_tenth(s, cell);
	if (cell->slowdown.high < log1p(s->gate->tolerance)) {
		fputs("; undisturbed it is slower by at most ", s->out);
		say_percent(s, fmax(0, expm1(cell->slowdown.high)), s->gate->tolerance);
		fputs(" %", s->out);
	}
}

static void say_typical(const struct sentence *s, const struct gate_cell *cell)
{
	say_slower(s, cell);
	if (s->gate->by_instructions)
		return;
	fputs(" (", s->out);
	say_percent(s, expm1(cell->slowdown.low), expm1(s->gate->margin));
	fputs(" to ", s->out);
	say_percent(s, expm1(cell->slowdown.high), s->gate->tolerance);
	fputs(" %)", s->out);
}

static void say_regressed(const struct sentence *s)
{
	const struct gate_cell *cell = s->groups[KIND_REGRESSED].slowest;

	if (cell->kind == SLOWER_RARE)
		say_rare(s, cell);
	else
		say_typical(s, cell);
	say_more(s, KIND_REGRESSED);
}

/* " is between 0.8 % faster and 3.4 % slower" */
static void say_between(const struct sentence *s, double low, double high)
{
	double margin = expm1(s->gate->margin), tolerance = s->gate->tolerance;
	bool faster = high <= 0;

	fputs(low < 0 && high > 0 ? " is between " : " is ", s->out);
	say_percent(s, faster ? high : low, faster ? tolerance : margin);
	fputs(low < 0 && high > 0 ? " % faster and " : " to ", s->out);
	say_percent(s, faster ? low : high, faster ? margin : tolerance);
	fputs(faster ? " % faster" : " % slower", s->out);
}

static void say_bounds(const struct sentence *s, const struct gate_cell *cell)
{
	if (!cell->measured || s->gate->by_instructions || !isfinite(cell->smallest_excluded))
		return;
	if (cell->pairing) {
		say_between(s, expm1(cell->slowdown.low), expm1(cell->slowdown.high));
	} else {
		fputs(" may be up to ", s->out);
		say_percent(s, cell->smallest_excluded, s->gate->tolerance);
		fputs(" % slower", s->out);
	}
}

static void say_unclear(const struct sentence *s)
{
	const struct group *unclear = &s->groups[KIND_UNCLEAR];
	const struct gate_cell *cell = unclear->slowest;

	fputs(cell->id, s->out);
	say_bounds(s, cell);
	if (cell->reason[0])
		fprintf(s->out, ": %s", cell->reason);
	if (unclear->count > 1)
		fprintf(s->out, "; %zu more %s not decided, either", unclear->count - 1,
			unclear->count > 2 ? "are" : "is");
}

static void say_allowed(const struct sentence *s)
{
	say_slower(s, s->groups[KIND_ALLOWED].slowest);
	fputs(", which is allowed", s->out);
	say_more(s, KIND_ALLOWED);
}

static void say_counted(const struct sentence *s)
{
	const struct gate_cell *cell = s->groups[KIND_PASSED].slowest;

	if (!(cell->slowdown.theta > 0)) {
		fputs("nothing executes more instructions", s->out);
		return;
	}
	fprintf(s->out, "nothing executes over %.4g %% more instructions; %s executes the most, ",
		100 * s->gate->tolerance, cell->id);
	say_percent(s, expm1(cell->slowdown.theta), s->gate->tolerance);
	fputs(" % more", s->out);
}

/* Says what is known of the cell that came closest to the tolerance: all others stay below its upper bound. */
static void say_timed(const struct sentence *s)
{
	const struct gate_cell *cell = s->groups[KIND_PASSED].highest;
	double most = expm1(cell->slowdown.high);

	if (most < 0) {
		fprintf(s->out, "nothing is slower; %s takes at least ", cell->id);
		say_percent(s, most, s->gate->tolerance);
		fputs(" % less time", s->out);
	} else {
		fprintf(s->out, "nothing is slower by %.4g %% or more; %s by at most ", 100 * s->gate->tolerance,
			cell->id);
		say_percent(s, most, s->gate->tolerance);
		fputs(" %", s->out);
	}
}

static void say_passed(const struct sentence *s)
{
	if (!s->groups[KIND_PASSED].count)
		fputs("both sides are the same code, so nothing was run", s->out);
	else if (s->gate->by_instructions)
		say_counted(s);
	else
		say_timed(s);
}

/* Says what became of the cells in which no side failed, if there are any. */
static void say_judged(const struct sentence *s, const char *broken)
{
	const struct group *groups = s->groups;
	bool good = groups[KIND_PASSED].count || groups[KIND_UNCHANGED].count;

	if (broken) {
		fprintf(s->out, "a control failed: %s, so no verdict of this gate is believed", broken);
	} else if (groups[KIND_REGRESSED].count) {
		say_regressed(s);
	} else if (groups[KIND_UNCLEAR].count) {
		say_unclear(s);
	} else {
		if (groups[KIND_ALLOWED].count)
			say_allowed(s);
		if (groups[KIND_ALLOWED].count && good)
			fputs("; of the rest ", s->out);
		if (good)
			say_passed(s);
	}
}

void sentence_write(struct gate *gate, const char *broken)
{
	struct sentence s = { .out = fmemopen(gate->conclusion, sizeof(gate->conclusion) - 1, "w"), .gate = gate };
	const struct group *failed = &s.groups[KIND_FAILED];

	if (!s.out)
		return;
	for (size_t i = 0; i < gate->cell_count; i++)
		add(&s.groups[kind_of(&gate->cells[i])], &gate->cells[i]);
	fprintf(s.out, "%s: ", failed->count ? "failed" : verdict_word(gate->verdict));
	if (failed->count)
		say_failed(&s);
	if (failed->count && failed->count < gate->cell_count)
		fputs("; as for the rest, ", s.out);
	if (failed->count < gate->cell_count)
		say_judged(&s, broken);
	fclose(s.out);
}
