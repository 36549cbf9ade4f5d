/* `bench export FORMAT RUN [--output FILE]`: a run or a gate in a format that other tools read. */
#include "base/text.h"
#include "model/registry.h"
#include "store/exports/export.h"
#include "store/exports/internal.h"
#include "store/gate/read.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio_ext.h>
#include <string.h>

#define TOLD_MAX 10 /* cells that are named one by one */

struct export_request {
	const char *format, *result, *output; /* output: NULL for standard output */
};

static int usage(FILE *out)
{
	fputs("usage: bench export FORMAT RUN [--output FILE]\n"
	      "Writes a run in a format that other tools read, to standard output or a file.\n"
	      "RUN is the folder of a run, such as results/runs/latest, or its run.json; of a\n"
	      "gate, too, where that is said. FORMAT is one of:\n",
	      out);
	for (const struct export *const *e = registry_exports; *e; e++)
		fprintf(out, "  %-22s %s\n", (*e)->name, (*e)->summary);
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

static int complain(const struct why *why)
{
	fprintf(stderr, "bench: %s\n", why->text);
	return EXIT_USAGE;
}

/* Returns 0, or -EINVAL with the reason, which is empty where the usage says it all. */
static int read_arguments(struct export_request *request, int argc, char **argv, const struct why *why)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && strncmp(argv[i], "--output=", 9) == 0)
			request->output = argv[i] + 9;
		else if (options && strcmp(argv[i], "--output") == 0 && i + 1 < argc)
			request->output = argv[++i];
		else if (options && strcmp(argv[i], "--output") == 0)
			return why_refuse(why, "--output needs a file");
		else if (options && argv[i][0] == '-')
			return why_refuse(why, "unknown option '%s'", argv[i]);
		else if (!request->format)
			request->format = argv[i];
		else if (!request->result)
			request->result = argv[i];
		else
			return why_refuse(why, "one run at a time: '%s' is one too many", argv[i]);
	}
	return request->result ? 0 : -EINVAL;
}

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
	__fpurge(stdout); /* said once */
	clearerr(stdout);
	return why_refuse(why, "cannot write to standard output: %s", strerror(-out.error));
}

static void tell_left_out(const struct export *export, const struct export_cell *cell)
{
	fprintf(stderr, "bench: %s has no place for '", export->name);
	text_plain(stderr, cell->name);
	fprintf(stderr, "', %s%s", cell->status, cell->reason ? ": " : "");
	text_plain(stderr, cell->reason ? cell->reason : "");
	fputc('\n', stderr);
}

/* Says which cells of a run the format left out, so that none is lost. Returns how many of them failed. */
static size_t tell_all_left_out(const struct export *export, const json_t *run)
{
	size_t i, told = 0, failed = 0;
	const json_t *json;

	json_array_foreach(json_object_get(run, "cells"), i, json) {
		struct export_cell cell;

		export_cell_read(&cell, json);
		if (!export->measured_only || cell.measured)
			continue;
		failed += cell.failed;
		if (told++ < TOLD_MAX)
			tell_left_out(export, &cell);
	}
	if (told > TOLD_MAX)
		fprintf(stderr, "bench: nor for %zu more\n", told - TOLD_MAX);
	return failed;
}

static int export_result(const struct export_request *request)
{
	const struct why why = { (char[1024]){ 0 }, 1024 };
	bool gate = stored_gate_is(request->result);
	const struct export *export;
	json_t *result;
	int status;

	export = export_find(request->format, gate, &why);
	if (!export)
		return complain(&why);
	result = (gate ? stored_gate_read : store_read)(request->result, &why);
	if (!result)
		return complain(&why);
	if (write_result(request, export, result, &why))
		status = complain(&why);
	else
		status = tell_all_left_out(export, result) ? EXIT_CELL_FAILED : EXIT_DONE;
	json_decref(result);
	return status;
}

int verb_export(int argc, char **argv)
{
	const struct why why = { (char[1024]){ 0 }, 1024 };
	struct export_request request = { 0 };

	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error, not a death */
	if (has_word(argv, "--help"))
		return usage(stdout);
	if (read_arguments(&request, argc, argv, &why))
		return why.text[0] ? complain(&why) : usage(stderr);
	return export_result(&request);
}
