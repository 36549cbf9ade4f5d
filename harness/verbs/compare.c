/* `bench compare RUN RUN...`: compares runs with each other. */
#include "base/file.h"
#include "base/text.h"
#include "command/verb.h"
#include "report/compare/compare.h"
#include "report/kit/page_print.h"
#include "store/result.h"
#include "store/run/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct compare_request {
	struct words runs;
	const char *output; /* NULL: beside the last run */
	bool no_plots;
};

#define FIELD(name) .field = offsetof(struct compare_request, name)

static const struct option_spec specs[] = {
	{ "run", "RUN...", "a folder such as results/runs/latest, or its run.json",
	  .type = &option_words, .least = 1, .most = SIDES_MAX, FIELD(runs) },
	{ "--output", "DIR", "where pages and pictures go; else beside the last RUN",
	  .type = &option_text, FIELD(output) },
	{ "--no-plots", NULL, "no pictures",
	  .type = &option_flag, FIELD(no_plots) },
	{ .rest = common_options },
};

/* The folder where the pages go, made if need be; owned by the caller, NULL with `why`. */
static char *open_output(const struct compare_request *request, const struct why *why)
{
	const char *folder = request->output;
	int err;

	if (!folder)
		return result_folder(request->runs.word[request->runs.count - 1]);
	err = folder_make(folder, 0777);
	if (err >= 0)
		return strdup(folder);
	why_say(why, "cannot make '%s': %s", folder, strerror(-err));
	return NULL;
}

/* Prints and writes what was found. Returns as page_publish() does. */
static int show(struct compared *compared, const struct compare_request *request, const char *folder,
		const struct why *why)
{
	const struct plot_data data = plot_compare(compared);
	struct page page;
	int err = compare_page(&page, compared);

	if (err) {
		why_say(why, "cannot compare: %s", strerror(-err));
	} else {
		page_print(stdout, &page, REST_IN_REPORT);
		err = page_publish(&page, compared->pairs && !request->no_plots ? &data : NULL, folder, why);
	}
	page_release(&page);
	return err;
}

static int compare(const struct compare_request *request, const struct why *why)
{
	struct compared compared = { .sides = 0 };
	json_t *runs[SIDES_MAX] = { NULL };
	char *folder = NULL;
	int err = 0;

	for (size_t i = 0; i < request->runs.count && !err; i++) {
		runs[i] = store_read(request->runs.word[i], why);
		err = runs[i] ? 0 : -EINVAL;
	}
	if (!err)
		folder = open_output(request, why);
	if (!err && !folder)
		err = -ENOENT;
	if (!err)
		err = compare_make(&compared, (const json_t *const *)runs, (const char *const *)request->runs.word,
				   request->runs.count);
	if (!err)
		err = show(&compared, request, folder, why);
	if (err >= 0)
		text_print(stdout, "\n%s\n", folder);
	compare_release(&compared);
	for (size_t i = 0; i < request->runs.count; i++)
		json_decref(runs[i]);
	free(folder);
	return err;
}

static int run(void *request, char **argv)
{
	char why[1024] = "";
	int err = compare(request, WHY(why));

	if (why[0])
		verb_complain(why);
	return err ? EXIT_USAGE : EXIT_DONE;
}

const struct verb verb_compare = {
	.name = "compare",
	.summary = "show what changed between runs, or between the modes of one",
	.about = "Compares runs with the first of them, cell by cell: ratios of the median times\n"
		 "with 95 % intervals, ranked by how much they matter; what changed in the\n"
		 "account, CPU time, memory and counters; and what makes runs not comparable.\n"
		 "If one run is given, compares its modes with the sequential one, or else with\n"
		 "the first. Writes compare.html and compare.md.\n"
		 "This is no gate: runs that were not measured in turn differ in any case. See\n"
		 "bench gate. Exit status: 0 compared, 2 a run cannot be read, or pages and\n"
		 "pictures cannot be made.\n",
	.examples = "  ./bench compare before after --output page\n"
		    "      two runs, with pictures in the folder page\n"
		    "  ./bench compare results/runs/latest\n"
		    "      the modes of the last run\n",
	.options = specs,
	.request_size = sizeof(struct compare_request),
	.run = run,
};
