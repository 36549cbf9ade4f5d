/* The specification of one invocation: what the supervisor tells a cell process to do. */
#ifndef BENCH_RUN_WIRE_SPEC_H
#define BENCH_RUN_WIRE_SPEC_H

#include "base/why.h"
#include "model/cell.h"
#include "model/counter.h"
#include "run/wire/log.h"
#include "workloads/workload.h"

#include <jansson.h>

#define SPEC_DIGESTS_MOST (1u << 20) /* items whose digests one invocation keeps */

struct spec {
	struct cell cell;
	bool describe;      /* load the shared object, say what workload it has, and end; the cell has no values yet */
	bool probe_only;    /* open the workload, say how many items it has, and end */
	const char *object; /* the shared object from which the workload is loaded; NULL: it is one of this build */
	const char *cache, *run, *scratch; /* folders, as in struct workload_options */
	uint32_t invocation;
	uint32_t rounds;      /* number of counted rounds */
	uint64_t run_ns;      /* CLOCK_MONOTONIC at the run's start */
	uint64_t deadline_ns; /* begin no round that will not end by then; 0: none */
	uint64_t items_asked; /* --items; 0: as many as the input has */
	uint64_t digest_first;
	uint32_t digest_count; /* how many items from digest_first have their digests kept one by one; 0: none */
	struct cpus *bind;     /* one set for each worker; NULL: unbound */
	size_t bound;          /* how many sets `bind` has, after spec_decode() */
	struct counter_set counters;
	bool instructions; /* instructions are counted (run/worker/marks.h): no stamps, which depend on the clock */
	int arena_fd;
	bool by_turns;    /* after the warm-up round: execute rounds only when told to (run/supervise/running.h) */
	int ring_fd;      /* the ring in which it takes its turns (run/wire/ring.h); 0: none */
	uint32_t seat;    /* its place there */
	uint32_t mapping; /* pages that the process maps first of all, so that its addresses move */
	struct log log;   /* log.cell is cell.id */
	json_t *json;     /* holds the strings above, after spec_decode() */
	char **values;    /* the array of cell.values, after spec_decode() */
	uint64_t *picked; /* the array of cell.picked, after spec_decode() */
	size_t picks;     /* how many numbers it has */
};

/* The workload's options as the specification has them; the caller adds the callbacks. */
struct workload_options spec_options(const struct spec *spec);

/* Checks that this build has what the specification names, and that nothing is missing that an invocation, or the
 * opening of the workload if `probe_only` is set, relies on. What has been decoded must pass before it is used: another
 * build may know more, or say less. Returns 0, or -EINVAL with `why`. */
int spec_check(const struct spec *spec, const struct why *why);

/* Returns the workload, of this build or loaded from the shared object (model/object.h). Called once in a process,
 * after spec_check(). NULL with one line in `why`. */
const struct workload *spec_workload(const struct spec *spec, const struct why *why);

/* Checks that the specification has a value for each of the workload's params. Returns 0, or -EINVAL with `why`. */
int spec_check_values(const struct spec *spec, const struct workload *workload, const struct why *why);

/* A string as JSON, null for NULL. JSON text is UTF-8, but names of files are any bytes: so each byte is encoded as the
 * character of that number. */
json_t *spec_string(const char *text);

/* The numbers of the items that the cell picks, as a JSON array; null: it picks none. */
json_t *spec_picked(const struct cell *cell);

/* Encodes the specification as JSON text, owned by the caller; NULL without memory. Builds of any age read it: keys may
 * be added, but none is changed, and a build that does not find a key takes 0, false or NULL. */
char *spec_encode(const struct spec *spec);

/* Reads what spec_encode() wrote. A value of another type than its key's counts as missing. Returns 0; -EINVAL: it is
 * no JSON; or -ENOMEM. The strings live until spec_release(), which the caller calls in any case. */
int spec_decode(struct spec *spec, const char *text, size_t size);
void spec_release(struct spec *spec);

#endif
