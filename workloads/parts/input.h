/* The files that a workload reads: those of the user's folder, or a generated set.
 *
 * Of a folder all regular files with the right ending are taken (also those behind symbolic links), in byte
 * order of their names. Each is probed until there is one for each item; a file that cannot be used is left
 * out and reported as skipped. This is done once a run: the names of the files that passed are kept in the
 * run's folder for the processes that come later. */
#ifndef BENCH_WORKLOADS_PARTS_INPUT_H
#define BENCH_WORKLOADS_PARTS_INPUT_H

#include "workloads/parts/generated.h"

#define INPUT_WHY 256 /* bytes of the text that says why a file is skipped */

struct input_kind {
	const char *what;           /* what one file is, for messages: "JPEG file" */
	const char *const *endings; /* of names, in upper or lower case, ended by NULL; NULL: any name will do */

	/* Reads all of a file from its start and checks it. Returns 0, or -errno with `why` saying what is wrong. */
	int (*probe)(int fd, char why[INPUT_WHY]);

	struct generated generated; /* what is used when the user gives no folder */
};

struct input {
	char *path;             /* of the folder */
	int folder;             /* descriptor of `path` */
	char **names;           /* relative to the folder */
	size_t count;           /* number of files, at least 1 */
	struct digest *digests; /* of the files of a generated set; NULL: the files are the user's */
};

/* Returns 0, or -errno with state->why set; then the caller may close the input, but need not. */
int input_open(struct input *input, const struct input_kind *kind, const struct workload_options *options,
	       struct workload_state *state);
void input_close(struct input *input);

#endif
