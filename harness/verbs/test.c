/* `bench test`: the launcher runs the tests itself; this verb exists for its help. */
#include "command/verb.h"

static int run(void *request, char **argv)
{
	fprintf(stderr, "bench: the tests are run by the launcher: ./bench test\n");
	return EXIT_USAGE;
}

const struct verb verb_test = {
	.name = "test",
	.summary = "build all, then run the test suites",
	.usage = "[ARGUMENT...]",
	.about = "The launcher runs the tests, and explains how.\n",
	.examples = "  ./bench test --help\n"
		    "      which tests there are to choose from\n",
	.run = run,
};
