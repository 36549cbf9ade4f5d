#include "report/conclusion.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RIVALS_NAMED 2
#define LOSSES_NAMED 2
#define WORTH_SAYING 0.01 /* of a speedup: what two decimals can show */
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

static bool overlap(struct interval a, struct interval b)
{
	return a.low <= b.high && b.low <= a.high;
}

static bool is_of(const struct row *row, const char *workload)
{
	return row->ok && strcmp(row->workload, workload) == 0;
}

static const struct row *fastest_of(const struct rows *rows, const char *workload, bool parallel)
{
	const struct row *fastest = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (!is_of(row, workload) || (parallel && row->baseline))
			continue;
		if (!fastest || row->value[MEASURE_WALL].median < fastest->value[MEASURE_WALL].median)
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
	struct interval wall_ns = row->value[MEASURE_WALL];
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
	struct unit unit = unit_choose(KIND_RATIO, &ratio.median, 1, "us");
	char median[24], low[24], high[24];

	number_text(median, sizeof(median), ratio.median, unit);
	number_text(low, sizeof(low), ratio.low, unit);
	number_text(high, sizeof(high), ratio.high, unit);
	fputs(median, out);
	if (ratio.level > 0)
		fprintf(out, " (%s to %s)", low, high);
}

/* Names the cells that may be as fast. */
static void write_rivals(FILE *out, const struct rows *rows, const struct row *fastest)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (row == fastest || row->baseline || !is_of(row, fastest->workload) ||
		    !overlap(row->value[MEASURE_WALL], fastest->value[MEASURE_WALL]))
			continue;
		if (count++ < RIVALS_NAMED) {
			fputs(count == 1 ? "; no difference can be told from " : " or ", out);
			write_name(out, rows, row);
		}
	}
	if (count > RIVALS_NAMED)
		fprintf(out, " or %zu others", count - RIVALS_NAMED);
}

/* The part with the greatest loss that is not in `said`; rows->parts: none worth saying. */
static size_t greatest_loss(const struct rows *rows, const struct row *row, const bool *said)
{
	double wall_ns = row->value[MEASURE_WALL].median;
	size_t most = rows->parts;

	for (size_t i = 0; i < rows->parts; i++) {
		if (said[i] || strcmp(rows->part[i], "useful") == 0 || row->part_ns[i] < WORTH_SAYING * wall_ns)
			continue;
		if (most == rows->parts || row->part_ns[i] > row->part_ns[most])
			most = i;
	}
	return most;
}

/* "; of the time of 2 workers, 0.05 went to inflation and 0.02 to idle" */
static void write_losses(FILE *out, const struct rows *rows, const struct row *row)
{
	double missing = (double)row->workers - row->value[MEASURE_SPEEDUP].median;
	bool said[PARTS_MAX] = { false };

	if (missing < WORTH_SAYING || row->held_ns == 0)
		return;
	for (int i = 0; i < LOSSES_NAMED; i++) {
		size_t part = greatest_loss(rows, row, said);

		if (part == rows->parts)
			return;
		said[part] = true;
		if (i == 0)
			fprintf(out, "; of the time of %" PRIu64 " worker%s, %.2f went to ", row->workers,
				row->workers == 1 ? "" : "s", row->part_ns[part] / row->value[MEASURE_WALL].median);
		else
			fprintf(out, " and %.2f to ", row->part_ns[part] / row->value[MEASURE_WALL].median);
		for (const char *at = rows->part[part]; *at; at++)
			putc(*at == '_' ? ' ' : *at, out);
	}
}

static void write_crew(FILE *out, const struct row *row)
{
	struct interval with = row->value[MEASURE_SPEEDUP_WITH_CREW], without = row->value[MEASURE_SPEEDUP];

	if (!(with.median < (1 - CREW_MATTERS) * without.median))
		return;
	fputs("; with start and end of its crew it is ", out);
	write_ratio(out, with);
}

static void write_certainty(FILE *out, const struct row *row)
{
	if (row->value[MEASURE_SPEEDUP].level < CONFIDENCE)
		fputs("; too few processes measured it to be sure", out);
}

/* Doubts that may have made a cell look faster than it is. */
static void write_doubts(FILE *out, const struct row *row)
{
	static const char *const grave[] = { "superlinear", "disturbed", "throttled", "oversubscribed" };
	const json_t *doubts = json_object_get(row->cell, "doubts"), *doubt;
	size_t at, said = 0;

	json_array_foreach(doubts, at, doubt) {
		const char *code = json_text(doubt, "code");

		for (size_t i = 0; code && i < sizeof(grave) / sizeof(*grave); i++)
			if (!strcmp(code, grave[i]))
				fprintf(out, "%s%s", said++ ? ", " : "; in doubt: ", code);
	}
}

static void write_faster(FILE *out, const struct rows *rows, const struct row *fastest)
{
	write_name(out, rows, fastest);
	fputs(" is fastest: ", out);
	write_ratio(out, fastest->value[MEASURE_SPEEDUP]);
	fputs(" times sequential", out);
	write_rivals(out, rows, fastest);
	write_losses(out, rows, fastest);
	write_crew(out, fastest);
	write_certainty(out, fastest);
	write_doubts(out, fastest);
}

