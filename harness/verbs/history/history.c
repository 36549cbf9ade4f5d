#include "base/file.h"
#include "base/json.h"
#include "base/root.h"
#include "base/text.h"
#include "command/words.h"
#include "report/history/view.h"
#include "report/kit/page_print.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define DATABASE "results/history.db" /* of the checkout, wherever this is called from */

/* What the command line asks for. */
struct history_request {
	bool add; /* else show */
	char *const *runs;
	size_t run_count;
	const char *database, *commit, *machine, *cell, *measure, *json, *output; /* NULL: not given */
	bool no_plots;
	struct change_search search;
	enum history_measure what;
};

static int usage(FILE *out)
{
	fputs("usage: bench history add [--commit REV] [--machine NAME] RUN...\n"
	      "       bench history show [--cell ID] [--machine NAME] [--measure M] [--json FILE|-] [--output DIR]\n"
	      "Keeps runs by commit, machine and cell, and finds since which commit times are different.\n"
	      "RUN is the folder of a run, such as results/runs/latest, or its run.json; any number of them.\n"
	      "Adding a run twice adds nothing.\n"
	      "  --commit REV      what was measured, where a run does not say so itself; else what git has\n"
	      "                    checked out in the current folder. In CI:\n"
	      "                    bench history add --commit \"$GITHUB_SHA\" RUN\n"
	      "  --machine NAME    add: instead of processor, number of processors and architecture;\n"
	      "                    show: only this one\n"
	      "  --cell ID         only this; may be a pattern: 'resize/pool/*'\n"
	      "  --measure M       wall_ns (else this), cpu_ns or rss_bytes\n"
	      "  --magnitude 1%    leave out changes that are not greater; 0: none\n"
	      "  --p 0.001         how often, at most, 50 runs without a change may show one\n"
	      "  --json FILE       write series and change points; -: to stdout, instead of the tables\n"
	      "  --output DIR      write history.html, history.md and pictures; --no-plots: without them\n"
	      "  --database FILE   instead of results/history.db of the checkout\n"
	      "Runs stand in the order in which they were started, whichever commit they are of. A change\n"
	      "point is the first run of a new level; at least three runs must follow, more in a short\n"
	      "series, to tell it from an outlier. Machines are never mixed.\n"
	      "It is no gate: a machine differs from day to day by more than most changes do, so whether a\n"
	      "change may be merged is not decided by stored times. See bench gate.\n"
	      "Exit status: 0 done, 2 a run cannot be read, or the history not be read or written.\n",
	      out);
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

static int complain(const char *why)
{
	fprintf(stderr, "bench: %s\n", why);
	return -EINVAL;
}

/* An option of this verb that takes a text. */
struct text_option {
	const char *name;
	const char **to;
	bool add, show; /* where it may be used */
};

static int take_search(struct history_request *request, const char *magnitude, const char *p)
{
	const struct vocabulary measures = { "measure", vocabulary_string, history_measures, NULL };
	const struct why why = { (char[256]){ 0 }, 256 };

	request->search = CHANGE_SEARCH_PRESET;
	if (magnitude && strcmp(magnitude, "0") == 0)
		request->search.magnitude = 0;
	else if (magnitude && share_parse(&request->search.magnitude, magnitude))
		return complain("--magnitude needs a share, such as 1% or 0.01");
	if (p && (share_parse(&request->search.p, p) || request->search.p < 1e-5 || request->search.p > 0.5))
		return complain("--p needs a probability from 0.00001 to 0.5, such as 0.001");
	if (request->measure && vocabulary_check(&measures, request->measure, &why))
		return complain(why.text);
	while (request->measure && strcmp(history_measures[request->what], request->measure) != 0)
		request->what++;
	return 0;
}

/* Takes `--name VALUE` and `--name=VALUE`. Returns how many arguments it took, or -EINVAL. */
static int take_option(const struct history_request *request, const struct text_option *options, char **argv)
{
	size_t length = strcspn(argv[0], "=");
	char why[256];

	for (const struct text_option *option = options; option->name; option++) {
		const char *value = argv[0][length] ? argv[0] + length + 1 : argv[1];

		if (strlen(option->name) != length || strncmp(option->name, argv[0], length) != 0 ||
		    !(request->add ? option->add : option->show))
			continue;
		if (!value || !*value) {
			why_say(WHY(why), "option '%s' needs a value: see bench history --help", option->name);
			return complain(why);
		}
		*option->to = value;
		return argv[0][length] ? 1 : 2;
	}
	why_say(WHY(why), "unknown option '%.80s' of history %s: see bench history --help", argv[0],
		request->add ? "add" : "show");
	return complain(why);
}

/* Runs and options in any order; the runs are gathered at the front of argv. */
static int read_request(struct history_request *request, int argc, char **argv)
{
	const char *magnitude = NULL, *p = NULL;
	const struct text_option options[] = {
		{ "--database", &request->database, true, true },
		{ "--machine", &request->machine, true, true },
		{ "--commit", &request->commit, true, false },
		{ "--cell", &request->cell, false, true },
		{ "--measure", &request->measure, false, true },
		{ "--json", &request->json, false, true },
		{ "--output", &request->output, false, true },
		{ "--magnitude", &magnitude, false, true },
		{ "--p", &p, false, true },
		{ 0 },
	};
	bool only_runs = false;

	for (int i = 1, taken; i < argc; i += taken) {
		taken = 1;
		if (only_runs || argv[i][0] != '-')
			argv[1 + request->run_count++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_runs = true;
		else if (!request->add && strcmp(argv[i], "--no-plots") == 0)
			request->no_plots = true;
		else
			taken = take_option(request, options, argv + i);
		if (taken < 0)
			return taken;
	}
	request->runs = argv + 1;
	if (request->add && !request->run_count)
		return complain("history add: which run? Such as results/runs/latest");
	if (!request->add && request->run_count)
		return complain("history show takes no runs: `bench history add` does");
	return take_search(request, magnitude, p);
}

/* Where a commit comes from, as people are told. */
static const char from_run[] = "as the run says", from_option[] = "as --commit says",
		  from_head[] = "checked out in this folder";

static bool is_word(const char *text)
{
	size_t length = 0;

	while (text[length] > ' ' && text[length] <= '~')
		length++;
	return length && length < COMMIT_TEXT && text[length] == '\0';
}

/* Seconds since 1970; -1: not known. */
static long long started_s(const json_t *run)
{
	const char *started = json_text(run, "started");
	struct tm time = { 0 };
	const char *end = started ? strptime(started, "%Y-%m-%dT%H:%M:%SZ", &time) : NULL;

	return end && !*end ? timegm(&time) : -1;
}

/* The commit in `text`, whose end may say that it was dirty: "1a2b3c4-dirty", as `git describe --dirty` does. */
static void take_commit(struct commit *commit, const char *text)
{
	size_t length = strlen(text), mark = strlen("-dirty");

	commit->dirty = length > mark && strcmp(text + length - mark, "-dirty") == 0;
	snprintf(commit->hash, sizeof(commit->hash), "%.*s", (int)(length - (commit->dirty ? mark : 0)), text);
}

/* What the command line says, and what is checked out. */
struct sources {
	struct commit option, head;
	bool has_option, has_head;
};

static int find_sources(struct sources *sources, const struct history_request *request)
{
	char full[COMMIT_TEXT], why[256];

	*sources = (struct sources){ .has_option = request->commit != NULL };
	if (!request->commit) {
		sources->has_head = commit_head(&sources->head);
		return 0;
	}
	if (!is_word(request->commit)) {
		why_say(WHY(why), "--commit needs a commit, not '%.80s'", request->commit);
		return complain(why);
	}
	take_commit(&sources->option, request->commit);
	if (commit_resolve(full, sources->option.hash))
		memcpy(sources->option.hash, full, sizeof(full));
	return 0;
}

/* The commit of a run. Returns where it comes from; NULL: it is not known, and `text` says why. */
static const char *choose_commit(struct commit *commit, const struct sources *sources, const json_t *run,
				 const char **text)
{
	const json_t *versions = json_object_get(run, "versions");
	const char *own = json_text(versions, "commit");

	if (own && is_word(own)) {
		take_commit(commit, own);
		return from_run;
	}
	*commit = sources->has_option ? sources->option : sources->head;
	if (sources->has_option)
		return from_option;
	*text = "no commit: git knows none here, and no --commit was given";
	if (!sources->has_head)
		return NULL;
	*text = "no commit: what is checked out here is younger than the run (--commit says it)";
	return started_s(run) >= 0 && started_s(run) < sources->head.committed_s ? NULL : from_head;
}

static void print_added(const char *name, const struct run_added *added, const struct commit *commit,
			const char *source, const char *text)
{
	text_plain(stdout, name);
	if (added->already) {
		fputs(": is in the history already, nothing added\n", stdout);
		return;
	}
	if (!added->cells) {
		fputs(": nothing was measured in it, nothing added\n", stdout);
		return;
	}
	printf(": added, %zu cell%s", added->cells, added->cells == 1 ? "" : "s");
	if (added->left_out)
		printf(" (%zu not measured)", added->left_out);
	if (source)
		printf(", commit %s%s (%s)", commit->hash, commit->dirty ? ", with changes that are not committed" : "",
		       source);
	else
		printf(", %s", text);
	fputs(", ", stdout);
	text_plain(stdout, added->machine);
	putchar('\n');
}

/* Returns 0, 1 for a run that cannot be read, or -errno for a history that cannot be written. */
static int add_run(struct history *history, const struct history_request *request, const struct sources *sources,
		   const char *name)
{
	char why[1024];
	json_t *run = store_read(name, WHY(why));
	const char *source, *text = NULL;
	struct run_added added;
	struct commit commit;
	int err;

	if (!run) {
		complain(why);
		return 1;
	}
	source = choose_commit(&commit, sources, run, &text);
	err = history_add(history, run,
			  &(struct run_label){ source ? commit.hash : NULL, source && commit.dirty, request->machine },
			  &added, WHY(why));
	if (err)
		complain(why);
	else
		print_added(name, &added, &commit, source, text);
	json_decref(run);
	return err;
}

static int add_runs(const struct history_request *request, const char *database)
{
	struct history *history = NULL;
	struct sources sources;
	char why[1024];
	int status = EXIT_DONE, result = 0;

	if (find_sources(&sources, request))
		return EXIT_USAGE;
	if (history_open(&history, database, true, WHY(why))) {
		complain(why);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < request->run_count && result >= 0; i++) {
		result = add_run(history, request, &sources, request->runs[i]);
		status = result ? EXIT_USAGE : status;
	}
	history_close(history);
	if (status == EXIT_DONE)
		printf("\n%s\n", database);
	return status;
}

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
		fill_json(&console, json); /* main() sees what goes wrong there */
	else if (!err)
		err = file_put_at(file, fill_json, json);
	json_decref(json);
	if (!err)
		return 0;
	why_say(WHY(why), "cannot write '%.400s': %s", file, strerror(-err));
	return complain(why);
}

/* Writes the page and its pictures. */
static int write_page(struct page *page, const struct history_view *view, const struct history_request *request)
{
	const struct plot_data data = plot_history(view);
	char why[1024] = "";
	int err = 0;

	if (mkdir(request->output, 0777) && errno != EEXIST) {
		why_say(WHY(why), "cannot make '%.400s': %s", request->output, strerror(errno));
		return complain(why);
	}
	if (!request->no_plots && view->list->count)
		err = plots_draw(&page->plots, &data, request->output, WHY(why));
	if (why[0])
		complain(why);
	err = err == -ENOSPC ? err : 0; /* the page does without pictures */
	if (!err && (err = page_write(page, request->output, WHY(why))))
		complain(why);
	return err;
}

static int show_view(const struct history_view *view, const struct history_request *request)
{
	struct page page = { 0 };
	bool prints = !request->json || strcmp(request->json, "-") != 0;
	int err = history_page(&page, view, terminal_of(stdout).micro);

	if (err)
		complain("out of memory");
	if (!err && prints)
		page_print(stdout, &page);
	if (!err && request->json)
		err = write_json(view, request->json);
	if (!err && request->output)
		err = write_page(&page, view, request);
	if (!err && request->output && prints)
		printf("\n%s\n", request->output);
	page_release(&page);
	return err;
}

/* That a name was mistyped must not look as if nothing had changed. */
static int refuse_names(const struct history_request *request, const char *database)
{
	char why[1024];

	why_say(WHY(why), "'%.300s' holds no runs%s%.200s%s%s%.200s%s (`bench history show` lists what it holds)",
		database, request->machine ? " of machine '" : "", request->machine ? request->machine : "",
		request->machine ? "'" : "", request->cell ? " of cell '" : "", request->cell ? request->cell : "",
		request->cell ? "'" : "");
	return complain(why);
}

static int show(const struct history_request *request, const char *database)
{
	struct history_list list = { 0 };
	struct history_view view = {
		.database = database, .measure = request->what, .search = request->search, .list = &list
	};
	struct history *history = NULL;
	char why[1024] = "";
	int err = history_open(&history, database, false, WHY(why));

	if (!err)
		err = history_read(&list, history, request->what, request->machine, request->cell, WHY(why));
	if (err)
		complain(why);
	else if (!list.count && (request->machine || request->cell))
		err = refuse_names(request, database);
	if (!err && (history_search(&list, &request->search) || history_view_make(&view)))
		err = complain("out of memory");
	if (!err)
		err = show_view(&view, request);
	history_view_release(&view);
	history_list_release(&list);
	history_close(history);
	return err ? EXIT_USAGE : EXIT_DONE;
}

int verb_history(int argc, char **argv)
{
	struct history_request request = { .add = argc > 1 && strcmp(argv[1], "add") == 0 };
	char *preset = NULL, root[PATH_MAX];
	int status;

	if (has_word(argv, "--help"))
		return usage(stdout);
	if (argc < 2 || (!request.add && strcmp(argv[1], "show") != 0))
		return usage(stderr);
	if (read_request(&request, argc - 1, argv + 1))
		return EXIT_USAGE;
	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error, not a death */
	if (!request.database && asprintf(&preset, "%s/" DATABASE, project_root(root)) < 0)
		return EXIT_USAGE;
	request.database = request.database ? request.database : preset;
	status = request.add ? add_runs(&request, request.database) : show(&request, request.database);
	free(preset);
	return status;
}
