/* A table of a run or a gate for a comment on a pull request; the rows that need attention come first. Texts from the
 * file are put into code spans, in which nothing is a link, a mention or a tag. */
#include "store/exports/internal.h"

#include "model/export.h"

#include <string.h>

#define ROOM 60000 /* bytes of tables; GitHub takes comments of 65536 */

/* A table that ends when its room is used up; the rows that are left out are counted. */
struct table {
	struct writer *out;
	const char *head;
	size_t used, rows, left_out;
};

/* Writes `from` as a code span in a table: on one line, without characters that would end the span or the cell of the
 * table. */
static void code_text(char *text, size_t size, const char *from)
{
	size_t used = 0;

	for (text[used++] = '`'; *from && used + 4 < size; from++) {
		char c = (unsigned char)*from < ' ' ? ' ' : *from == '`' ? '\'' : *from;

		if (c == '|')
			text[used++] = '\\';
		text[used++] = c;
	}
	text[used] = '\0';
	export_mend(text);
	strcat(text, "`");
}

#define CODE (2 * EXPORT_NAME_MAX + 8)

static void add_row(struct table *table, const char *row)
{
	table->used += strlen(row);
	if (table->used > ROOM) {
		table->left_out++;
		return;
	}
	if (table->rows++ == 0)
		writer_text(table->out, table->head);
	writer_text(table->out, row);
}

static void end_table(const struct table *table)
{
	if (table->left_out)
		writer_print(table->out, "\n%zu more rows have no room in a comment.\n", table->left_out);
	if (table->rows || table->left_out)
		writer_text(table->out, "\n");
}

/* ---- A run ---- */

/* The mark of an interval that is not one of 95 %. */
static const char *mark_of(struct interval interval)
{
	return interval.level < CONFIDENCE ? " \\*" : "";
}

static void ratio_text(char *text, size_t size, struct interval ratio)
{
	snprintf(text, size, "-");
	if (isfinite(ratio.low) && isfinite(ratio.high))
		snprintf(text, size, "%.3g (%.3g to %.3g)%s", ratio.median, ratio.low, ratio.high, mark_of(ratio));
	else if (isfinite(ratio.median))
		snprintf(text, size, "%.3g", ratio.median);
}

static void add_measured(struct table *table, const struct export_cell *cell)
{
	struct interval wall = summary_read(cell->summary, QUANTITY_WALL);
	struct interval cpu = { summary_read(cell->summary, QUANTITY_CPU).median, NAN, NAN, NAN };
	double rss_bytes = summary_read(cell->summary, QUANTITY_MEMORY).median;
	char name[CODE], time[EXPORT_TIME], speedup[EXPORT_TIME], used[EXPORT_TIME] = "-", memory[32] = "-";
	char row[CODE + 4 * EXPORT_TIME];

	code_text(name, sizeof(name), cell->name);
	export_time_text(time, sizeof(time), wall);
	ratio_text(speedup, sizeof(speedup), summary_read(cell->summary, QUANTITY_SPEEDUP));
	if (isfinite(cpu.median))
		export_time_text(used, sizeof(used), cpu);
	if (isfinite(rss_bytes))
		snprintf(memory, sizeof(memory), "%.1f MiB", rss_bytes / 1048576);
	snprintf(row, sizeof(row), "| %s | %s%s | %s | %s | %s |\n", name, time, mark_of(wall),
		 speedup, used, memory);
	add_row(table, row);
}

static void add_unmeasured(struct table *table, const struct export_cell *cell)
{
	char name[CODE], status[64], reason[600] = "-", row[CODE + 700];

	code_text(name, sizeof(name), cell->name);
	code_text(status, sizeof(status), cell->status);
	if (cell->reason)
		code_text(reason, sizeof(reason), cell->reason);
	snprintf(row, sizeof(row), "| %s | %s | %s |\n", name, cell->failed ? "**`failed`**" : status, reason);
	add_row(table, row);
}

static void write_cells(struct table *table, const json_t *run, bool measured,
			void (*add)(struct table *table, const struct export_cell *cell))
{
	const json_t *json;
	size_t i;

	json_array_foreach(json_object_get(run, "cells"), i, json) {
		struct export_cell cell;

		export_cell_read(&cell, json);
		if (cell.measured == measured)
			add(table, &cell);
	}
	end_table(table);
}

/* "bench 0.1.0, Example Xeon Processor, 2026-01-31T12:00:00Z" */
static void write_about(struct writer *out, const json_t *result)
{
	const char *version = json_text(json_object_get(result, "versions"), "bench");
	const char *processor = json_text(json_object_get(result, "machine"), "cpu_model");
	const char *started = json_text(result, "started");
	char text[300], code[620];

	snprintf(text, sizeof(text), "bench %s, %s, %s", version ? version : "",
		 processor ? processor : "an unknown processor", started ? started : "");
	code_text(code, sizeof(code), text);
	writer_print(out, "<sub>%s</sub>\n", code);
}

