#include "report/run/conclusion/internal.h"

#include <inttypes.h>
#include <string.h>

#define NAMED 2           /* of losses, and of cells of a kind */
#define WORTH_SAYING 0.01 /* part of a speedup that two decimals can show */
#define WORTH_TENTHS 5    /* tenths of a per cent of the workers' time: a loss that is worth saying */
#define CREW_MATTERS 0.05

/* Separates what is said; nothing stands before the first. */
static FILE *next(FILE *out, bool *begun)
{
	if (*begun)
		fputs("; ", out);
	*begun = true;
	return out;
}

/* ---- Where the rest of the speedup went ---- */

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

static void write_series(FILE *out, const struct rows *rows, const struct row *row)
{
	char series[96];

	row_series(series, sizeof(series), rows, row);
	fputs(series, out);
}

/* "with pool 2.9 % of the workers' time went to idle and 0.7 % to run queue", as the table of the account has it */
static void write_losses(FILE *out, bool *begun, const struct rows *rows, const struct row *row)
{
	double missing = (double)row->workers - row->value[QUANTITY_SPEEDUP].median;
	bool said[PARTS_MAX] = { false };
	int tenths[PARTS_MAX];

	if (missing < WORTH_SAYING || row->account_ns == 0)
		return;
	row_shares(row, rows->parts, tenths);
	for (int i = 0; i < NAMED; i++) {
		size_t part = greatest_loss(rows, tenths, said);

		if (part == rows->parts)
			return;
		said[part] = true;
		if (i == 0) {
			fputs("with ", next(out, begun));
			write_series(out, rows, row);
		}
		fprintf(out, i ? " and %d.%d %% to " : " %d.%d %% of the workers' time went to ", tenths[part] / 10,
			tenths[part] % 10);
		for (const char *at = rows->part[part]; *at; at++)
			putc(*at == '_' ? ' ' : *at, out);
	}
}

static void write_crew(FILE *out, bool *begun, const struct rows *rows, const struct row *row)
{
	struct interval with = row->value[QUANTITY_SPEEDUP_WITH_CREW], without = row->value[QUANTITY_SPEEDUP];

	if (!(with.median < (1 - CREW_MATTERS) * without.median))
		return;
	fputs("with start and end of its crew ", next(out, begun));
	write_series(out, rows, row);
	fputs(" is ", out);
	write_ratio(out, with);
	fputs(" times sequential", out);
}

/* ---- Doubts ---- */

static bool has_doubt(const struct row *row, const char *code)
{
	return json_find(json_object_get(row->cell, "doubts"), "code", code);
}

/* Whether another cell tells that the baseline of the row was slowed down. */
static bool has_bad_baseline(const struct rows *rows, const struct row *of)
{
	for (size_t i = 0; i < rows->count; i++)
		if (row_is_comparable(&rows->row[i], of->workload) && has_doubt(&rows->row[i], "bad_baseline"))
			return true;
	return false;
}

/* What is said of a cell's doubts. */
struct doubted {
	const struct rows *rows;
	const struct row *row;
	bool said;
};

static void begin_doubt(FILE *out, bool *begun, struct doubted *of)
{
	if (of->said) {
		fputs(", ", out);
		return;
	}
	of->said = true;
	fputs("in doubt is ", next(out, begun));
	write_series(out, of->rows, of->row);
	fputs(": ", out);
}

/* Names the doubts about a cell that may have made it look faster than it is, and what went wrong in its rounds. */
static void write_doubts(FILE *out, bool *begun, const struct rows *rows, const struct row *row)
{
	static const char *const grave[] = { "superlinear", "disturbed", "throttled", "oversubscribed" };
	struct doubted of = { rows, row, false };
	size_t at = 0;
	char name[64];
	double count;

	for (size_t i = 0; i < sizeof(grave) / sizeof(*grave); i++) {
		if (!has_doubt(row, grave[i]))
			continue;
		begin_doubt(out, begun, &of);
		fputs(grave[i], out);
	}
	if (has_bad_baseline(rows, row)) {
		begin_doubt(out, begun, &of);
		fputs("bad_baseline", out);
	}
	while ((count = row_incident(rows, row, &at, name)) > 0) {
		begin_doubt(out, begun, &of);
		fprintf(out, "%.0f %s in a round", count, name);
	}
}

/* ---- What the decision is not about ---- */

static void write_sample(FILE *out, bool *begun, const struct row *row)
{
	uint64_t items = json_count(row->cell, "items"), of = json_count(row->cell, "items_of");

	if (of > items)
		fprintf(next(out, begun), "measured on a sample, %" PRIu64 " of %" PRIu64 " items", items, of);
}

static bool is_incomplete(const struct row *row)
{
	return row->ok && row->incomplete;
}

static bool is_failed(const struct row *row)
{
	return strcmp(row->status, "failed") == 0;
}

/* Names the cells of a kind after `lead`. */
static void write_cells(FILE *out, bool *begun, const struct rows *rows, const char *workload, const char *lead,
			bool (*is_one)(const struct row *row))
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (strcmp(row->workload, workload) != 0 || !is_one(row) || count++ >= NAMED)
			continue;
		fputs(count == 1 ? lead : ", ", count == 1 ? next(out, begun) : out);
		write_way(out, rows, row);
	}
	if (count > NAMED)
		fprintf(out, " and %zu other%s", count - NAMED, count == NAMED + 1 ? "" : "s");
}

void write_asides(FILE *out, const struct rows *rows, const struct contest *contest, const char *workload)
{
	const struct row *taken = contest->simplest ? contest->simplest->row : contest->quickest;
	const struct row *measured = taken ? taken : contest->baseline;
	bool begun = false;

	if (taken) {
		write_losses(out, &begun, rows, taken);
		write_crew(out, &begun, rows, taken);
		write_doubts(out, &begun, rows, taken);
	}
	if (measured)
		write_sample(out, &begun, measured);
	write_cells(out, &begun, rows, workload, "not compared, since not all items had a result: ", is_incomplete);
	write_cells(out, &begun, rows, workload, "failed: ", is_failed);
}
