#include "report/run/conclusion.h"

#include "report/kit/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RIVALS_NAMED 2
#define LOSSES_NAMED 2
#define WORTH_SAYING 0.01 /* part of a speedup that two decimals can show */
#define WORTH_TENTHS 5    /* tenths of a per cent of workers x wall time: a loss that is worth saying */
#define ENOUGH 6          /* invocations that give an interval of level CONFIDENCE */
#define CREW_MATTERS 0.05

/* "pool with 2 workers" */
static void write_name(FILE *out, const struct rows *rows, const struct row *row)
{
	char series[96];

	row_series(series, sizeof(series), rows, row);
	fprintf(out, "%s", series);
	if (!row->baseline)
		fprintf(out, " with %" PRIu64 " worker%s", row->workers, row->workers == 1 ? "" : "s");
}

/* Whether the intervals leave open which value is the greater one; so does an unknown one. */
static bool overlap(struct interval a, struct interval b)
{
	return !(a.low > b.high || b.low > a.high);
}

/* Whether the value seems to be above 1 (below 1): with its whole interval, if that is known. */
static bool is_above(struct interval ratio)
{
	return (isnan(ratio.low) ? ratio.median : ratio.low) > 1;
}

static bool is_below(struct interval ratio)
{
	return (isnan(ratio.high) ? ratio.median : ratio.high) < 1;
}

static bool is_of(const struct row *row, const char *workload)
{
	return row->ok && !row->incomplete && strcmp(row->workload, workload) == 0;
}

static const struct row *fastest_of(const struct rows *rows, const char *workload, bool parallel)
{
	const struct row *fastest = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (!is_of(row, workload) || (parallel && row->baseline))
			continue;
		if (!fastest || row->value[QUANTITY_WALL].median < fastest->value[QUANTITY_WALL].median)
			fastest = row;
	}
	return fastest;
}

static const struct row *baseline_of(const struct rows *rows, const char *workload)
{
	for (size_t i = 0; i < rows->count; i++)
		if (is_of(&rows->row[i], workload) && rows->row[i].baseline)
			return &rows->row[i];
	return NULL;
}

static void write_time(FILE *out, const struct row *row, const char *micro)
{
	struct interval wall_ns = row->value[QUANTITY_WALL];
	struct unit unit = unit_choose(KIND_TIME, &wall_ns.median, 1, micro);
	char median[24], low[24], high[24];

	number_text(median, sizeof(median), wall_ns.median, unit);
	number_text(low, sizeof(low), wall_ns.low, unit);
	number_text(high, sizeof(high), wall_ns.high, unit);
	fprintf(out, "%s %s", median, unit.name);
	if (wall_ns.level > 0)
		fprintf(out, " (%s to %s)", low, high);
}

static void write_ratio(FILE *out, struct interval ratio)
{
	char text[80];

	ratio_text(text, sizeof(text), ratio);
	fputs(text, out);
}

/* Names the cells that may be as fast as the fastest one. */
static void write_rivals(FILE *out, const struct rows *rows, const struct row *fastest)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (row == fastest || row->baseline || !is_of(row, fastest->workload) ||
		    !overlap(row->value[QUANTITY_WALL], fastest->value[QUANTITY_WALL]))
			continue;
		if (count++ < RIVALS_NAMED) {
			fputs(count == 1 ? "; no difference can be told from " : " or ", out);
			write_name(out, rows, row);
		}
	}
	if (count > RIVALS_NAMED)
		fprintf(out, " or %zu other%s", count - RIVALS_NAMED, count == RIVALS_NAMED + 1 ? "" : "s");
}

/* The part with the greatest loss that was not `said` yet; rows->parts: no other loss is worth saying. */
static size_t greatest_loss(const struct rows *rows, const int *tenths, const bool *said)
{
	size_t most = rows->parts;

	for (size_t i = 0; i < rows->parts; i++)
		if (!said[i] && strcmp(rows->part[i], "useful") != 0 && tenths[i] >= WORTH_TENTHS &&
		    (most == rows->parts || tenths[i] > tenths[most]))
			most = i;
	return most;
}

