#include "run/cell/cell.h"
#include "run/launch/fresh.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>

/* `--cell FD`: one invocation; for the supervisor only. */
int verb_cell(int argc, char **argv)
{
	char *end = NULL;
	long fd = argc == 2 ? strtol(argv[1], &end, 10) : -1;

	if (fd < 3 || *end != '\0') {
		fprintf(stderr, "bench: --cell is for the supervisor only\n");
		return EXIT_USAGE;
	}
	return cell_main((int)fd);
}

/* `--worker ...`: a worker that is started afresh; for the cell process only. */
int verb_worker(int argc, char **argv)
{
	return fresh_main(argc, argv);
}
