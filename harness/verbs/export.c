/* `bench export FORMAT RUN`: a run or a gate in a format that other tools read. */
#include "base/text.h"
#include "command/option_specs.h"
#include "command/verb.h"
#include "model/registry.h"
#include "store/exports/export.h"
#include "store/gate/read.h"
#include "store/run/store.h"

#include <errno.h>
#include <stdio_ext.h>
#include <string.h>

#define NAMED_MAX 10 /* cells that are named one by one */

struct export_request {
	const char *format, *result, *output; /* output: NULL for standard output */
};

#define FIELD(name) .field = offsetof(struct export_request, name)

static const struct option_spec specs[] = {
	{ "format", "FORMAT", "one of:",
	  .type = &option_word, .names = &export_names, .least = 1, .most = 1, FIELD(format) },
	{ "run", "RUN", "the folder of a run or a gate, or its JSON file",
	  .type = &option_text, .least = 1, .most = 1, FIELD(result) },
	{ "--output", "FILE", "where it is written; else standard output",
	  .type = &option_text, FIELD(output) },
	{ .rest = common_options },
};

static int write_result(const struct export_request *request, const struct export *export, const json_t *result,
			const struct why *why)
{
	struct writer out = { .file = stdout };

	if (request->output)
		return export_write(export, result, request->output, why);
	export_fill(export, result, &out);
	if (!out.error && fflush(stdout) != 0)
		writer_fail(&out, -errno);
	if (!out.error)
		return 0;
	__fpurge(stdout); /* or main() would report the error again */
	clearerr(stdout);
	return why_refuse(why, "cannot write to standard output: %s", strerror(-out.error));
}

/* The cells that a format has no place for, while their names are printed. */
struct left_out {
	const struct export *export;
	size_t count, failed;
};

static void tell_left_out(void *context, const char *name, const char *status, const char *reason)
{
	struct left_out *cells = context;

	cells->failed += strcmp(status, "failed") == 0;
	if (cells->count++ >= NAMED_MAX)
		return;
	text_print(stderr, "bench: %s has no place for '%s', %s%s%s\n", cells->export->name, name, status,
		   reason ? ": " : "", reason ? reason : "");
}

/* Says which cells of a run the format left out, so that none is lost. Returns how many of them failed. */
static size_t tell_all_left_out(const struct export *export, const json_t *run)
{
	struct left_out cells = { .export = export };

	export_left_out(export, run, tell_left_out, &cells);
	if (cells.count > NAMED_MAX)
		fprintf(stderr, "bench: nor for %zu more\n", cells.count - NAMED_MAX);
	return cells.failed;
}

static int run(void *request, char **argv)
{
	const struct export_request *asked = request;
	const struct why why = { (char[1024]){ 0 }, 1024 };
	bool gate = stored_gate_is(asked->result);
	const struct export *export = export_find(asked->format);
	json_t *result = NULL;
	int status;

	if (export_takes(export, gate, &why) == 0)
		result = (gate ? stored_gate_read : store_read)(asked->result, &why);
	if (!result)
		return verb_complain(why.text);
	if (write_result(asked, export, result, &why))
		status = verb_complain(why.text);
	else
		status = tell_all_left_out(export, result) ? EXIT_CELL_FAILED : EXIT_DONE;
	json_decref(result);
	return status;
}

const struct verb verb_export = {
	.name = "export",
	.summary = "write a run or a gate for other tools to read",
	.about = "Writes a run, or a gate if the format takes gates, for other tools to read.\n"
		 "Exit status: 0 done, 2 it cannot be read or written, 3 the format has no place\n"
		 "for a cell that failed.\n",
	.examples = "  ./bench export csv results/runs/latest --output run.csv\n"
		    "      every round of the last run in a table\n",
	.options = specs,
	.request_size = sizeof(struct export_request),
	.run = run,
};
