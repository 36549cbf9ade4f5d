#include "report/compare/compare.h"
#include "report/kit/page_print.h"
#include "store/result.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the command line asks for. */
struct compare_request {
	char *const *names;
	size_t count;
	const char *output; /* NULL: beside the last run */
	bool no_plots, help;
};

static int usage(FILE *out)
{
	fputs("usage: bench compare [--output DIR] [--no-plots] RUN RUN...\n"
	      "       bench compare [--output DIR] [--no-plots] RUN\n"
	      "Holds runs against the first of them, cell by cell: ratios of the median times\n"
	      "with 95 % intervals, ranked by how much they matter; what changed in the account,\n"
	      "CPU time, memory and counters; and what makes the runs not comparable.\n"
	      "One run: its modes, each against the sequential one, or else the first.\n"
	      "RUN is the folder of a run, such as results/runs/latest, or its run.json.\n"
	      "  --output DIR   where compare.html, compare.md and their pictures go\n"
	      "                 (beside the last RUN)\n"
	      "  --no-plots     no pictures\n"
	      "It is no gate: runs that were not measured in turn differ by themselves.\n"
	      "See bench gate. Exit status: 0 compared, 2 a run cannot be read or the pages\n"
	      "cannot be written.\n",
	      out);
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

static int wrong(const char *format, const char *subject)
{
	fputs("bench: ", stderr);
	fprintf(stderr, format, subject);
	putc('\n', stderr);
	return -EINVAL;
}

/* Names and options in any order; the names are gathered at the front of argv. */
static int read_request(struct compare_request *request, int argc, char **argv)
{
	bool options = true;

	*request = (struct compare_request){ .names = argv + 1 };
	for (int i = 1; i < argc; i++) {
		if (!options || argv[i][0] != '-')
			argv[1 + request->count++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			options = false;
		else if (strcmp(argv[i], "--help") == 0)
			request->help = true;
		else if (strcmp(argv[i], "--no-plots") == 0)
			request->no_plots = true;
		else if (strcmp(argv[i], "--output") != 0)
			return wrong("unknown option '%s': see bench compare --help", argv[i]);
		else if (++i == argc)
			return wrong("'%s' needs a folder", "--output");
		else
			request->output = argv[i];
	}
	if (!request->help && request->count == 0)
		return wrong("%s: see bench compare --help", "nothing to compare");
	if (request->count > SIDES_MAX)
		return wrong("'%s' is one run too many: at most 26 can be compared", request->names[SIDES_MAX]);
	return 0;
}

/* The folder where the pages go, made if need be; owned by the caller, NULL with `why`. */
static char *open_output(const struct compare_request *request, const struct why *why)
{
	const char *folder = request->output;

	if (!folder)
		return result_folder(request->names[request->count - 1]);
	if (mkdir(folder, 0777) == 0 || errno == EEXIST)
		return strdup(folder);
	why_say(why, "cannot make '%s': %s", folder, strerror(errno));
	return NULL;
}

/* Prints and writes what was found. Pictures that cannot be drawn are no error: `why` says so. */
static int show(struct compared *compared, const struct compare_request *request, const char *folder,
		const struct why *why)
{
	const struct plot_data data = plot_compare(compared);
	struct page page;
	int err = compare_page(&page, compared);

	if (err) {
		why_say(why, "cannot compare: %s", strerror(-err));
	} else {
		page_print(stdout, &page);
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

	for (size_t i = 0; i < request->count && !err; i++) {
		runs[i] = store_read(request->names[i], why);
		err = runs[i] ? 0 : -EINVAL;
	}
	if (!err)
		folder = open_output(request, why);
	if (!err && !folder)
		err = -ENOENT;
	if (!err)
		err = compare_make(&compared, (const json_t *const *)runs, (const char *const *)request->names,
				   request->count);
	if (!err)
		err = show(&compared, request, folder, why);
	if (!err)
		printf("\n%s\n", folder);
	compare_release(&compared);
	for (size_t i = 0; i < request->count; i++)
		json_decref(runs[i]);
	free(folder);
	return err;
}

int verb_compare(int argc, char **argv)
{
	struct compare_request request;
	char why[1024] = "";
	int err = read_request(&request, argc, argv);

	if (!err && request.help)
		return usage(stdout);
	if (!err)
		err = compare(&request, WHY(why));
	if (why[0])
		fprintf(stderr, "bench: %s\n", why);
	return err ? EXIT_USAGE : EXIT_DONE;
}
