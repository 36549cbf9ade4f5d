/* Input files, one an item. The worker reads its item's file itself (io=file), or open() has read it and the
 * worker gets the content as the item's payload (io=memory). Items beyond the last file start over with the
 * first one. */
#ifndef BENCH_WORKLOADS_PARTS_CONTENTS_H
#define BENCH_WORKLOADS_PARTS_CONTENTS_H

#include "workloads/parts/input.h"

#define CONTENTS_MOST ((size_t)256 << 20) /* bytes that a file may have */

struct contents {
	struct input input;
	struct buffer *loaded; /* io=memory: the content of each file; else NULL */
	size_t largest;        /* bytes of the largest file, as found by contents_open() */
};

/* `io` is what the user typed. Returns 0, or -errno with state->why set; then there is nothing to close. */
int contents_open(struct contents *c, const struct input_kind *kind, const char *io,
		  const struct workload_options *options, struct workload_state *state);
void contents_close(struct contents *c);

/* Returns what the workload's input() must give for `item`; no data with io=file. */
struct bytes contents_input(const struct contents *c, uint64_t item);

/* Sets *content to what an item works on: to `in` if that is a payload, else to the content of its file. The
 * file is read into file->data, which the caller frees in any case. Any worker may call it. Returns 0 or
 * -errno. */
int contents_get(const struct contents *c, uint64_t item, struct bytes in, struct buffer *file, struct bytes *content);

#endif
