#include "report/run/rows.h"

#include "base/text.h"
#include "store/run/summary.h"
#include "store/run/work.h"
#include "workloads/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE 1000 /* tenths of a per cent */
#define ABSURD 100 /* if a part is so many times the whole, there is no account */

static size_t part_index(struct rows *rows, const char *name)
{
	size_t i = 0;

	while (i < rows->parts && strcmp(rows->part[i], name) != 0)
		i++;
	if (i == rows->parts && i < PARTS_MAX)
		rows->part[rows->parts++] = name;
	return i;
}

static void read_account(struct rows *rows, struct row *row, const json_t *account)
{
	double most = 0;

	for (void *at = json_object_iter((json_t *)account); at; at = json_object_iter_next((json_t *)account, at)) {
		size_t i = part_index(rows, json_object_iter_key(at));
		const json_t *part = json_object_iter_value(at);

		if (i == PARTS_MAX || !json_is_number(part))
			continue;
		row->part_ns[i] = json_number_value(part);
		row->account_ns += row->part_ns[i];
		most = fmax(most, fabs(row->part_ns[i]));
	}
	if (!(row->account_ns > 0) || most > ABSURD * row->account_ns)
		row->account_ns = 0;
}

static const char *const latencies[LATENCY_COUNT] = { "item_latency_p50_ns", "item_latency_p99_ns",
						      "item_latency_p999_ns" };

bool measure_is_latency(const char *name)
{
	for (size_t i = 0; i < LATENCY_COUNT; i++)
		if (strcmp(latencies[i], name) == 0)
			return true;
	return false;
}

static const json_t *measures_of(const struct row *row)
{
	return json_object_get(json_object_get(row->cell, "summary"), "measures");
}

static double measure(const struct row *row, const char *name)
{
	return json_double(json_find(measures_of(row), "name", name), "value");
}

static bool has_doubt(const json_t *cell, const char *code)
{
	return json_find(json_object_get(cell, "doubts"), "code", code) != NULL;
}

static void read_row(struct rows *rows, struct row *row, const json_t *cell)
{
	const json_t *summary = json_object_get(cell, "summary");
	const char *mode = json_text_or(cell, "mode", "?");
	const char *option = json_text(cell, "option"); /* absent in files of version 0.1 */
	bool each = json_says(cell, "per", "item");

	option = option ? option : each ? "item" : "";

	*row = (struct row){
		.cell = cell,
		.id = json_text_or(cell, "id", "?"),
		.workload = json_text_or(cell, "workload", "?"),
		.status = json_text_or(cell, "status", "?"),
		.reason = json_text(cell, "reason"),
		.transport = json_text(cell, "transport"),
		.schedule = json_text(cell, "schedule"),
		.chunk = json_count(cell, "chunk"),
		.preset_chunk = json_count(cell, "preset_chunk"),
		.counterpart = json_text(cell, "counterpart"),
		.workers = json_count(cell, "workers"),
	};
	snprintf(row->mode, sizeof(row->mode), "%s%s%s", mode, option[0] ? ":" : "", option);
	row->baseline = work_is_baseline(cell);
	for (enum quantity_id id = 0; id < QUANTITY_COUNT; id++)
		row->value[id] = summary_read(summary, id);
	if (row->baseline) /* it is one process, which communicates with no other */
		row->value[QUANTITY_IPC_SHARE] = row->value[QUANTITY_IPC_ITEM] = INTERVAL_UNKNOWN;
	row->incomplete = has_doubt(cell, "incomplete");
	row->ok = strcmp(row->status, "ok") == 0 && isfinite(row->value[QUANTITY_WALL].median);
	if (row->ok)
		read_account(rows, row, json_object_get(summary, "account_ns"));
	for (size_t i = 0; i < LATENCY_COUNT; i++)
		row->latency_ns[i] = measure(row, latencies[i]);
	row->first_result_ns = measure(row, "first_result_ns");
}

bool row_same_way(const struct row *a, const struct row *b)
{
	return a->chunk && b->chunk && a->workers == b->workers && text_same(a->schedule, b->schedule) &&
	       text_same(a->transport, b->transport) && strcmp(a->mode, b->mode) == 0 &&
	       strcmp(a->workload, b->workload) == 0;
}

#define SWEPT_MAX 16 /* params that are named beside their workload */

/* A param that does not have the same value in all cells of a workload. */
struct swept {
	const char *workload, *param;
};

static bool is_swept(const struct swept *swept, size_t count, const char *workload, const char *param)
{
	for (size_t i = 0; i < count; i++)
		if (text_same(swept[i].workload, workload) && text_same(swept[i].param, param))
			return true;
	return false;
}

