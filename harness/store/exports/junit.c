/* JUnit's XML, which CI servers show: a test case for each cell.
 *
 * In a run a failed cell is a failure, and a cell that is not available or was not measured is skipped. In a gate a
 * regressed cell is a failure unless its slow-down is allowed; a cell with `cannot tell` is a failure, too, unless
 * --on-unclear pass was given: then it is skipped. Controls are test cases, too. */
#include "store/exports/internal.h"

#include "model/export.h"

#include <string.h>

enum outcome { PASSED, FAILED, SKIPPED };

struct test {
	char name[EXPORT_NAME_MAX + 1];
	const char *suite, *type; /* type: the kind of a failure, "signal" or "regressed" */
	double seconds;           /* NaN: not known */
	enum outcome outcome;
	char message[600]; /* one line about the test, whatever its outcome */
};

/* Fills in the test at this index; false: there are no more. */
typedef bool test_at(struct test *test, const json_t *result, size_t index);

/* Writes text escaped; characters that XML 1.0 cannot express become question marks. */
static void write_escaped(struct writer *out, const char *text)
{
	for (; text && *text; text++) {
		if (strchr("<>&\"'\n\t\r", *text))
			writer_print(out, "&#%d;", *text);
		else
			writer_print(out, "%c", (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
	}
}

static void write_attribute(struct writer *out, const char *name, const char *value)
{
	writer_print(out, " %s=\"", name);
	write_escaped(out, value);
	writer_text(out, "\"");
}

static void write_outcome(struct writer *out, const struct test *test)
{
	if (test->outcome == PASSED) {
		writer_text(out, "      <system-out>");
		write_escaped(out, test->message);
		writer_text(out, "</system-out>\n");
		return;
	}
	writer_text(out, test->outcome == FAILED ? "      <failure" : "      <skipped");
	if (test->outcome == FAILED)
		write_attribute(out, "type", test->type);
	write_attribute(out, "message", test->message);
	writer_text(out, "/>\n");
}

static void write_test(struct writer *out, const struct test *test)
{
	writer_text(out, "    <testcase");
	write_attribute(out, "name", test->name);
	write_attribute(out, "classname", test->suite);
	if (isfinite(test->seconds))
		writer_print(out, " time=\"%.9f\"", test->seconds);
	writer_text(out, ">\n");
	write_outcome(out, test);
	writer_text(out, "    </testcase>\n");
}

struct totals {
	size_t tests, failures, skipped;
	double seconds;
};

static void count(struct totals *totals, const struct test *test)
{
	totals->tests++;
	totals->failures += test->outcome == FAILED;
	totals->skipped += test->outcome == SKIPPED;
	totals->seconds += isfinite(test->seconds) ? test->seconds : 0;
}

static void write_totals(struct writer *out, const struct totals *totals)
{
	writer_print(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.9f\"", totals->tests,
		     totals->failures, totals->skipped, totals->seconds);
}

static void write_suite(struct writer *out, const char *name, const json_t *result, test_at *make)
{
	const char *started = json_text(result, "started");
	char timestamp[sizeof("2026-01-31T12:00:00")]; /* the schema has no place for a time zone */
	double ended_ns = json_double(result, "ended_after_ns"); /* only a gate has it */
	struct totals totals = { 0 };
	struct test test;

	for (size_t i = 0; make(&test, result, i); i++)
		count(&totals, &test);
	if (ended_ns > 0)
		totals.seconds = ended_ns / 1e9;
	writer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	write_attribute(out, "name", "bench");
	write_totals(out, &totals);
	writer_text(out, ">\n  <testsuite");
	write_attribute(out, "name", name);
	write_totals(out, &totals);
	snprintf(timestamp, sizeof(timestamp), "%s", started ? started : "");
	if (started)
		write_attribute(out, "timestamp", timestamp);
	write_attribute(out, "hostname", json_text(json_object_get(result, "machine"), "host"));
	writer_text(out, ">\n");
	for (size_t i = 0; make(&test, result, i); i++)
		write_test(out, &test);
	writer_text(out, "  </testsuite>\n</testsuites>\n");
}

/* ---- A run ---- */

static bool test_of_run(struct test *test, const json_t *run, size_t index)
{
	const json_t *json = json_array_get(json_object_get(run, "cells"), index);
	const char *kind = json_text(json_object_get(json, "failure"), "kind");
	struct export_cell cell;
	char time[EXPORT_TIME];

	export_cell_read(&cell, json);
	*test = (struct test){ .suite = cell.workload, .seconds = NAN, .type = kind ? kind : "error" };
	memcpy(test->name, cell.name, sizeof(test->name));
	if (cell.measured) {
		export_time_text(time, sizeof(time), summary_read(cell.summary, QUANTITY_WALL));
		test->seconds = summary_read(cell.summary, QUANTITY_WALL).median / 1e9;
		snprintf(test->message, sizeof(test->message), "a round takes %s", time);
	} else {
		test->outcome = cell.failed ? FAILED : SKIPPED;
		snprintf(test->message, sizeof(test->message), "%s%s%s", cell.status, cell.reason ? ": " : "",
			 cell.reason ? cell.reason : "");
	}
	export_mend(test->message);
	return json != NULL;
}

static void write_run(struct writer *out, const json_t *run)
{
	write_suite(out, "run", run, test_of_run);
}

/* ---- A gate ---- */

static enum outcome outcome_of_unclear(const json_t *gate)
{
	return json_says(gate, "on_unclear", "pass") ? SKIPPED : FAILED;
}

static bool test_of_control(struct test *test, const json_t *gate, const char *name)
{
	const json_t *control = json_object_get(json_object_get(gate, "controls"), name);
	bool holds = json_flag(control, "holds"), same = strcmp(name, "aa") == 0;

	*test = (struct test){ .suite = "control", .seconds = NAN, .type = "control" };
	snprintf(test->name, sizeof(test->name), "%s", name);
	test->outcome = holds ? PASSED : outcome_of_unclear(gate);
	snprintf(test->message, sizeof(test->message), "the baseline against itself%s %s as it must",
		 same ? "" : ", made slower,", holds ? "came out" : "did not come out");
	return json_is_object(control);
}

static enum outcome outcome_of(const struct export_verdict *verdict, const json_t *gate)
{
	if (verdict->failure)
		return FAILED;
	if (strcmp(verdict->verdict, "pass") == 0 || strcmp(verdict->verdict, "unchanged") == 0)
		return PASSED;
	if (strcmp(verdict->verdict, "cannot tell") == 0)
		return outcome_of_unclear(gate);
	return verdict->allowed ? SKIPPED : FAILED;
}

static bool test_of_verdict(struct test *test, const json_t *gate, const json_t *cell)
{
	struct export_verdict verdict;

	export_verdict_read(&verdict, gate, cell);
	*test = (struct test){ .suite = "cell", .seconds = NAN, .type = verdict.verdict };
	memcpy(test->name, verdict.name, sizeof(test->name));
	test->outcome = outcome_of(&verdict, gate);
	snprintf(test->message, sizeof(test->message), "%s%s%s%s", verdict.verdict,
		 verdict.allowed ? ", which is allowed" : "", verdict.text[0] ? ": " : "", verdict.text);
	return true;
}

/* The tests are the cells, then the controls that were done. */
static bool test_of_gate(struct test *test, const json_t *gate, size_t index)
{
	static const char *const controls[] = { "aa", "plus" };
	const json_t *cells = json_object_get(gate, "cells");

	if (index < json_array_size(cells))
		return test_of_verdict(test, gate, json_array_get(cells, index));
	index -= json_array_size(cells);
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (test_of_control(test, gate, controls[i]) && index-- == 0)
			return true;
	return false;
}

static void write_gate(struct writer *out, const json_t *gate)
{
	write_suite(out, "gate", gate, test_of_gate);
}

const struct export export_junit = {
	.name = "junit",
	.suffix = "xml",
	.summary = "JUnit's XML for CI servers, of a run or a gate: a test case a cell",
	.write_run = write_run,
	.write_gate = write_gate,
};
