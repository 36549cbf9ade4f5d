/* The public contract of a workload, which is what is computed. It needs nothing but the C library.
 *
 * One file defines one `const struct workload workload_NAME`. The harness runs the workload's items in every
 * mode (threads, processes, pools), times them, and compares their outputs between modes. A workload never
 * reads a clock, prints, binds, forks or parses options, and does not know in which mode it runs. */
#ifndef BENCH_WORKLOADS_WORKLOAD_H
#define BENCH_WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_WORKLOAD_ABI 1 /* raised when a field below changes its meaning */

/* Bytes that somebody else owns. */
struct bytes {
	const void *data;
	size_t size; /* bytes */
};

/* A place for an item's output, owned by the harness. */
struct buffer {
	void *data;
	size_t capacity; /* bytes; at least the `output_max` that open() has set */
	size_t size;     /* bytes written: 0 before work(), which sets it */
};

/* An option of the workload: `-p name=value`. */
struct param {
	const char *name;
	const char *preset; /* the value when the user gives none, as the user would type it */
	const char *unit;   /* "bytes", "ms"; NULL: the value is a count or a word */
	const char *range;  /* which values are allowed, for people to read: "1 to 3000000", "file|memory" */
	const char *help;   /* one line, lower case, no full stop */
};

/* What a worker waits for inside work(). */
enum wait {
	WAIT_OVER, /* nothing more: the worker goes on */
	WAIT_LOCK, /* a lock that another worker holds */
	WAIT_WORK, /* something that its item needs and that other workers bring */
};

/* The unit of a measure whose worst round stands for the run; with any other unit the median round does. */
#define MEASURE_INCIDENTS "incidents"

/* A number that a round yields besides its time. */
struct measure {
	char name[32]; /* with its unit, as in "latency_ns" */
	char unit[16]; /* "1", "ns", "bytes" or MEASURE_INCIDENTS */
	double value;
};

/* What the harness gives to open(); valid until close() returns. */
struct workload_options {
	const char *const *values; /* one value for each param, in the order of the params; none is NULL */
	const char *input;         /* folder given by --input; NULL: use the embedded input */
	const char *cache;         /* folder for generated input that outlives the run; it exists and is writable */
	const char *run;           /* folder that lasts as long as the run; all processes of the run share it */
	const char *scratch;       /* folder for the outputs of this process alone; removed with all that is in it */
	uint64_t items;            /* number of items given by --items; 0: as many as the input has */

	/* Tells the user that an input file is left out, and why. Call it from open() only. */
	void (*skipped)(void *context, const char *file, const char *why);
	void *context;

	/* Allocates memory that all workers of the cell share: zeroed pages, which live as long as the process.
	 * Returns NULL with errno set if there is no memory. Call it from open() only.
	 * A worker that is started as a new program, not forked, calls open() itself, with `again` set.
	 * There shared() must be called in the same order; it returns the same memory with what is in it. */
	void *(*shared)(void *context, size_t size);
	bool again;

	/* Runs `serve` in a process of its own, which begins before any worker and is killed when the cell
	 * process ends; `serve` should not return. Whatever it shares with the workers must come from shared(),
	 * or be a descriptor that was opened before. Does nothing if `again` is set. Returns 0 or -errno. Call
	 * it from open() only. */
	int (*server)(void *context, void (*serve)(void *argument), void *argument);

	/* Reports that the calling worker begins to wait, or goes on (WAIT_OVER), so that the harness can tell
	 * waiting from working. It reads the clock: call it only after an attempt without waiting has failed.
	 * Call it from work() only, always in pairs. */
	void (*waits)(enum wait what);

	/* Returns CLOCK_MONOTONIC in nanoseconds, the same clock in all processes; a call takes about 25 ns. Use
	 * it only to measure a latency between workers: the harness itself measures how long the work takes. */
	uint64_t (*now_ns)(void);
};

/* What open() tells the harness about the work. */
struct workload_state {
	void *data;        /* belongs to the workload; the harness passes it to every other call */
	uint64_t items;    /* number of items, at least 1 */
	size_t output_max; /* bytes that the output of one item may take; 0: items have no output */
	char why[512];     /* after an error: what is wrong, in one line, with its subject quoted */
};

struct workload {
	uint32_t abi;               /* BENCH_WORKLOAD_ABI */
	const char *name;           /* the file's name and the value of --workload */
	const char *summary;        /* one line for `bench list` */
	const char *item;           /* what one item is: "image" */
	const char *files;          /* what the folder of --input must hold: "JPEG files"; NULL: it reads no files */
	const struct param *params; /* the last one has the name NULL; NULL: there are no params */

	/* Makes the data that all workers share, and sets the number of items. Called once, untimed, in the
	 * cell process before any worker exists: threads share the data, forked workers have it copy-on-write.
	 * It must read each input file once, so that the page cache is warm.
	 * Returns 0, or -errno with `why` set. */
	int (*open)(const struct workload_options *options, struct workload_state *state);

	/* Finds the payload that `item` needs, which must stay valid until close(). Called in the process or
	 * thread that deals the items out; its time is counted as copy. Returns 0 or -errno. It may set in->size
	 * to 0 if the item has no payload with these parameters.
	 * NULL: the number of the item is all that work() needs. */
	int (*input)(const void *data, uint64_t item, struct bytes *in);

	/* Does one item. Called in any worker, in any order, at the same time as other items, and timed. It may
	 * write only to `out`, to files of its own item and to memory from shared(). Returns 0, or -errno: then
	 * the cell fails, and the user is told which item it was. */
	int (*work)(const void *data, uint64_t item, struct bytes in, struct buffer *out);

	/* Compares the output of an item with a known answer. Called in the warm-up round after work() of that
	 * item, untimed. Returns 0 or -EBADMSG. NULL: the output of the sequential run is the answer. */
	int (*check)(const void *data, uint64_t item, struct bytes out);

	/* Compares what the workers left in shared memory with what `items` items must leave there, and resets
	 * it for the next round. Called after each round, untimed, in the cell process. Fills at most `max`
	 * measures and returns how many, or returns -EBADMSG. NULL: items share nothing. */
	int (*settle)(void *data, uint64_t items, struct measure *measures, size_t max);

	/* Releases what open() made; must accept NULL. Called untimed. NULL: there is nothing to release. */
	void (*close)(void *data);
};

#endif