static const json_t *first_params(const struct rows *rows, const char *workload)
{
	for (size_t i = 0; i < rows->count; i++)
		if (text_same(rows->row[i].workload, workload))
			return json_object_get(rows->row[i].cell, "params");
	return NULL;
}

static size_t find_swept_params(const struct rows *rows, struct swept *swept)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const char *workload = rows->row[i].workload;
		json_t *params = json_object_get(rows->row[i].cell, "params");
		const json_t *first = first_params(rows, workload);

		for (void *at = json_object_iter(params); at; at = json_object_iter_next(params, at)) {
			const char *name = json_object_iter_key(at), *value = json_text(params, name);

			if (count < SWEPT_MAX && !text_same(value, json_text(first, name)) &&
			    !is_swept(swept, count, workload, name))
				swept[count++] = (struct swept){ workload, name };
		}
	}
	return count;
}

/* Adds params that are swept to the workload's name: to a reader a workload with other params is another one, with a
 * baseline of its own. */
static void name_swept_params(struct rows *rows)
{
	struct swept swept[SWEPT_MAX];
	size_t count = find_swept_params(rows, swept);

	for (size_t i = 0; i < rows->count && count; i++) {
		struct row *row = &rows->row[i];
		const json_t *params = json_object_get(row->cell, "params");
		size_t size = sizeof(row->with_params), used;
		bool any = false;

		used = (size_t)snprintf(row->with_params, size, "%.40s", row->workload);
		for (size_t k = 0; k < count; k++) {
			const char *value = json_text(params, swept[k].param);

			if (!text_same(swept[k].workload, json_text(row->cell, "workload")) || !value || used >= size)
				continue;
			used += (size_t)snprintf(row->with_params + used, size - used, " %s=%s", swept[k].param, value);
			any = true;
		}
		row->workload = any ? row->with_params : row->workload;
	}
}

/* The first row of this mode in any of the runs; some run has one. */
static const struct row *first_of_mode(struct rows *const *runs, const char *mode)
{
	for (;; runs++)
		for (size_t i = 0; i < (*runs)->count; i++)
			if (strcmp((*runs)->row[i].mode, mode) == 0)
				return &(*runs)->row[i];
}

/* Finds out what a row's name must contain. Cells are compared with the first one of their mode, since a mode that has
 * only one schedule need not be named by it. Where workers differ, too, chunks follow from them and need not be
 * named. */
static void find_swept(struct rows *rows, struct rows *const *runs)
{
	const struct rows *with = runs[0]->count ? runs[0] : rows;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i], *first = first_of_mode(runs, row->mode);

		rows->workloads |= strcmp(row->workload, with->row[0].workload) != 0;
		rows->transports |= !text_same(row->transport, first->transport);
		rows->schedules |= !text_same(row->schedule, first->schedule);
		for (size_t j = 0; j < i && !rows->chunks; j++)
			rows->chunks = row->chunk != rows->row[j].chunk && row_same_way(row, &rows->row[j]);
	}
}

void rows_name_together(struct rows *const *runs, size_t count)
{
	struct rows all = { .count = 0 };

	for (size_t i = 0; i < count; i++) {
		find_swept(runs[i], runs);
		all.workloads |= runs[i]->workloads;
		all.transports |= runs[i]->transports;
		all.schedules |= runs[i]->schedules;
		all.chunks |= runs[i]->chunks;
	}
	for (size_t i = 0; i < count; i++) {
		runs[i]->workloads = all.workloads;
		runs[i]->transports = all.transports;
		runs[i]->schedules = all.schedules;
		runs[i]->chunks = all.chunks;
	}
}

int rows_make(struct rows *rows, const json_t *run)
{
	const json_t *cells = json_object_get(run, "cells");

	*rows = (struct rows){ .run = run, .count = json_array_size(cells) };
	rows->row = calloc(rows->count + 1, sizeof(*rows->row));
	if (!rows->row)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		read_row(rows, &rows->row[i], json_array_get(cells, i));
	name_swept_params(rows);
	rows_name_together(&rows, 1);
	return 0;
}

void rows_release(struct rows *rows)
{
	free(rows->row);
	*rows = (struct rows){ 0 };
}

bool row_measured(const struct row *row)
{
	return row->ok;
}

bool row_measured_parallel(const struct row *row)
{
	return row->ok && !row->baseline;
}

bool row_tried(const struct row *row)
{
	return row->ok || strcmp(row->status, "failed") == 0;
}

