#include "report/gate/page.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "store/gate/read.h"
#include "store/result.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What can be reported: how it is read, shown and written. */
struct reported_kind {
	json_t *(*read)(const char *folder_or_file, const struct why *why);
	int (*print)(const json_t *document, FILE *out);
	int (*write)(const json_t *document, const char *folder, bool plots, const struct why *why);
};

static const struct reported_kind run_kind = { store_read, table_print, report_write_run };
static const struct reported_kind gate_kind = { stored_gate_read, gate_print, gate_report_write_gate };

/* Shows a run or a gate and writes its report. Returns 0 or -errno, after saying what is wrong. */
static int report_one(const char *name, bool plots)
{
	char why[1024] = "", *folder = result_folder(name);
	const struct reported_kind *kind = stored_gate_is(name) ? &gate_kind : &run_kind;
	json_t *document = kind->read(name, WHY(why));
	int err = document ? 0 : -EINVAL;

	if (!folder)
		err = -ENOMEM;
	if (!err)
		err = kind->print(document, stdout);
	if (!err)
		err = kind->write(document, folder, plots, WHY(why));
	if (err && !why[0])
		why_say(WHY(why), "cannot report '%s': %s", name, strerror(-err));
	if (why[0])
		fprintf(stderr, "bench: %s\n", why);
	if (!err)
		printf("\n%s\n", folder);
	json_decref(document);
	free(folder);
	return err;
}

static int usage(FILE *out)
{
	fputs("usage: bench report [--no-plots] RUN...\n"
	      "Shows runs and gates again, and draws and writes their reports beside them.\n"
	      "RUN is the folder of a run or a gate, such as results/runs/latest, or its run.json or gate.json.\n",
	      out);
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

int verb_report(int argc, char **argv)
{
	int status = EXIT_DONE, first = 1;
	bool plots = true;

	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "--help") == 0)
			return usage(stdout);
		if (strcmp(argv[first], "--") == 0) {
			first++;
			break;
		}
		if (strcmp(argv[first], "--no-plots") != 0) {
			fprintf(stderr, "bench: unknown option '%s'\n", argv[first]);
			return usage(stderr);
		}
		plots = false;
	}
	if (first >= argc)
		return usage(stderr);
	for (int i = first; i < argc; i++)
		if (report_one(argv[i], plots) != 0)
			status = EXIT_USAGE;
	return status;
}