/* "; of workers x wall time, 2.9 % went to idle and 0.7 % to run queue", as the table has it */
static void write_losses(FILE *out, const struct rows *rows, const struct row *row)
{
	double missing = (double)row->workers - row->value[QUANTITY_SPEEDUP].median;
	bool said[PARTS_MAX] = { false };
	int tenths[PARTS_MAX];

	if (missing < WORTH_SAYING || row->account_ns == 0)
		return;
	row_shares(row, rows->parts, tenths);
	for (int i = 0; i < LOSSES_NAMED; i++) {
		size_t part = greatest_loss(rows, tenths, said);

		if (part == rows->parts)
			return;
		said[part] = true;
		fprintf(out, i ? " and %d.%d %% to " : "; of workers x wall time, %d.%d %% went to ", tenths[part] / 10,
			tenths[part] % 10);
		for (const char *at = rows->part[part]; *at; at++)
			putc(*at == '_' ? ' ' : *at, out);
	}
}

static void write_crew(FILE *out, const struct row *row)
{
	struct interval with = row->value[QUANTITY_SPEEDUP_WITH_CREW], without = row->value[QUANTITY_SPEEDUP];

	if (!(with.median < (1 - CREW_MATTERS) * without.median))
		return;
	fputs("; with start and end of its crew it is ", out);
	write_ratio(out, with);
}

static bool has_doubt(const struct row *row, const char *code)
{
	return json_find(json_object_get(row->cell, "doubts"), "code", code);
}

/* Whether another cell tells that the baseline of the row was slowed down. */
static bool has_bad_baseline(const struct rows *rows, const struct row *of)
{
	for (size_t i = 0; i < rows->count; i++)
		if (is_of(&rows->row[i], of->workload) && has_doubt(&rows->row[i], "bad_baseline"))
			return true;
	return false;
}

static const char *doubt_separator(size_t said)
{
	return said ? ", " : "; in doubt: ";
}

/* Names the doubts about a cell that may have made it look faster than it is, and what went wrong in its rounds. */
static void write_doubts(FILE *out, const struct rows *rows, const struct row *row)
{
	static const char *const grave[] = { "superlinear", "disturbed", "throttled", "oversubscribed" };
	size_t said = 0, at = 0;
	char name[64];
	double count;

	for (size_t i = 0; i < sizeof(grave) / sizeof(*grave); i++)
		if (has_doubt(row, grave[i]))
			fprintf(out, "%s%s", doubt_separator(said++), grave[i]);
	if (has_bad_baseline(rows, row))
		fprintf(out, "%sbad_baseline", doubt_separator(said++));
	while ((count = row_incident(rows, row, &at, name)) > 0)
		fprintf(out, "%s%.0f %s in a round", doubt_separator(said++), count, name);
}

/* The invocations of the cell that has fewer of them, the row or its baseline. */
static uint64_t fewest_invocations(const struct rows *rows, const struct row *row)
{
	const struct row *baseline = baseline_of(rows, row->workload);
	uint64_t own = json_count(json_object_get(row->cell, "summary"), "invocations");
	uint64_t other = baseline ? json_count(json_object_get(baseline->cell, "summary"), "invocations") : own;

	return own < other ? own : other;
}

/* Says first that nothing is sure, and what would make it so, if too few processes measured the cells. */
static void write_certainty(FILE *out, const struct rows *rows, const struct row *row)
{
	uint64_t count = fewest_invocations(rows, row);

	if (row->value[QUANTITY_SPEEDUP].level < CONFIDENCE && count < ENOUGH)
		fprintf(out,
			"nothing can be told for sure, since a cell was measured by %" PRIu64
			" process%s (invocations), and it takes %d: raise --budget or --invocations; as it looks, ",
			count, count == 1 ? "" : "es", ENOUGH);
	else if (row->value[QUANTITY_SPEEDUP].level < CONFIDENCE)
		fputs("nothing can be told for sure: raise --budget or --invocations; as it looks, ", out);
}

static void write_faster(FILE *out, const struct rows *rows, const struct row *fastest)
{
	write_certainty(out, rows, fastest);
	write_name(out, rows, fastest);
	fputs(" is fastest: ", out);
	write_ratio(out, fastest->value[QUANTITY_SPEEDUP]);
	fputs(" times sequential", out);
	write_rivals(out, rows, fastest);
	write_losses(out, rows, fastest);
	write_crew(out, fastest);
	write_doubts(out, rows, fastest);
}

