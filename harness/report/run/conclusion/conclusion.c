#include "report/run/conclusion/conclusion.h"

#include "report/run/conclusion/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_first_of_workload(const struct rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(rows->row[i].workload, rows->row[index].workload) == 0)
			return false;
	return true;
}

static void begin_line(FILE *out, const struct rows *rows, const char *workload)
{
	if (rows->workloads)
		fprintf(out, "%s: ", workload);
}

/* Writes the asides as a line of their own, if there are any. */
static int write_aside_line(FILE *out, const struct rows *rows, const struct contest *contest, const char *workload)
{
	char *text = NULL;
	size_t size = 0;
	FILE *asides = open_memstream(&text, &size);

	if (!asides)
		return -ENOMEM;
	write_asides(asides, rows, contest, workload);
	if (fclose(asides) != 0)
		return -ENOMEM;
	if (size) {
		begin_line(out, rows, workload);
		fprintf(out, "%s.\n", text);
	}
	free(text);
	return 0;
}

static int write_workload(FILE *out, const struct rows *rows, const char *workload, const char *micro, bool all)
{
	struct contest contest;
	int err = contest_make(&contest, rows, workload);

	if (!err) {
		begin_line(out, rows, workload);
		write_decision(out, rows, &contest, micro);
		fputs(".\n", out);
	}
	if (!err && all)
		err = write_aside_line(out, rows, &contest, workload);
	contest_release(&contest);
	return err;
}

/* Says how many cells were measured, if some were not reached: the decision is only about those that were. Else how
 * many have an interval, if only some do. */
static void write_coverage(FILE *out, const struct rows *rows)
{
	struct coverage coverage = coverage_of(rows);
	bool all = coverage.measured == coverage.planned, some = coverage.enough && coverage.enough < coverage.measured;

	if (all && !(some && json_count(rows->run, "needed_ns")))
		return;
	if (all)
		fprintf(out, "%zu of %zu cells have an interval", coverage.enough, coverage.planned);
	else
		fprintf(out, "%zu of %zu cells were measured", coverage.measured, coverage.planned);
	fputs("; for the others: ", out);
	write_budget_for_invocations(out, rows, coverage.fewest);
	fputs(".\n", out);
}

static int write_all(FILE *out, const struct rows *rows, const char *micro, bool all)
{
	int err = 0;

	if (json_text(rows->run, "interrupted"))
		fprintf(out, "interrupted by %s: not all was measured.\n", json_text(rows->run, "interrupted"));
	if (rows->count == 0)
		fputs("the run has no cells.\n", out);
	for (size_t i = 0; i < rows->count && !err; i++)
		if (is_first_of_workload(rows, i))
			err = write_workload(out, rows, rows->row[i].workload, micro, all);
	if (all)
		write_coverage(out, rows);
	return err;
}

static char *text_of(const struct rows *rows, const char *micro, bool all)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = out ? write_all(out, rows, micro, all) : -ENOMEM;

	if (out && fclose(out) == 0 && !err)
		return text;
	free(text);
	return NULL;
}

char *conclusion_decision(const struct rows *rows, const char *micro)
{
	return text_of(rows, micro, false);
}

char *conclusion_text(const struct rows *rows, const char *micro)
{
	return text_of(rows, micro, true);
}