static void write_not_faster(FILE *out, const struct rows *rows, const struct row *fastest)
{
	struct interval speedup = fastest->value[MEASURE_SPEEDUP];

	if (speedup.high < 1)
		fputs("nothing is faster than sequential: ", out);
	else
		fputs("no difference can be told between sequential and the fastest: ", out);
	write_name(out, rows, fastest);
	fputs(" is ", out);
	write_ratio(out, speedup);
	fputs(" times as fast", out);
	write_losses(out, rows, fastest);
	write_certainty(out, fastest);
	write_doubts(out, fastest);
}

static void write_workload(FILE *out, const struct rows *rows, const char *workload, const char *micro)
{
	const struct row *fastest = fastest_of(rows, workload, true), *baseline = baseline_of(rows, workload);
	const struct interval *speedup = fastest ? &fastest->value[MEASURE_SPEEDUP] : NULL;

	if (!fastest && !baseline) {
		fputs("nothing could be measured, so nothing can be said", out);
	} else if (!fastest) {
		write_name(out, rows, baseline);
		fputs(" takes ", out);
		write_time(out, baseline, micro);
		fputs("; there is nothing measured to compare it with", out);
	} else if (isnan(speedup->median)) {
		write_name(out, rows, fastest);
		fputs(" is fastest: ", out);
		write_time(out, fastest, micro);
		write_rivals(out, rows, fastest);
		fputs("; without a sequential baseline no speedup can be told", out);
	} else if (speedup->low > 1) {
		write_faster(out, rows, fastest);
	} else {
		write_not_faster(out, rows, fastest);
	}
}

/* ---- References ---- */

static bool is_mode(const struct row *row, const char *key, const char *mode)
{
	const char *text = json_text(row->cell, key);

	return text && mode && strcmp(text, mode) == 0;
}

/* The fastest row of a workload in a mode; `workers` 0: with any number of them. */
static const struct row *fastest_in(const struct rows *rows, const char *workload, const char *mode, uint64_t workers)
{
	const struct row *fastest = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (!is_of(row, workload) || !is_mode(row, "mode", mode) || (workers && row->workers != workers))
			continue;
		if (!fastest || row->value[MEASURE_WALL].median < fastest->value[MEASURE_WALL].median)
			fastest = row;
	}
	return fastest;
}

/* Share of the workers' time that is spent inside the work itself; NAN: there is no account. */
static double work_share(const struct rows *rows, const struct row *row)
{
	static const char *const parts[] = { "useful", "inflation", "run_queue", "blocked", "stolen" };
	double sum_ns = 0;

	for (size_t i = 0; i < rows->parts; i++)
		for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			sum_ns += strcmp(rows->part[i], parts[k]) ? 0 : row->part_ns[i];
	return row->held_ns > 0 ? sum_ns / row->held_ns : NAN;
}

static void write_per_item(FILE *out, const struct row *row, const char *micro)
{
	double ns = row->value[MEASURE_IPC_ITEM].median;
	struct unit unit = unit_choose(KIND_TIME, &ns, 1, micro);
	char text[24];

	number_text(text, sizeof(text), ns, unit);
	fprintf(out, "%s %s", text, unit.name);
}

/* "pool with 2 workers is 4.10 times as fast as python_pool with 2 workers: 3.90 times in the work itself;
 * handing out and giving back takes 130 ns an item instead of 18 us." */
static void write_against(FILE *out, const struct rows *rows, const struct row *own, const struct row *reference,
			  const char *micro)
{
	double own_ns = own->value[MEASURE_WALL].median, other_ns = reference->value[MEASURE_WALL].median;
	double own_work = work_share(rows, own), other_work = work_share(rows, reference);
	struct interval work = { other_work * other_ns / (own_work * own_ns), NAN, NAN, 0 };

	write_name(out, rows, own);
	fputs(" is ", out);
	write_ratio(out, (struct interval){ other_ns / own_ns, NAN, NAN, 0 });
	fputs(" times as fast as ", out);
	write_name(out, rows, reference);
	if (own_work > WORTH_SAYING && other_work > WORTH_SAYING) {
		fputs(": ", out);
		write_ratio(out, work);
		fputs(" times in the work itself", out);
	}
	if (!isnan(own->value[MEASURE_IPC_ITEM].median) && !isnan(reference->value[MEASURE_IPC_ITEM].median)) {
		fputs("; handing out and giving back takes ", out);
		write_per_item(out, own, micro);
		fputs(" an item instead of ", out);
		write_per_item(out, reference, micro);
	}
	fputs(".\n", out);
}

/* Each reference at its best, against its mode with as many workers; nothing where they cannot be told apart. */
static void write_references(FILE *out, const struct rows *rows, const char *workload, const char *micro)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i], *own;

		if (!is_of(row, workload) || fastest_in(rows, workload, json_text(row->cell, "mode"), 0) != row)
			continue;
		own = fastest_in(rows, workload, json_text(row->cell, "reference_of"), row->workers);
		if (own && !overlap(own->value[MEASURE_WALL], row->value[MEASURE_WALL]))
			write_against(out, rows, own, row, micro);
	}
}

static bool is_first_of_workload(const struct rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(rows->row[i].workload, rows->row[index].workload) == 0)
			return false;
	return true;
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
	for (size_t i = 0; i < rows->count; i++) {
		if (!is_first_of_workload(rows, i))
			continue;
		if (rows->workloads)
			fprintf(out, "%s: ", rows->row[i].workload);
		write_workload(out, rows, rows->row[i].workload, micro);
		fputs(".\n", out);
		write_references(out, rows, rows->row[i].workload, micro);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
