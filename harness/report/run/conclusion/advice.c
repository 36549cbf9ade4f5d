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

/* How long it took until the last sample ended. */
static double measured_ns(const struct rows *rows)
{
	double last_ns = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const json_t *samples = json_object_get(rows->row[i].cell, "samples");
		const json_t *sample = json_array_get(samples, json_array_size(samples) - 1);

		last_ns = fmax(last_ns, json_double(sample, "started_ns") + json_double(sample, "wall_ns"));
	}
	return last_ns;
}

/* Returns whether it is a budget. */
static bool write_budget(FILE *out, double needed_s)
{
	static const struct {
		double s;
		const char *text;
	} budgets[] = {
		{ 10, "10s" }, { 20, "20s" }, { 30, "30s" }, { 60, "1m" },    { 120, "2m" },   { 180, "3m" },
		{ 240, "4m" }, { 300, "5m" }, { 600, "10m" }, { 900, "15m" }, { 1800, "30m" }, { 3600, "1h" },
	};

	if (!(needed_s > 0)) {
		fputs("a higher --budget", out);
		return true;
	}
	for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
		if (needed_s <= budgets[i].s) {
			fprintf(out, "--budget %s", budgets[i].text);
			return true;
		}
	}
	fputs("a quieter machine", out);
	return false;
}

void write_budget_for_invocations(FILE *out, const struct rows *rows, uint64_t invocations)
{
	struct coverage coverage = coverage_of(rows);
	double planned_ns = measured_ns(rows) * (double)coverage.planned / (double)coverage.measured;

	write_budget(out, fmax(ENOUGH / fmax((double)invocations, 1), 1) * planned_ns / NS_PER_S);
}

void write_budget_for_width(FILE *out, const struct rows *rows, double open)
{
	struct coverage coverage = coverage_of(rows);
	double factor = fmax(pow(open / EQUAL_MOST, 2), 2);

	if (write_budget(out, factor * measured_ns(rows) / NS_PER_S) && coverage.measured < coverage.planned)
		fputs(" for the measured cells alone", out);
}

uint64_t row_invocations(const struct row *row)
{
	return json_count(json_object_get(row->cell, "summary"), "invocations");
}
