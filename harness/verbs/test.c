/* `bench test`: the launcher runs the tests itself; this verb is its page of help, by which the launcher also tells
 * which options there are. All of them are meson's. */
#include "command/verb.h"

#define MESONS .type = &option_nothing

static const struct option_spec specs[] = {
	{ "test", "NAME...", "only these tests, such as options; else all", .most = UINT64_MAX, MESONS },
	{ "--suite", "NAME", "one suite: unit, engine, crew or program", .heading = "", MESONS },
	{ "--no-suite", "NAME", "all but this suite", MESONS },
	{ "--list", NULL, "only list the tests", MESONS },
	{ "--verbose", NULL, "show what they print", MESONS },
	{ "--repeat", "N", "run each so often", MESONS },
	{ "--num-processes", "N", "at most so many at once", MESONS },
	{ "--timeout-multiplier", "N", "let each take so many times as long", MESONS },
	{ "--yes", NULL, "install missing packages without asking", MESONS },
	{ "--help", NULL, "this page", MESONS },
	{ .rest = common_options },
};

static int run(void *request, char **argv)
{
	fprintf(stderr, "bench: the tests are run by the launcher: ./bench test\n");
	return EXIT_USAGE;
}

const struct verb verb_test = {
	.name = "test",
	.summary = "build all, then run the test suites",
	.about = "Installs what the tests need, builds, and runs all tests, or those that are\n"
		 "named. The last line is `N passed, N failed`.\n"
		 "Exit status: 0 all passed, 1 some failed, 2 they cannot be built, or there are\n"
		 "none of that name.\n",
	.examples = "  ./bench test --suite unit\n"
		    "      the fast ones\n"
		    "  ./bench test options plan\n"
		    "      two of them\n",
	.options = specs,
	.run = run,
};
