/* A set of input files that is generated once and kept in the user's cache.
 *
 * Its folder also holds SHA256SUMS, in the format of sha256sum(1), by which damaged files are found.
 * The folder is locked while the set is verified and made, so that of two runs one waits for the
 * other; the lock ends with its process, however that ends. Each file appears complete or not at
 * all, and SHA256SUMS last: a process killed in the middle leaves a set that the next one makes again. */
#ifndef BENCH_WORKLOADS_PARTS_GENERATED_H
#define BENCH_WORKLOADS_PARTS_GENERATED_H

#include "workloads/workload.h"

/* SHA-256 */
struct digest {
	uint8_t bytes[32];
};

struct generated {
	const char *folder;          /* in the cache; a change of content needs another: "resize-v1" */
	const char *prefix, *suffix; /* of the files' names, around their number */
	uint32_t count;

	/* Makes the content of a file, always the same; the caller frees file->data. Returns 0 or -errno. */
	int (*make)(uint32_t number, struct buffer *file);
};

#define GENERATED_NAME 64 /* bytes of a file's name */

void generated_name(const struct generated *set, uint32_t number, char name[GENERATED_NAME]);

/* Verifies the set in `folder`, a descriptor, whose path is for messages, and makes what is missing or
 * damaged. Fills `digests`, one a file. Returns 0, or -errno with state->why set. */
int generated_prepare(const struct generated *set, int folder, const char *path, struct digest *digests,
		      struct workload_state *state);

/* Fills `digests` from SHA256SUMS in `folder`, without a look at the files. Returns 0 or
 * -errno; -EBADMSG: it is damaged. */
int generated_recall(const struct generated *set, int folder, struct digest *digests);

#endif
