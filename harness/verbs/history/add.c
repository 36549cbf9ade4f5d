/* `bench history add RUN...` */
#include "base/json.h"
#include "base/text.h"
#include "store/history/commits.h"
#include "store/history/history.h"
#include "store/run/store.h"
#include "verbs/history/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct history_add_request {
	struct words runs;
	const char *commit, *machine, *database; /* NULL: not given */
};

#define FIELD(name) .field = offsetof(struct history_add_request, name)

static const struct option_spec specs[] = {
	{ "run", "RUN...", "a folder such as results/runs/latest, or its run.json",
	  .type = &option_words, .least = 1, .most = UINT64_MAX, FIELD(runs) },
	{ "--commit", "REV", "what was measured, if a run does not say so",
	  .type = &option_text, FIELD(commit) },
	{ "--machine", "NAME", "its name; else processor, count and architecture",
	  .type = &option_text, FIELD(machine) },
	{ "--database", "FILE", "its file; else " HISTORY_DATABASE " of the checkout",
	  .type = &option_text, FIELD(database) },
	{ .rest = common_options },
};

/* Where a commit comes from, in the words of the output. */
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

/* The commit that the command line names, and the one that is checked out. */
struct sources {
	struct commit option, head;
	bool has_option, has_head;
	char no_head[512]; /* why there is no head */
};

static int find_sources(struct sources *sources, const struct history_add_request *request)
{
	char full[COMMIT_TEXT], why[256];

	*sources = (struct sources){ .has_option = request->commit != NULL };
	if (!request->commit) {
		char reason[400] = "";

		sources->has_head = commit_head(&sources->head, WHY(reason));
		why_say(WHY(sources->no_head), "no commit: git knows none here (%s), and no --commit was given",
			reason);
		return 0;
	}
	if (!is_word(request->commit)) {
		why_say(WHY(why), "--commit needs a commit, not '%.80s'", request->commit);
		return verb_complain(why);
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
	*text = sources->no_head;
	if (!sources->has_head)
		return NULL;
	*text = "no commit: what is checked out here is younger than the run (--commit says it)";
	return started_s(run) >= 0 && started_s(run) < sources->head.committed_s ? NULL : from_head;
}

/* Says so if the options ask for another label than the run has. */
static void print_already(const struct history_add_request *request, const struct run_added *added,
			  const struct commit *commit, const char *source)
{
	printf(": is in the history already, nothing added");
	if (source == from_option && (strcmp(added->commit, commit->hash) != 0 || added->dirty != commit->dirty))
		text_print(stdout, added->commit[0] ? "; it stays of commit %s%s, whatever --commit says"
						    : "; it stays without a commit%s%s, whatever --commit says",
			   added->commit, added->dirty ? "-dirty" : "");
	if (request->machine && strcmp(added->machine, request->machine) != 0)
		text_print(stdout, "; its machine stays '%s', whatever --machine says", added->machine);
	putchar('\n');
}

static void print_added(const struct run_added *added, const struct commit *commit, const char *source,
			const char *text)
{
	if (!added->cells) {
		fputs(": nothing was measured in it, nothing added\n", stdout);
		return;
	}
	printf(": added, %zu cell%s", added->cells, added->cells == 1 ? "" : "s");
	if (added->left_out)
		printf(" (%zu not measured)", added->left_out);
	if (source)
		text_print(stdout, ", commit %s%s (%s)", commit->hash,
			   commit->dirty ? ", with changes that are not committed" : "", source);
	else
		text_print(stdout, ", %s", text);
	text_print(stdout, ", %s\n", added->machine);
}

/* Returns 0, 1 for a run that cannot be read, or -errno for a history that cannot be written. */
static int add_run(struct history *history, const struct history_add_request *request, const struct sources *sources,
		   const char *name)
{
	char why[1024];
	json_t *run = store_read(name, WHY(why));
	const char *source, *text = NULL;
	struct run_added added;
	struct commit commit;
	int err;

	if (!run) {
		verb_complain(why);
		return 1;
	}
	source = choose_commit(&commit, sources, run, &text);
	err = history_add(history, run,
			  &(struct run_label){ source ? commit.hash : NULL, source && commit.dirty, request->machine },
			  &added, WHY(why));
	if (err)
		verb_complain(why);
	else
		text_plain(stdout, name);
	if (!err && added.already)
		print_already(request, &added, &commit, source);
	else if (!err)
		print_added(&added, &commit, source, text);
	json_decref(run);
	return err;
}

static int add_runs(const struct history_add_request *request, const char *database)
{
	struct history *history = NULL;
	struct sources sources;
	char why[1024];
	int status = EXIT_DONE, result = 0;

	if (find_sources(&sources, request))
		return EXIT_USAGE;
	if (history_open(&history, database, true, WHY(why))) {
		verb_complain(why);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < request->runs.count && result >= 0; i++) {
		result = add_run(history, request, &sources, request->runs.word[i]);
		status = result ? EXIT_USAGE : status;
	}
	history_close(history);
	if (status == EXIT_DONE)
		text_print(stdout, "\n%s\n", database);
	return status;
}

static int run(void *request, char **argv)
{
	const struct history_add_request *asked = request;
	char *database = history_file(asked->database);
	int status;

	status = database ? add_runs(asked, database) : EXIT_USAGE;
	free(database);
	return status;
}

const struct verb history_add_verb = {
	.name = "add",
	.summary = "add runs",
	.about = "Adds runs to a history, by commit, machine and cell. A run that is there is not\n"
		 "added again, and keeps its commit and machine. If neither the run nor --commit\n"
		 "says what was measured, it is what git has checked out in the current folder.\n"
		 "Exit status: 0 done, 2 a run cannot be read or the history cannot be written.\n",
	.examples = "  ./bench history add results/runs/latest\n"
		    "      the last run\n"
		    "  ./bench history add --commit \"$GITHUB_SHA\" RUN\n"
		    "      in CI\n",
	.options = specs,
	.request_size = sizeof(struct history_add_request),
	.run = run,
};
