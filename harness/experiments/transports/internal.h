/* The parts of the experiment `transports`; only the files of this folder include this header.
 *
 * transports.c reads the command line and goes through the cases, timed.c measures one case, bare.c and
 * rings.c have the bare loops, report.c prints. */
#ifndef BENCH_EXPERIMENTS_TRANSPORTS_INTERNAL_H
#define BENCH_EXPERIMENTS_TRANSPORTS_INTERNAL_H

#include "model/sample.h"
#include "model/transport.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

/* Where the two ends run. */
struct endpoints {
	const char *name;
	struct cpus ends[2]; /* by enum transport_end */
	bool one_processor;  /* both ends run on it: an end that spins must give way */
};

/* A way from one process to another: a transport of bench, or the bare loop that it is compared with. */
struct way {
	const char *name;
	/* Called in the parent before the other process exists. Returns NULL with errno set after an error. */
	void *(*open)(const struct transport *transport, const struct endpoints *place);
	/* Moves all of `size` bytes, and waits for as long as that takes. Called timed. Returns 0 or -errno. */
	int (*send)(void *state, enum transport_end end, const void *data, size_t size);
	int (*receive)(void *state, enum transport_end end, void *data, size_t size);
	void (*close)(void *state);
};

/* Return the bare loops that a transport is compared with: for messages there and back, and for many in one
 * direction. */
const struct way *bare_for_latency(const char *transport);
const struct way *bare_for_throughput(const char *transport);

/* The bare loops over shared memory, which differ only in how they wait (rings.c). */
extern const struct way bare_spin, bare_futex, bare_eventfd, bare_ring;

/* The results of one case. A number that is not known is NAN. */
struct trip_result {
	double median_ns, p99_ns, p999_ns; /* of single round trips */
	uint64_t trips;
	double bare_median_ns;
	double ratio; /* to the bare loop: the median of the ratios of the turns */
};

struct stream_result {
	double bytes_per_s, bare_bytes_per_s;
	double ratio;
};

struct transport_row {
	const struct transport *transport;
	const char *place;
	uint64_t size;
	const char *bare, *bare_stream; /* names of the bare loops that it is compared with */
	bool available;
	struct trip_result trips;
	struct stream_result stream;
};

/* How long to measure. */
struct transport_effort {
	double turn_s; /* how long a turn of one way takes at least */
	unsigned turns;
};

/* Measures one transport with one size of messages at one place. Returns 0; -ENOTSUP: the system has no such transport
 * (row->available is false); or -errno. */
int measure_row(struct transport_row *row, const struct endpoints *place, const struct transport_effort *effort);

/* The first prints the table with a sentence of conclusion; the second returns everything as JSON. */
void print_rows(const struct transport_row *rows, size_t count, FILE *out);
json_t *pack_rows(const struct transport_row *rows, size_t count);

#endif
