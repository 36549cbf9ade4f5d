/* The parts of the experiment `transports`; only the files of this folder include this header.
 *
 * transports.c reads the command line, cases.c goes through the cases, timed.c measures one, bare.c and rings.c have
 * the bare loops, report.c shows the result. */
#ifndef BENCH_EXPERIMENTS_TRANSPORTS_INTERNAL_H
#define BENCH_EXPERIMENTS_TRANSPORTS_INTERNAL_H

#include "experiments/kit/notebook.h"
#include "model/sample.h"
#include "model/transport.h"

#include <stdatomic.h>
#include <stdint.h>

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

enum row_status {
	ROW_NOT_MEASURED, /* not yet, or no time was left */
	ROW_OK,
	ROW_NOT_AVAILABLE, /* this system has no such transport */
	ROW_FAILED,        /* `why` says how */
};

struct transport_row {
	const struct transport *transport;
	const struct endpoints *place;
	uint64_t size;
	const char *bare, *bare_stream; /* names of the bare loops that it is compared with */
	enum row_status status;
	char why[128];
	struct trip_result trips;
	struct stream_result stream;
};

/* How long to measure. */
struct transport_effort {
	double turn_s; /* how long a turn of one way takes at least */
	unsigned turns;
};

/* Measures one transport with one size of messages at one place, and sets the row's status. It binds the calling
 * process and starts others, which end with it. */
void measure_row(struct transport_row *row, const struct transport_effort *effort);

/* The experiment. */
struct transports {
	struct notebook book;
	struct transport_row *rows; /* all cases; shared with the process that measures one */
	size_t count;
	struct transport_effort effort;
	uint64_t started_ns, end_ns; /* of all measuring, by CLOCK_MONOTONIC; end 0: no limit */
	uint64_t timeout_ns;         /* of one case */
};

/* In cases.c. Measures all rows, each in a process of its own, so that one that hangs or dies costs only itself.
 * Returns 0; -EINTR: a signal has come; or -errno with `why`. */
int measure_all(struct transports *t, const struct why *why);

/* In report.c. What the notebook shows of a struct transports. */
void print_rows(const void *transports, FILE *out);
void conclude_rows(const void *transports, const char *micro, FILE *out);
json_t *pack_rows(const void *transports);

#endif
