#include "run/cell/cell.h"
#include "run/launch/fresh.h"
#include "verbs/verbs.h"

#include <stdlib.h>

int call_cell(int argc, char **argv)
{
	char *end = NULL;
	long fd = argc == 3 ? strtol(argv[2], &end, 10) : -1;

	if (fd < 3 || *end != '\0') {
		fprintf(stderr, "bench: --cell is for the supervisor only\n");
		return EXIT_USAGE;
	}
	return cell_main((int)fd);
}

int call_worker(int argc, char **argv)
{
	return fresh_main(argc, argv);
}