bool row_has_crew(const struct row *row)
{
	return row_measured_parallel(row) &&
	       (row->value[QUANTITY_CREW_START].median > 0 || row->value[QUANTITY_CREW_END].median > 0);
}

bool row_has_measures(const struct row *row)
{
	return row->ok && json_array_size(measures_of(row)) > 0;
}

bool row_has_latencies(const struct row *row)
{
	return row->ok && row->latency_ns[LATENCY_P50] > 0;
}

/* Orders by speedup: the greatest first, unknown ones last; equal ones keep their order. */
static int by_speedup(const void *left, const void *right)
{
	const struct row *a = *(const struct row *const *)left, *b = *(const struct row *const *)right;
	double x = a->value[QUANTITY_SPEEDUP].median, y = b->value[QUANTITY_SPEEDUP].median;

	if (isnan(x) != isnan(y))
		return isnan(x) ? 1 : -1;
	if (x != y && !isnan(x))
		return x < y ? 1 : -1;
	return a < b ? -1 : 1;
}

static int by_order(const void *left, const void *right)
{
	const struct row *a = *(const struct row *const *)left, *b = *(const struct row *const *)right;

	return a < b ? -1 : a > b;
}

int rows_pick(struct picks *picks, const struct rows *rows, bool (*pass)(const struct row *), size_t limit)
{
	*picks = (struct picks){ .row = calloc(rows->count + 1, sizeof(*picks->row)) };
	if (!picks->row)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		if (!pass || pass(&rows->row[i]))
			picks->row[picks->of++] = &rows->row[i];
	picks->count = picks->of < limit ? picks->of : limit;
	if (picks->count < picks->of) {
		qsort(picks->row, picks->of, sizeof(*picks->row), by_speedup);
		qsort(picks->row, picks->count, sizeof(*picks->row), by_order);
	}
	return 0;
}

void picks_release(struct picks *picks)
{
	free(picks->row);
	*picks = (struct picks){ 0 };
}

void row_series(char *text, size_t size, const struct rows *rows, const struct row *row)
{
	bool transport = rows->transports && row->transport, schedule = rows->schedules && row->schedule;
	char chunk[24] = "";

	if (rows->chunks && row->chunk)
		snprintf(chunk, sizeof(chunk), ":%" PRIu64, row->chunk);
	snprintf(text, size, "%s%s%s%s%s%s", row->mode, transport ? "/" : "", transport ? row->transport : "",
		 schedule ? "/" : "", schedule ? row->schedule : "", chunk);
}

void row_label_alone(char *text, size_t size, const struct rows *rows, const struct row *row)
{
	char series[96];

	row_series(series, sizeof(series), rows, row);
	snprintf(text, size, "%s%s%s", rows->workloads ? row->workload : "", rows->workloads ? "/" : "", series);
}

void row_label(char *text, size_t size, const struct rows *rows, const struct row *row)
{
	row_label_alone(text, size, rows, row);
	snprintf(text + strlen(text), size - strlen(text), "/%" PRIu64, row->workers);
}

void row_shares(const struct row *row, size_t parts, int tenths[PARTS_MAX])
{
	double rest[PARTS_MAX];
	int missing = WHOLE;

	for (size_t i = 0; i < parts; i++) {
		double exact = WHOLE * row->part_ns[i] / row->account_ns;

		tenths[i] = (int)floor(exact);
		rest[i] = exact - floor(exact);
		missing -= tenths[i];
	}
	for (; missing > 0; missing--) {
		size_t most = 0;

		for (size_t i = 1; i < parts; i++)
			most = rest[i] > rest[most] ? i : most;
		tenths[most]++;
		rest[most] -= 1;
	}
}

static bool counts_incidents(const struct rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (json_says(json_find(measures_of(&rows->row[i]), "name", name), "unit", MEASURE_INCIDENTS))
			return true;
	return false;
}

double row_incident(const struct rows *rows, const struct row *row, size_t *at, char name[64])
{
	const json_t *measures = measures_of(row);

	while (*at < json_array_size(measures)) {
		const json_t *measure = json_array_get(measures, (*at)++);
		const char *own = json_text_or(measure, "name", "?");

		if (!(json_double(measure, "value") > 0) || !counts_incidents(rows, own))
			continue;
		snprintf(name, 64, "%s", own);
		for (char *c = name; *c; c++)
			*c = (char)(*c == '_' ? ' ' : *c);
		return json_double(measure, "value");
	}
	return 0;
}

double row_counter(const struct row *row, const char *name)
{
	const json_t *counters = json_object_get(json_object_get(row->cell, "summary"), "counters");

	return json_double(json_find(counters, "name", name), "value");
}