static bool has_short_intervals(const json_t *run)
{
	const json_t *json;
	size_t i;

	json_array_foreach(json_object_get(run, "cells"), i, json)
		if (summary_read(json_object_get(json, "summary"), QUANTITY_WALL).level < CONFIDENCE)
			return true;
	return false;
}

static void write_run(struct writer *out, const json_t *run)
{
	struct table unmeasured = { .out = out, .head = "| cell | | why |\n| --- | --- | --- |\n" };
	struct table measured = { .out = out,
				  .head = "| cell | a round (95 % interval) | speedup | CPU time | memory |\n"
					  "| --- | ---: | ---: | ---: | ---: |\n" };

	writer_text(out, "### bench\n\n");
	write_cells(&unmeasured, run, false, add_unmeasured);
	measured.used = unmeasured.used;
	write_cells(&measured, run, true, add_measured);
	if (has_short_intervals(run))
		writer_text(out, "\\* too few invocations for 95 %\n\n");
	write_about(out, run);
}

/* ---- A gate ---- */

#define RANKS 3

/* The order of rows: regressed, then `cannot tell`, then the rest. */
static int rank_of(const struct export_verdict *verdict)
{
	if (strcmp(verdict->verdict, "regressed") == 0)
		return 0;
	return strcmp(verdict->verdict, "cannot tell") == 0 ? 1 : RANKS - 1;
}

static void add_verdict(struct table *table, const struct export_verdict *verdict, const json_t *json)
{
	double excluded = json_double(json, "smallest_excluded");
	const char *why = json_text(json, "reason");
	const char *strong = rank_of(verdict) < RANKS - 1 ? "**" : "";
	char name[CODE], reason[600] = "", least[32] = "-", row[CODE + 900], word[100];

	code_text(name, sizeof(name), verdict->name);
	code_text(word, sizeof(word), verdict->verdict);
	if (why)
		code_text(reason, sizeof(reason), why);
	if (isfinite(excluded))
		snprintf(least, sizeof(least), ">= %.2f %%", 100 * excluded);
	snprintf(row, sizeof(row), "| %s | %s%s%s%s | %s | %lld | %s | %s |\n", name, strong, word, strong,
		 verdict->allowed ? " (allowed)" : "", verdict->slowdown[0] ? verdict->slowdown : "-",
		 verdict->runs_a_side, least, reason);
	add_row(table, row);
}

static void write_verdicts(struct writer *out, const json_t *gate)
{
	struct table table = { .out = out,
			       .head = "| cell | verdict | slower by | runs a side | ruled out | why |\n"
				       "| --- | --- | ---: | ---: | ---: | --- |\n" };
	const json_t *json;
	size_t i;

	for (int rank = 0; rank < RANKS; rank++) {
		json_array_foreach(json_object_get(gate, "cells"), i, json) {
			struct export_verdict verdict;

			export_verdict_read(&verdict, gate, json);
			if (rank_of(&verdict) == rank)
				add_verdict(&table, &verdict, json);
		}
	}
	end_table(&table);
}

static void write_control(struct writer *out, const json_t *gate, const char *name, const char *text)
{
	const json_t *holds = json_object_get(json_object_get(json_object_get(gate, "controls"), name), "holds");

	if (json_is_boolean(holds))
		writer_print(out, "- %s: %s\n", text, json_is_true(holds) ? "as it must" : "**not as it must**");
}

static void write_share(struct writer *out, const json_t *gate, const char *key, const char *text)
{
	double share = json_double(gate, key);

	if (isfinite(share))
		writer_print(out, "- %s: %.2f %%\n", text, 100 * share);
}

static void write_gate(struct writer *out, const json_t *gate)
{
	char verdict[100], conclusion[2000];

	code_text(verdict, sizeof(verdict), json_text(gate, "verdict"));
	code_text(conclusion, sizeof(conclusion), json_text(gate, "conclusion"));
	writer_print(out, "### bench gate: %s\n\n%s\n\n", verdict, conclusion);
	write_verdicts(out, gate);
	write_share(out, gate, "tolerance", "tolerance");
	write_share(out, gate, "noise_floor", "noise floor");
	write_share(out, gate, "smallest_shown", "smallest slow-down that would have shown");
	write_control(out, gate, "aa", "control, the baseline against itself");
	write_control(out, gate, "plus", "control, the baseline against itself made slower");
	writer_text(out, "\n");
	write_about(out, gate);
}

const struct export export_markdown = {
	.name = "markdown",
	.suffix = "md",
	.summary = "tables for a comment on a pull request, of a run or a gate",
	.write_run = write_run,
	.write_gate = write_gate,
};
