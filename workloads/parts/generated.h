/* A set of input files that is generated once and kept in the user's cache.
 *
 * The folder of the set also holds SHA256SUMS, in the format of sha256sum(1), by which damaged files are
 * found. The folder is locked while a run verifies or makes the set, so that a second run waits for the first;
 * the kernel drops the lock when the process ends, however it ends. Each file appears complete or not at all,
 * and SHA256SUMS appears last: when a process is killed in the middle, the next one makes the set again. */
#ifndef BENCH_WORKLOADS_PARTS_GENERATED_H
#define BENCH_WORKLOADS_PARTS_GENERATED_H

#include "workloads/workload.h"

/* SHA-256 */
struct digest {
	uint8_t bytes[32];
};

struct generated {
	const char *folder;          /* its name in the cache: "resize-v1"; new content needs a new name */
	const char *prefix, *suffix; /* what stands before and behind the number in a file's name */
	uint32_t count;              /* number of files */

	/* Makes the content of a file, the same at each call; the caller frees file->data. Returns 0 or -errno. */
	int (*make)(uint32_t number, struct buffer *file);
};

#define GENERATED_NAME 64 /* bytes of a file's name, with the NUL */

/* Sets `name` to the name of the file with this number. */
void generated_name(const struct generated *set, uint32_t number, char name[GENERATED_NAME]);

/* Verifies the set and makes the files that are missing or damaged. `folder` is the descriptor of the set's
 * folder, `path` its name in messages. Fills `digests`, one for each file. Returns 0, or -errno with state->why
 * set. */
int generated_prepare(const struct generated *set, int folder, const char *path, struct digest *digests,
		      struct workload_state *state);

/* Fills `digests` from SHA256SUMS in `folder`, without reading the files. Returns 0 or -errno; -EBADMSG:
 * SHA256SUMS is damaged. */
int generated_recall(const struct generated *set, int folder, struct digest *digests);

#endif
