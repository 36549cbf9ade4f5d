/* The files that a workload reads: those of the user's folder, or a generated set.
 *
 * Of a folder every regular file with the right ending counts (also one behind a symbolic link), in
 * byte order of names. Each is tried, until there are as many as items were asked for; what cannot be
 * used is left out and reported as skipped. This is done once a run: the names that passed are kept
 * in the run's folder for its later processes. */
#ifndef BENCH_WORKLOADS_PARTS_INPUT_H
#define BENCH_WORKLOADS_PARTS_INPUT_H

#include "workloads/parts/generated.h"

#define INPUT_WHY 256 /* bytes of a reason to skip a file */

struct input_kind {
	const char *what;           /* "JPEG file" */
	const char *const *endings; /* of names, in any case, ended by NULL; NULL: any name will do */

	/* Reads a file through, from its start. Returns 0, or -errno with `why` saying what is wrong. */
	int (*probe)(int fd, char why[INPUT_WHY]);

	struct generated generated; /* what is used when the user gives no folder */
};

struct input {
	char *path;
	int folder; /* descriptor of `path`; names are relative to it */
	char **names;
	size_t count;           /* at least 1 */
	struct digest *digests; /* of a generated set, one a file; else NULL */
};

/* Returns 0, or -errno with state->why set; then the input may, but need not, be closed. */
int input_open(struct input *input, const struct input_kind *kind, const struct workload_options *options,
	       struct workload_state *state);
void input_close(struct input *input);

#endif
