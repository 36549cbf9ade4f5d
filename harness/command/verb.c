#include "command/verb.h"

#include "command/help.h"
#include "command/parser.h"

#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 80

/* A verb, and the command line that calls it. */
struct called_verb {
	const struct verb *verb;
	char path[PATH_SIZE]; /* "bench history add" */
	char **words;         /* those after the path */
	char **argv;
};

int verb_complain(const char *text)
{
	fprintf(stderr, "bench: %s\n", text);
	return EXIT_USAGE;
}

static const char *verb_name(const void *of, size_t index)
{
	const struct verb *const *verbs = of;

	return verbs[index] ? verbs[index]->name : NULL;
}

static int refuse_word(const struct called_verb *call)
{
	char usage[256] = "";
	const struct why hint = { usage, sizeof(usage) }, why = { (char[512]){ 0 }, 512 };
	const struct verb *verb = call->verb;
	const struct vocabulary names = { .kind = verb->verbs_kind ? verb->verbs_kind : "verb", .name = verb_name,
					  .of = verb->verbs, .hint = usage };

	why_say(&hint, "usage: %s ", call->path);
	for (const struct verb *const *inner = verb->verbs; *inner; inner++)
		why_add(&hint, "%s%s", (*inner)->name, inner[1] ? "|" : "");
	vocabulary_check(&names, call->words[0], &why);
	return verb_complain(why.text);
}

static const struct option_spec *options_of(const struct verb *verb)
{
	return verb->options ? verb->options : common_options;
}

static int read_and_run(const struct called_verb *call)
{
	const struct verb *verb = call->verb;
	const struct option_spec *options = options_of(verb);
	const struct why why = { (char[1024]){ 0 }, 1024 };
	void *request = calloc(1, verb->request_size + 1);
	int argc = 0, status = EXIT_USAGE;
	char see[PATH_SIZE + 8];

	while (call->words[argc])
		argc++;
	snprintf(see, sizeof(see), verb->verbs ? "%s help" : "%s --help", call->path);
	if (!request)
		return status;
	if (arguments_parse(options, request, argc, call->words, see, &why) == 0) {
		arguments_notice(options, call->words, stderr);
		status = verb->run(request, call->argv);
	} else if (why.text[0]) {
		verb_complain(why.text);
	} else {
		help_print(stderr, verb, call->path);
	}
	arguments_release(options, request);
	free(request);
	return status;
}

/* A verb that has verbs and is called alone explains itself. */
static int call_verb(struct called_verb *call)
{
	const struct verb *const *inner = call->verb->verbs;
	const char *word = call->words[0];

	if (inner && word && word[0] != '-') {
		while (*inner && strcmp((*inner)->name, word) != 0)
			inner++;
		if (!*inner)
			return refuse_word(call);
		snprintf(call->path + strlen(call->path), sizeof(call->path) - strlen(call->path), " %s", word);
		call->verb = *inner;
		call->words++;
		return call_verb(call);
	}
	if (arguments_ask_help(options_of(call->verb), call->words) || (inner && !word && call->verb->run)) {
		help_print(stdout, call->verb, call->path);
		return EXIT_DONE;
	}
	if (call->verb->run)
		return read_and_run(call);
	help_print(stderr, call->verb, call->path);
	return EXIT_USAGE;
}

int verb_call(const struct verb *program, char **argv)
{
	struct called_verb call = { .verb = program, .words = argv, .argv = argv };

	snprintf(call.path, sizeof(call.path), "%s", program->name);
	if (*argv)
		call.words++;
	return call_verb(&call);
}
