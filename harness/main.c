/* The table of contents: finds the verb, calls it, returns its status. */
#include "base/streams.h"
#include "command/words.h"
#include "verbs/verbs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct verb {
	const char *name;
	int (*call)(int argc, char **argv);
	bool explains; /* itself, with --help */
} verbs[] = {
	{ "list", verb_list, false },
	{ "machine", verb_machine, false },
	{ "report", verb_report, true },
	{ "compare", verb_compare, true },
	{ "gate", verb_gate, true },
	{ "history", verb_history, true },
	{ "export", verb_export, true },
	{ "experiment", verb_experiment, false },
	{ "help", verb_help, false },
	{ "test", verb_help, false }, /* the launcher's, which does not hand it on */
	{ 0 },
};

static const char *verb_name(const void *of, size_t index)
{
	return ((const struct verb *)of)[index].name;
}

static int call_verb(int argc, char **argv)
{
	const struct why why = { (char[256]){ 0 }, 256 };
	const bool help = has_word(argv, "--help");

	if (argc < 2 || (help && argv[1][0] == '-') || strcmp(argv[1], "-h") == 0)
		return verb_help(argc, argv);
	if (strcmp(argv[1], "--version") == 0)
		return printf("bench %s\n", BENCH_VERSION) < 0 ? EXIT_USAGE : EXIT_DONE;
	if (strcmp(argv[1], "--cell") == 0)
		return verb_cell(argc - 1, argv + 1);
	if (strcmp(argv[1], "--worker") == 0)
		return verb_worker(argc, argv);
	if (argv[1][0] == '-')
		return verb_run(argc, argv);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, argv[1]) == 0)
			return help && !verb->explains ? verb_help(argc, argv) : verb->call(argc - 1, argv + 1);
	vocabulary_check(&(struct vocabulary){ "verb", verb_name, verbs, NULL }, argv[1], &why);
	fprintf(stderr, "bench: %s\n", why.text);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	streams_begin();
	return streams_end(call_verb(argc, argv));
}
