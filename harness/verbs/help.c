#include "command/help.h"
#include "verbs/verbs.h"

int verb_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	help_print(stdout);
	return EXIT_DONE;
}