static void write_not_faster(FILE *out, const struct rows *rows, const struct row *fastest)
{
	struct interval speedup = fastest->value[QUANTITY_SPEEDUP];
	bool sure = speedup.level >= CONFIDENCE;

	write_certainty(out, rows, fastest);
	if (is_below(speedup))
		fputs("nothing is faster than sequential: ", out);
	else
		fputs("no difference can be told between sequential and the fastest: ", out);
	write_name(out, rows, fastest);
	fputs(" is ", out);
	write_ratio(out, speedup);
	fputs(" times as fast", out);
	write_losses(out, rows, fastest);
	if (sure && !is_below(speedup))
		fputs("; a higher --budget or a quieter machine would tell", out);
	write_doubts(out, rows, fastest);
}

/* Names the cells that were measured, but cannot be compared. */
static void write_incomplete(FILE *out, const struct rows *rows, const char *workload)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (!row->ok || !row->incomplete || strcmp(row->workload, workload) != 0 || count++ >= RIVALS_NAMED)
			continue;
		fputs(count == 1 ? "; not compared, since not all items had a result: " : ", ", out);
		write_name(out, rows, row);
	}
	if (count > RIVALS_NAMED)
		fprintf(out, " and %zu other%s", count - RIVALS_NAMED, count == RIVALS_NAMED + 1 ? "" : "s");
}

static bool has_incomplete(const struct rows *rows, const char *workload)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->row[i].ok && rows->row[i].incomplete && strcmp(rows->row[i].workload, workload) == 0)
			return true;
	return false;
}

static void write_workload(FILE *out, const struct rows *rows, const char *workload, const char *micro)
{
	const struct row *fastest = fastest_of(rows, workload, true), *baseline = baseline_of(rows, workload);
	const struct interval *speedup = fastest ? &fastest->value[QUANTITY_SPEEDUP] : NULL;

	if (!fastest && !baseline) {
		fputs(has_incomplete(rows, workload) ? "nothing can be told"
						     : "nothing could be measured, so nothing can be said", out);
	} else if (!fastest) {
		write_name(out, rows, baseline);
		fputs(" takes ", out);
		write_time(out, baseline, micro);
		if (!has_incomplete(rows, workload))
			fputs("; there is nothing measured to compare it with", out);
	} else if (isnan(speedup->median)) {
		write_name(out, rows, fastest);
		fputs(" is fastest: ", out);
		write_time(out, fastest, micro);
		write_rivals(out, rows, fastest);
		fputs("; without a sequential baseline no speedup can be told", out);
	} else if (is_above(*speedup)) {
		write_faster(out, rows, fastest);
	} else {
		write_not_faster(out, rows, fastest);
	}
	write_incomplete(out, rows, workload);
}

static bool is_first_of_workload(const struct rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(rows->row[i].workload, rows->row[index].workload) == 0)
			return false;
	return true;
}

/* Says how many cells were measured, if some were not reached: the conclusion is only about those that were. */
static void write_coverage(FILE *out, const struct rows *rows)
{
	size_t measured = 0, missed = 0;

	for (size_t i = 0; i < rows->count; i++) {
		measured += rows->row[i].ok;
		missed += strcmp(rows->row[i].status, "not measured") == 0;
	}
	if (missed)
		fprintf(out, "%zu of %zu cells were measured, the others were not reached: raise --budget.\n", measured,
			measured + missed);
}

char *conclusion_text(const struct rows *rows, const char *micro)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (json_text(rows->run, "interrupted"))
		fprintf(out, "interrupted by %s: not all was measured.\n", json_text(rows->run, "interrupted"));
	if (rows->count == 0)
		fputs("the run has no cells.\n", out);
	write_coverage(out, rows);
	for (size_t i = 0; i < rows->count; i++) {
		if (!is_first_of_workload(rows, i))
			continue;
		if (rows->workloads)
			fprintf(out, "%s: ", rows->row[i].workload);
		write_workload(out, rows, rows->row[i].workload, micro);
		fputs(".\n", out);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
