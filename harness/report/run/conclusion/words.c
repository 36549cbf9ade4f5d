#include "report/run/conclusion/internal.h"

#include "report/kit/units.h"

#include <inttypes.h>
#include <string.h>

#define NAMED 4 /* ways in a list */

void tell_series(const struct telling *t, const struct row *row)
{
	char series[96];

	row_series(series, sizeof(series), t->rows, row);
	fputs(series, t->out);
}

static void tell_workers(const struct telling *t, const struct row *row)
{
	fprintf(t->out, " with %" PRIu64 " worker%s", row->workers, row->workers == 1 ? "" : "s");
}

void tell_other(const struct telling *t, const struct row *row)
{
	tell_series(t, row);
	if (row->workers != t->fastest->workers)
		tell_workers(t, row);
}

void write_way(FILE *out, const struct rows *rows, const struct row *row)
{
	const struct telling t = { .out = out, .rows = rows };

	tell_series(&t, row);
	if (!row->baseline)
		tell_workers(&t, row);
}

void write_ratio(FILE *out, struct interval ratio)
{
	char text[80];

	ratio_text(text, sizeof(text), ratio);
	fputs(text, out);
}

void write_percent(FILE *out, double ratio)
{
	double percent = 100 * (ratio - 1);

	fprintf(out, "%.*f %%", percent < 9.95 ? 1 : 0, percent);
}

void write_most(FILE *out, double ratio)
{
	double steps = ratio < 1.1 ? 1000 : 100;

	write_percent(out, 1 + ceil((ratio - 1) * steps - 1e-6) / steps);
}

bool contender_has(const struct contender *contender, unsigned standings)
{
	return standings >> contender->standing & 1;
}

size_t contest_count(const struct contest *contest, unsigned standings)
{
	size_t count = 0;

	for (size_t i = 0; i < contest->count; i++)
		count += contender_has(&contest->contender[i], standings);
	return count;
}

/* Whether all of them have as many workers as the fastest. */
static bool have_same_workers(const struct telling *t, unsigned standings)
{
	for (size_t i = 0; i < t->contest->count; i++)
		if (contender_has(&t->contest->contender[i], standings) &&
		    t->contest->contender[i].row->workers != t->fastest->workers)
			return false;
	return true;
}

void tell_ways(const struct telling *t, unsigned standings)
{
	const size_t all = contest_count(t->contest, standings), named = all > NAMED + 1 ? NAMED : all;
	bool same = have_same_workers(t, standings);
	size_t count = 0;

	for (size_t i = 0; i < t->contest->count && count < named; i++) {
		const struct contender *own = &t->contest->contender[i];

		if (!contender_has(own, standings))
			continue;
		fputs(count == 0 ? "" : count + 1 == all ? " and " : ", ", t->out);
		tell_series(t, own->row);
		if (!same)
			tell_workers(t, own->row);
		count++;
	}
	if (named < all)
		fprintf(t->out, " and %zu others", all - named);
	if (same)
		tell_workers(t, t->fastest);
}

void tell_time(const struct telling *t, const struct row *row)
{
	struct interval wall_ns = row->value[QUANTITY_WALL];
	struct unit unit = unit_choose(KIND_TIME, &wall_ns.median, 1, t->micro);
	char median[24], low[24], high[24];

	number_text(median, sizeof(median), wall_ns.median, unit);
	number_text(low, sizeof(low), wall_ns.low, unit);
	number_text(high, sizeof(high), wall_ns.high, unit);
	fprintf(t->out, "%s %s", median, unit.name);
	if (wall_ns.level > 0)
		fprintf(t->out, " (%s to %s)", low, high);
}

void tell_speed(const struct telling *t, const struct row *row)
{
	struct interval speedup = row->value[QUANTITY_SPEEDUP];

	if (isnan(speedup.median)) {
		tell_time(t, row);
		return;
	}
	write_ratio(t->out, speedup);
	fputs(" times sequential", t->out);
}

void tell_gains(const struct telling *t, unsigned standings)
{
	double least = INFINITY, most = 0;
	char low[24], high[24];
	struct unit unit;

	for (size_t i = 0; i < t->contest->count; i++) {
		const struct contender *own = &t->contest->contender[i];

		if (!contender_has(own, standings))
			continue;
		least = fmin(least, own->row->value[QUANTITY_SPEEDUP].median);
		most = fmax(most, own->row->value[QUANTITY_SPEEDUP].median);
	}
	if (!isfinite(least)) {
		tell_speed(t, t->fastest);
		return;
	}
	unit = unit_choose(KIND_RATIO, &least, 1, t->micro);
	number_text(low, sizeof(low), least, unit);
	number_text(high, sizeof(high), most, unit);
	fprintf(t->out, strcmp(low, high) ? "%s to %s times sequential" : "%s times sequential", low, high);
}
