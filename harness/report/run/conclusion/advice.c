#include "report/run/conclusion/internal.h"

#include <string.h>

#define NS_PER_S 1e9

struct coverage coverage_of(const struct rows *rows)
{
	struct coverage coverage = { .fewest = UINT64_MAX };

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		coverage.measured += row->ok;
		coverage.planned += row->ok || strcmp(row->status, "not measured") == 0;
		if (row->ok && row_invocations(row) < coverage.fewest)
			coverage.fewest = row_invocations(row);
	}
	return coverage;
}

/* How long it took until the last sample ended, and would have taken with the cells that were not reached. */
static double planned_ns(const struct rows *rows)
{
	struct coverage coverage = coverage_of(rows);
	double last_ns = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const json_t *samples = json_object_get(rows->row[i].cell, "samples");
		const json_t *sample = json_array_get(samples, json_array_size(samples) - 1);

		last_ns = fmax(last_ns, json_double(sample, "started_ns") + json_double(sample, "wall_ns"));
	}
	return last_ns * (double)coverage.planned / (double)coverage.measured;
}

void write_budget(FILE *out, const struct rows *rows, double factor)
{
	static const struct {
		double s;
		const char *text;
	} budgets[] = {
		{ 10, "10s" }, { 20, "20s" }, { 30, "30s" }, { 60, "1m" },    { 120, "2m" },   { 180, "3m" },
		{ 240, "4m" }, { 300, "5m" }, { 600, "10m" }, { 900, "15m" }, { 1800, "30m" }, { 3600, "1h" },
	};
	double needed_s = factor * planned_ns(rows) / NS_PER_S;

	if (!(needed_s > 0)) {
		fputs("a higher --budget", out);
		return;
	}
	for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
		if (needed_s <= budgets[i].s) {
			fprintf(out, "--budget %s", budgets[i].text);
			return;
		}
	}
	fputs("a quieter machine", out);
}

double budget_for_invocations(uint64_t invocations)
{
	return fmax(ENOUGH / fmax((double)invocations, 1), 1);
}

/* Intervals narrow with the root of the number of processes. */
double budget_for_width(double open)
{
	return fmax(pow(open / EQUAL_MOST, 2), 2);
}

uint64_t row_invocations(const struct row *row)
{
	return json_count(json_object_get(row->cell, "summary"), "invocations");
}
