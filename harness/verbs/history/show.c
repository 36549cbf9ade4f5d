/* `bench history show` */
#include "base/file.h"
#include "base/text.h"
#include "report/history/view.h"
#include "report/kit/page_print.h"
#include "verbs/history/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct history_show_request {
	const char *database, *machine, *cell, *json, *output; /* NULL: not given */
	bool no_plots;
	struct change_search search;
	enum history_measure measure;
};

static int take_measure(const struct option_use *use)
{
	struct history_show_request *request = use->request;
	int error = vocabulary_check(use->spec->names, use->value, use->why);

	request->measure = 0;
	while (!error && strcmp(history_measures[request->measure], use->value) != 0)
		request->measure++;
	return error;
}

static int take_magnitude(const struct option_use *use)
{
	double *magnitude = option_field(use);
	const char *end = use->value + strspn(use->value, "0.");

	*magnitude = 0;
	if ((*use->value == '0' && (!*end || strcmp(end, "%") == 0)) || share_parse(magnitude, use->value) == 0)
		return 0;
	return why_refuse(use->why, "%s needs a share such as 1%% or 0.01, at most 100%%, or 0 for all changes, "
			  "not '%s'", use->spec->name, use->value);
}

static int take_p(const struct option_use *use)
{
	double *p = option_field(use);

	if (share_parse(p, use->value) == 0 && *p >= 1e-5 && *p <= 0.5)
		return 0;
	return why_refuse(use->why, "%s needs a probability from 0.00001 to 0.5, such as 0.001, not '%s'",
			  use->spec->name, use->value);
}

static const struct option_type option_measure = { take_measure, NULL };
static const struct option_type option_magnitude = { take_magnitude, NULL };
static const struct option_type option_p = { take_p, NULL };
static const struct vocabulary measure_names = { .kind = "measure", VOCABULARY_STRINGS(history_measures) };

#define FIELD(name) .field = offsetof(struct history_show_request, name)

static const struct option_spec specs[] = {
	{ "run", .type = &option_nothing }, /* none may be given: the message says so to those who mean `add` */
	{ "--cell", "ID", "only this cell, or a pattern: 'resize/pool/*'",
	  .type = &option_text, FIELD(cell) },
	{ "--machine", "NAME", "only this machine",
	  .type = &option_text, FIELD(machine) },
	{ "--measure", "M", "wall_ns, cpu_ns or rss_bytes", .preset = "wall_ns",
	  .type = &option_measure, .names = &measure_names },
	{ "--magnitude", "SHARE", "leave out changes that are not greater; 0: show all", .preset = "1%",
	  .type = &option_magnitude, FIELD(search.magnitude) },
	{ "--p", "P", "how often 50 runs without a change may show one", .preset = "0.001",
	  .type = &option_p, FIELD(search.p) },
	{ "--json", "FILE|-", "write series and changes; -: print them, and no tables",
	  .type = &option_text, FIELD(json) },
	{ "--output", "DIR", "write history.html, history.md and pictures there",
	  .type = &option_text, FIELD(output) },
	{ "--no-plots", NULL, "no pictures",
	  .type = &option_flag, FIELD(no_plots) },
	{ "--database", "FILE", "its file; else " HISTORY_DATABASE " of the checkout",
	  .type = &option_text, FIELD(database) },
	{ .rest = common_options },
};

static void fill_json(struct writer *writer, const void *json)
{
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(12));

	if (!text)
		writer_fail(writer, -ENOMEM);
	else
		writer_text(writer, text);
	writer_text(writer, "\n");
	free(text);
}

static int write_json(const struct history_view *view, const char *file)
{
	json_t *json = history_json(view);
	struct writer console = { .file = stdout };
	char why[512];
	int err = json ? 0 : -ENOMEM;

	if (!err && strcmp(file, "-") == 0)
		fill_json(&console, json); /* main() reports errors of stdout */
	else if (!err)
		err = file_put_at(file, fill_json, json);
	json_decref(json);
	if (!err)
		return 0;
	why_say(WHY(why), "cannot write '%.400s': %s", file, strerror(-err));
	verb_complain(why);
	return err;
}

