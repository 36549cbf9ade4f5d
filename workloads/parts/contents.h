/* Input files whose content is what an item takes: read by the worker itself (io=file), or read before
 * and handed to it as the item's payload (io=memory). Items beyond the last file begin with the first. */
#ifndef BENCH_WORKLOADS_PARTS_CONTENTS_H
#define BENCH_WORKLOADS_PARTS_CONTENTS_H

#include "workloads/parts/input.h"

#define CONTENTS_MOST ((size_t)256 << 20) /* bytes of a file */

struct contents {
	struct input input;
	struct buffer *loaded; /* io=memory: one a file; else NULL */
	size_t largest;        /* bytes of the largest file when it was opened */
};

/* `io` is what the user typed. Returns 0, or -errno with state->why set; then nothing is to be closed. */
int contents_open(struct contents *c, const struct input_kind *kind, const char *io,
		  const struct workload_options *options, struct workload_state *state);
void contents_close(struct contents *c);

/* What the workload's input() gives. */
struct bytes contents_input(const struct contents *c, uint64_t item);

/* What an item works on: `in`, if it was given a payload, else its file, read into file->data, which
 * the caller frees in any case. In any worker. Returns 0 or -errno. */
int contents_get(const struct contents *c, uint64_t item, struct bytes in, struct buffer *file, struct bytes *content);

#endif
