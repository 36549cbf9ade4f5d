#include "report/gate/internal.h"

#include "analyse/verdict.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LONG_ROUND_NS 10e6 /* where items are short, rounds take 8 ms, or 2 ms for each worker (gate/cells.c), */
#define FEW_ITEMS 8        /* but have at least so many items a worker */

static enum gate_rank rank_of(const json_t *cell)
{
	if (json_is_object(json_object_get(cell, "failure")))
		return RANK_FAILED;
	if (json_says(cell, "verdict", "regressed"))
		return json_flag(cell, "allowed") ? RANK_ALLOWED : RANK_REGRESSED;
	if (json_says(cell, "verdict", "pass"))
		return RANK_PASS;
	return json_says(cell, "verdict", "unchanged") ? RANK_UNCHANGED : RANK_CANNOT_TELL;
}

const char *gate_row_word(const struct gate_row *row)
{
	static const char *const words[] = {
		[RANK_FAILED] = "failed", [RANK_REGRESSED] = "regressed", [RANK_CANNOT_TELL] = "cannot tell",
		[RANK_ALLOWED] = "regressed, allowed", [RANK_PASS] = "pass", [RANK_UNCHANGED] = "unchanged",
	};

	return row->rank == RANK_REGRESSED && row->rare ? "regressed, rare" : words[row->rank];
}

static struct slowdown slowdown_of(const json_t *of)
{
	return (struct slowdown){ json_double(of, "theta"), json_double(of, "low"), json_double(of, "high") };
}

static struct gate_row row_of(const json_t *cell)
{
	const json_t *counts = json_object_get(cell, "instructions");
	const char *measure = json_text(cell, "measure"), *id = json_text(cell, "id");
	struct gate_row row = {
		.cell = cell,
		.id = id ? id : "",
		.reason = json_text(cell, "reason"),
		.measure = measure ? measure : "",
		.rank = rank_of(cell),
		.slowdown = slowdown_of(json_object_get(cell, "slowdown")),
		.runs_a_side = json_double(cell, "runs_a_side"),
		.looks = json_double(cell, "looks"),
		.smallest_shown = json_double(cell, "smallest_shown"),
		.counts = { json_double(counts, "a"), json_double(counts, "b") },
		.pairing = json_text(cell, "pairing"),
		.pairs = json_object_get(cell, "pairs"),
		.mean = slowdown_of(json_object_get(cell, "mean")),
		.rare = json_says(cell, "kind", "rare"),
		.slice_ns = json_double(cell, "slice_ns"),
		.footprint = json_double(cell, "footprint"),
	};

	if (json_says(cell, "measure", "instructions"))
		row.slowdown.theta = log(row.counts[1] / row.counts[0]);
	row.measured = isfinite(row.slowdown.theta) && row.rank != RANK_FAILED;
	row.by_screen = json_is_object(json_object_get(cell, "screened")) && row.looks <= 1;
	return row;
}

/* How slow it is: of one that is slower in the mean only, by that. */
static double severity(const struct gate_row *row)
{
	return row->rare ? row->mean.theta : row->slowdown.theta;
}

/* What is known of a slow-down: 2, with bounds; 1, without; 0, nothing. */
static int knowledge_of(const struct gate_row *row)
{
	return row->measured + (row->measured && slowdown_is_bounded(row->slowdown));
}

static int by_rank(const void *left, const void *right)
{
	const struct gate_row *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (knowledge_of(a) != knowledge_of(b))
		return knowledge_of(b) - knowledge_of(a);
	if (a->measured && severity(a) != severity(b))
		return severity(a) > severity(b) ? -1 : 1;
	return strcmp(a->id, b->id);
}

int gate_rows_make(struct gate_rows *rows, const json_t *gate)
{
	const json_t *cells = json_object_get(gate, "cells"), *cell;
	size_t i;

	*rows = (struct gate_rows){
		.gate = gate,
		.row = calloc(json_array_size(cells) + 1, sizeof(*rows->row)),
		.by_instructions = json_says(gate, "method", "instructions"),
		.tolerance = json_double(gate, "tolerance"),
		.margin = json_double(gate, "margin"),
		.level = json_double(gate, "level"),
	};
	if (!rows->row)
		return -ENOMEM;
	json_array_foreach(cells, i, cell) {
		rows->row[rows->count] = row_of(cell);
		rows->by_pairs |= rows->row[rows->count].pairing != NULL;
		rows->by_blocks |= json_array_size(json_object_get(cell, "blocks")) > 0;
		rows->count++;
	}
	qsort(rows->row, rows->count, sizeof(*rows->row), by_rank);
	return 0;
}

void gate_rows_release(struct gate_rows *rows)
{
	free(rows->row);
	*rows = (struct gate_rows){ 0 };
}

void gate_side_name(char *text, size_t size, const json_t *side)
{
	const char *kind = json_text(side, "kind"), *name = json_text(side, "name"), *title = json_text(side, "title");
	char full[1024];

	if (title)
		snprintf(full, sizeof(full), "%.900s", title);
	else
		snprintf(full, sizeof(full), "%.32s %.900s", kind ? kind : "", name ? name : "?");
	text_squeeze(text, size, full);
}

