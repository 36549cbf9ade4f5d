#include "report/run/conclusion/internal.h"

#include "base/duration.h"

#include <string.h>

#define BUDGET_MOST_NS 3600e9 /* that is advised */

struct coverage coverage_of(const struct rows *rows)
{
	struct coverage coverage = { .fewest = UINT64_MAX };

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		coverage.measured += row->ok;
		coverage.enough += row->ok && row_invocations(row) >= ENOUGH;
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

/* What a run that was interrupted had still before it tells more than any advice. */
static bool write_interrupted(FILE *out, const struct rows *rows)
{
	if (!json_text(rows->run, "interrupted"))
		return false;
	fputs("running it to the end", out);
	return true;
}

/* Returns whether it is a budget. */
static bool write_budget(FILE *out, double needed_ns)
{
	char budget[DURATION_TEXT];

	if (needed_ns > BUDGET_MOST_NS) {
		fputs("a quieter machine", out);
		return false;
	}
	if (needed_ns > 0)
		fprintf(out, "--budget %s", duration_option(budget, duration_round_up(needed_ns)));
	else
		fputs("a higher --budget", out);
	return true;
}

void write_way_to_invocations(FILE *out, const struct rows *rows, uint64_t invocations)
{
	write_budget_for_invocations(out, rows, invocations);
	if (!json_text(rows->run, "interrupted"))
		fprintf(out, " or --invocations %d", ENOUGH);
}

void write_budget_for_invocations(FILE *out, const struct rows *rows, uint64_t invocations)
{
	struct coverage coverage = coverage_of(rows);
	uint64_t needed_ns = json_count(rows->run, "needed_ns");
	double planned_ns = measured_ns(rows) * (double)coverage.planned / (double)coverage.measured;
	char budget[DURATION_TEXT];

	if (write_interrupted(out, rows))
		return;
	if (needed_ns)
		fprintf(out, "--budget %s", duration_option(budget, duration_round_up((double)needed_ns)));
	else
		write_budget(out, fmax(ENOUGH / fmax((double)invocations, 1), 1) * planned_ns);
}

void write_budget_for_width(FILE *out, const struct rows *rows, double open)
{
	struct coverage coverage = coverage_of(rows);
	double factor = fmax(pow(open / EQUAL_MOST, 2), 2);

	if (write_interrupted(out, rows))
		return;
	if (write_budget(out, factor * measured_ns(rows)) && coverage.measured < coverage.planned)
		fputs(" for the measured cells alone", out);
}

uint64_t row_invocations(const struct row *row)
{
	return json_count(json_object_get(row->cell, "summary"), "invocations");
}
