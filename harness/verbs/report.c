/* `bench report RUN...`: shows runs and gates again, and writes their reports. */
#include "base/text.h"
#include "command/verb.h"
#include "report/gate/page.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "store/gate/read.h"
#include "store/result.h"
#include "store/run/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct report_request {
	struct words runs;
	bool no_plots;
};

#define FIELD(name) .field = offsetof(struct report_request, name)

static const struct option_spec specs[] = {
	{ "run", "RUN...", "the folder of a run or a gate, or its JSON file",
	  .type = &option_words, .least = 1, .most = UINT64_MAX, FIELD(runs) },
	{ "--no-plots", NULL, "no pictures",
	  .type = &option_flag, FIELD(no_plots) },
	{ .rest = common_options },
};

/* A kind of result that can be reported: how it is read, shown and written. */
struct reported_kind {
	json_t *(*read)(const char *folder_or_file, const struct why *why);
	int (*print)(const json_t *document, FILE *out);
	int (*write)(const json_t *document, const char *folder, bool plots, const struct why *why);
};

static const struct reported_kind run_kind = { store_read, table_print, report_write_run };
static const struct reported_kind gate_kind = { stored_gate_read, gate_print, gate_report_write_gate };

/* Shows a run or a gate and writes its report. Returns as page_publish() does, after saying what is wrong. */
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
		verb_complain(why);
	if (err >= 0)
		text_print(stdout, "\n%s\n", folder);
	json_decref(document);
	free(folder);
	return err;
}

static int run(void *request, char **argv)
{
	const struct report_request *asked = request;
	int status = EXIT_DONE;

	for (size_t i = 0; i < asked->runs.count; i++)
		if (report_one(asked->runs.word[i], !asked->no_plots) != 0)
			status = EXIT_USAGE;
	return status;
}

const struct verb verb_report = {
	.name = "report",
	.summary = "draw and write the reports of runs and gates again",
	.about = "Shows runs and gates again, and draws and writes their reports beside them.\n"
		 "Exit status: 0 done, 2 one cannot be read, written or drawn.\n",
	.examples = "  ./bench report results/runs/latest\n"
		    "      the last run, with the plots that are in plots/ now\n",
	.options = specs,
	.request_size = sizeof(struct report_request),
	.run = run,
};