bool gate_row_judges(const struct gate_row *row, const json_t *block)
{
	return json_says(block, "stage", row->by_screen ? "screen" : "test");
}

size_t block_times(double *times, size_t room, const json_t *block, const char *side)
{
	const json_t *runs = json_object_get(block, "runs"), *run;
	size_t i, count = 0;

	json_array_foreach(runs, i, run) {
		double time = json_double(run, "x_ns");

		if (count < room && time > 0 && json_says(run, "side", side))
			times[count++] = time;
	}
	return count;
}

static double pair_time(const json_t *pair, const char *side, const char *key)
{
	return json_double(json_object_get(pair, side), key);
}

double pair_shift(const json_t *pair, const char *side, const char *key)
{
	double added = side[0] == 'c' ? json_double(pair, "added") : 0;
	double shift = log(pair_time(pair, side, key) / pair_time(pair, "a", key)) - added;

	return isfinite(shift) ? shift : NAN;
}

bool gate_row_mean_differs(const struct gate_row *row)
{
	return row->slowdown.theta < row->mean.low || row->slowdown.theta > row->mean.high;
}

double gate_row_time(const struct gate_row *row, const char *side, const char *key)
{
	size_t room = json_array_size(row->pairs), count = 0, i;
	double *times = calloc(room + 1, sizeof(*times)), median;
	const json_t *pair;

	if (!times)
		return NAN;
	json_array_foreach(row->pairs, i, pair)
		if (isfinite(pair_time(pair, side, key)))
			times[count++] = pair_time(pair, side, key);
	values_sort(times, count);
	median = values_median(times, count);
	free(times);
	return median;
}

/* Writes "0.1 ms", "12.4 s". */
static void short_time(char *text, size_t size, double ns)
{
	snprintf(text, size, ns < 1e6 ? "%.2g ms" : ns < 1e9 ? "%.3g ms" : "%.3g s", ns / (ns < 1e9 ? 1e6 : 1e9));
}

/* How many items of a round each worker of the cell has, whose id ends "/2" or "/2@cores"; NaN: not known. */
static double items_a_worker(const struct gate_row *row)
{
	const char *last = strrchr(row->id, '/');
	double workers = last ? strtod(last + 1, NULL) : 0;

	return workers >= 1 ? json_double(row->cell, "items") / workers : NAN;
}

/* "rounds of 10.1 ms"; where items are so long that the fewest make longer rounds than that, how many there are. The
 * round of one worker is long, too, where it is made for more of them. */
static void rounds_text(char *text, size_t size, const struct gate_row *row)
{
	double round_ns = gate_row_time(row, "a", "mean_ns"), items = items_a_worker(row);
	char time[32];
	int used;

	short_time(time, sizeof(time), round_ns);
	used = snprintf(text, size, "rounds of %s", time);
	if (round_ns > LONG_ROUND_NS && items <= FEW_ITEMS)
		snprintf(text + used, size - (size_t)used, ": %.3g items a worker", items);
}

void gate_row_turns(char *text, size_t size, const struct gate_row *row)
{
	double rounds = json_double(json_array_get(row->pairs, json_array_size(row->pairs) / 2), "rounds");
	bool runs = json_says(row->cell, "pairing", "runs"), files = json_says(row->cell, "pairing", "files");
	const char *plural = rounds == 1 ? "" : "s";
	char time[32], each[64];

	short_time(time, sizeof(time), row->slice_ns > 0 ? row->slice_ns : gate_row_time(row, "a", "mean_ns"));
	rounds_text(each, sizeof(each), row);
	if (!isfinite(rounds))
		snprintf(text, size, "-");
	else if (files)
		snprintf(text, size, "%.0f run%s of each file", rounds, plural);
	else if (runs)
		snprintf(text, size, "%.0f run%s of %s", rounds, plural, time);
	else if (row->slice_ns > 0)
		snprintf(text, size, "%.0f round%s in slices of %s", rounds, plural, time);
	else
		snprintf(text, size, "%.0f %s", rounds, each);
}

void percent_text(char *text, size_t size, double ratio, int decimals)
{
	percent_beside(text, size, ratio, NAN, decimals);
}

void percent_beside(char *text, size_t size, double ratio, double limit, int decimals)
{
	struct unit percent = { "%", 1, decimals };
	char number[32];

	number_text(number, sizeof(number), fabs(verdict_percent(ratio, limit, decimals)), percent);
	if (!isfinite(ratio))
		snprintf(text, size, "-");
	else
		snprintf(text, size, "%s%s %%", strtod(number, NULL) == 0 ? "" : ratio < 0 ? "-" : "+", number);
}

void percent_above(char *text, size_t size, double ratio, int decimals)
{
	double steps = 100 * pow(10, decimals);

	percent_text(text, size, ceil(ratio * steps - 1e-6) / steps, decimals);
}

void gate_percent_text(char *text, size_t size, const struct gate_rows *rows, double ratio, double limit)
{
	percent_beside(text, size, ratio, limit, verdict_decimals(ratio, rows->by_instructions));
}
