#include "run/cell/cell.h"
#include "run/cell/nursery.h"
#include "run/launch/fresh.h"
#include "verbs/verbs.h"

#include <limits.h>
#include <stdlib.h>

#define TWINS_MOST 16

/* Reads "FD" or "FD,FD,...". Returns how many there are; 0: the text is something else. */
static size_t read_fds(const char *text, int fds[TWINS_MOST])
{
	size_t count = 0;
	char *end = NULL;

	do {
		long fd = strtol(text, &end, 10);

		if (fd < 3 || fd > INT_MAX || count == TWINS_MOST || end == text)
			return 0;
		fds[count++] = (int)fd;
		text = end + 1;
	} while (*end == ',');
	return *end == '\0' ? count : 0;
}

int call_cell(int argc, char **argv)
{
	int fds[TWINS_MOST];
	size_t count = argc == 3 ? read_fds(argv[2], fds) : 0;

	if (count == 0) {
		fprintf(stderr, "bench: --cell is for the supervisor only\n");
		return EXIT_USAGE;
	}
	return count == 1 ? cell_main(fds[0]) : nursery_main(fds, count);
}

int call_worker(int argc, char **argv)
{
	return fresh_main(argc, argv);
}