/* Writes the page and its pictures. Returns as page_publish() does, after saying what is wrong. */
static int write_page(struct page *page, const struct history_view *view, const struct history_show_request *request)
{
	const struct plot_data data = plot_history(view);
	const struct plot_data *drawn = request->no_plots || !view->list->count ? NULL : &data;
	char why[1024] = "";
	int err = folder_make(request->output, 0777);

	if (err < 0) {
		why_say(WHY(why), "cannot make '%.400s': %s", request->output, strerror(-err));
		verb_complain(why);
		return err;
	}
	err = page_publish(page, drawn, request->output, WHY(why));
	if (why[0])
		verb_complain(why);
	return err;
}

static int show_view(const struct history_view *view, const struct history_show_request *request)
{
	struct page page = { 0 };
	bool prints = !request->json || strcmp(request->json, "-") != 0;
	int err = history_page(&page, view, terminal_of(stdout).micro);

	if (err)
		verb_complain("out of memory");
	if (!err && prints)
		page_print(stdout, &page, request->output ? REST_IN_REPORT : "--output DIR writes all");
	if (!err && request->json)
		err = write_json(view, request->json);
	if (!err && request->output)
		err = write_page(&page, view, request);
	if (err >= 0 && request->output && prints)
		text_print(stdout, "\n%s\n", request->output);
	page_release(&page);
	return err;
}

/* A mistyped name must not look as if nothing had changed. */
static int refuse_names(const struct history_show_request *request, const char *database)
{
	char why[1024];

	why_say(WHY(why), "'%.300s' holds no runs%s%.200s%s%s%.200s%s (`bench history show` lists what it holds)",
		database, request->machine ? " of machine '" : "", request->machine ? request->machine : "",
		request->machine ? "'" : "", request->cell ? " of cell '" : "", request->cell ? request->cell : "",
		request->cell ? "'" : "");
	return verb_complain(why);
}

static int show(const struct history_show_request *request, const char *database)
{
	struct history_list list = { 0 };
	struct history_view view = {
		.database = database, .measure = request->measure, .search = request->search, .list = &list
	};
	struct history *history = NULL;
	char why[1024] = "";
	int err = history_open(&history, database, false, WHY(why));

	if (!err)
		err = history_read(&list, history, request->measure, request->machine, request->cell, WHY(why));
	if (err)
		verb_complain(why);
	else if (!list.count && (request->machine || request->cell))
		err = refuse_names(request, database);
	if (!err && (history_order(&list) || history_search(&list, &request->search) || history_view_make(&view)))
		err = verb_complain("out of memory");
	if (!err)
		err = show_view(&view, request);
	history_view_release(&view);
	history_list_release(&list);
	history_close(history);
	return err ? EXIT_USAGE : EXIT_DONE;
}

static int run(void *request, char **argv)
{
	struct history_show_request *asked = request;
	char *database = history_file(asked->database);
	int status;

	asked->search.window = CHANGE_SEARCH_PRESET.window;
	status = database ? show(asked, database) : EXIT_USAGE;
	free(database);
	return status;
}

const struct verb history_show_verb = {
	.name = "show",
	.summary = "show which commits changed times",
	.about = "Shows the series of a history and their change points. Runs stand in the order\n"
		 "of their commits, as git knows it in the current folder, whenever they were\n"
		 "measured; if git does not know them, in that of time. A change point is the\n"
		 "first run of a new level; at least three runs must follow, more in a short\n"
		 "series, to tell it from an outlier. Machines are never mixed.\n"
		 "Exit status: 0 done, 2 the history cannot be read or a file cannot be written.\n",
	.examples = "  ./bench history show --cell 'resize/pool/*' --output page\n"
		    "      the pools of one workload, with pictures in the folder page\n"
		    "  ./bench history show --json -\n"
		    "      for other programs\n",
	.options = specs,
	.request_size = sizeof(struct history_show_request),
	.run = run,
};
