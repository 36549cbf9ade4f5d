/* The specification of one invocation: what the supervisor tells a cell process to do. */
#ifndef BENCH_RUN_WIRE_SPEC_H
#define BENCH_RUN_WIRE_SPEC_H

#include "base/why.h"
#include "model/cell.h"
#include "model/counter.h"
#include "run/wire/log.h"
#include "workloads/workload.h"

#include <jansson.h>

struct spec {
	struct cell cell;
	bool probe_only;                   /* open the workload, say how many items it has, and end */
	const char *object;                /* a shared object that the workload is loaded from; NULL: none */
	const char *cache, *run, *scratch; /* folders, as in struct workload_options */
	uint32_t invocation;
	uint32_t rounds;      /* counted ones */
	uint64_t run_ns;      /* CLOCK_MONOTONIC at the run's start */
	uint64_t deadline_ns; /* begin no round that will not end by then; 0: none */
	uint64_t items_asked; /* --items, 0: as many as the input has */
	uint64_t digest_first;
	uint32_t digest_count; /* keep the digests of these items apart; 0: none */
	struct cpus *bind;     /* one a worker; NULL: unbound */
	struct counter_set counters;
	bool instructions; /* they are counted: no stamps, which follow the clock (run/worker/marks.h) */
	int arena_fd;
	struct log log; /* its cell is cell.id */
	json_t *json;   /* holds the strings above, after spec_decode() */
	char **values;  /* those of cell.values, after spec_decode() */
};

/* What it says of the workload's options; the callbacks are for the caller to add. */
struct workload_options spec_options(const struct spec *spec);

/* Its workload: this build's, or from its object, which is loaded; once in a process. NULL with one line in `why`. */
const struct workload *spec_workload(const struct spec *spec, const struct why *why);

/* A string, or null for NULL. JSON text is UTF-8, names of files are any bytes: each byte travels as the
 * character of that number. */
json_t *spec_string(const char *text);

/* As JSON text, owned by the caller; NULL without memory. Builds of any age read it: keys may be added, these stay, and
 * who does not find one takes 0, false or NULL. */
char *spec_encode(const struct spec *spec);

/* Reads what spec_encode() wrote. Returns 0 or -EINVAL. The strings live until spec_release(). */
int spec_decode(struct spec *spec, const char *text, size_t size);
void spec_release(struct spec *spec);

#endif
