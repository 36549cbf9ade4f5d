#include "report/report.h"
#include "report/table.h"
#include "store/store.h"
#include "verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shows a run and writes its report. Returns 0 or -errno, after saying what is wrong. */
static int report_one(const char *name, bool plots)
{
	char why[1024] = "", *folder = store_folder(name);
	json_t *run = store_read(name, why, sizeof(why));
	int err = run ? 0 : -EINVAL;

	if (!folder)
		err = -ENOMEM;
	if (!err)
		err = table_print(run, stdout);
	if (!err)
		err = report_write_run(run, folder, plots, why, sizeof(why));
	if (err && !why[0])
		snprintf(why, sizeof(why), "cannot report '%s': %s", name, strerror(-err));
	if (why[0])
		fprintf(stderr, "bench: %s\n", why);
	if (!err)
		printf("\n%s\n", folder);
	json_decref(run);
	free(folder);
	return err;
}

static int usage(FILE *out)
{
	fputs("usage: bench report [--no-plots] RUN...\n"
	      "Shows runs again, and draws and writes their reports beside them.\n"
	      "RUN is the folder of a run, such as results/runs/latest, or its run.json.\n",
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
