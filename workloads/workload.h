/* A workload: what is computed. The public contract; needs nothing but the C library.
 *
 * One file defines one `const struct workload workload_NAME`. The harness runs its items in every
 * mode (threads, processes, pools), times them, and compares their outputs between modes. A workload
 * never reads a clock, prints, binds, forks or parses options, and does not know its mode. */
#ifndef BENCH_WORKLOADS_WORKLOAD_H
#define BENCH_WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_WORKLOAD_ABI 1 /* raised when a field below changes its meaning */

/* Bytes that someone else owns. */
struct bytes {
	const void *data;
	size_t size; /* bytes */
};

/* A place for an item's output, owned by the harness. */
struct buffer {
	void *data;
	size_t capacity; /* bytes, at least `output_max` as open() left it */
	size_t size;     /* bytes written; 0 before work(), set by it */
};

/* An option of the workload: `-p name=value`. */
struct param {
	const char *name;
	const char *preset; /* the value when none is given, as the user would type it */
	const char *unit;   /* "bytes", "ms"; NULL for a count or a word */
	const char *range;  /* what may be given, for people: "1 to 3000000", "file|memory" */
	const char *help;   /* one line, lower case, no full stop */
};

/* What a worker does inside work() while it does not get on by itself. */
enum wait {
	WAIT_OVER, /* it goes on */
	WAIT_LOCK, /* for a lock that another one holds */
	WAIT_WORK, /* for others to bring what its item needs */
};

#define MEASURE_INCIDENTS "incidents"

/* A number that a round yields besides its time. */
struct measure {
	char name[32]; /* with its unit, as "latency_ns" */
	char unit[16]; /* "1", "ns", "bytes"; MEASURE_INCIDENTS: of a run the worst round's is told, not the median */
	double value;
};

/* What open() is given; valid until close() returns. */
struct workload_options {
	const char *const *values; /* one a param, in their order, never NULL */
	const char *input;         /* folder given by --input; NULL: use the embedded input */
	const char *cache;         /* folder for generated input that outlives the run; exists, is writable */
	const char *run;           /* folder that lasts as long as the run, shared by its processes */
	const char *scratch;       /* folder of this process alone, for outputs; removed with all in it */
	uint64_t items;            /* asked for by --items; 0: as many as the input has */

	/* Names an input file that is left out, and why; the user sees it. Call it from open() only. */
	void (*skipped)(void *context, const char *file, const char *why);
	void *context;

	/* Memory that all workers of the cell share, also those that were started afresh (then `again` is
	 * set, open() is called in the worker, in the same order, and finds what is there): zeroed pages,
	 * which live as long as the process. NULL with errno set without memory. Call it from open() only. */
	void *(*shared)(void *context, size_t size);
	bool again;

	/* Runs `serve` in a process of its own, which begins before any worker and is killed when the cell's
	 * process ends; it should not return. What it shares with the workers it must have from shared(), or
	 * as a descriptor made before. Does nothing with `again`. Returns 0 or -errno. From open() only. */
	int (*server)(void *context, void (*serve)(void *argument), void *argument);

	/* Says that the calling worker waits from now on, or goes on: so the wait is told from the work.
	 * Try first and call it only when that failed, since it reads the clock. From work() only, always
	 * in pairs. */
	void (*waits)(enum wait what);

	/* Nanoseconds of CLOCK_MONOTONIC, the same in all processes; about 25 ns a call. Only for a measure that
	 * is a latency between workers: how long the work takes is the harness's to say. */
	uint64_t (*now_ns)(void);
};

/* What open() tells of the work. */
struct workload_state {
	void *data;        /* the workload's own; handed to every other call */
	uint64_t items;    /* at least 1 */
	size_t output_max; /* bytes that one item's output may take; 0: there is none */
	char why[512];     /* after an error: what is wrong, one line, subject quoted */
};

struct workload {
	uint32_t abi;               /* BENCH_WORKLOAD_ABI */
	const char *name;           /* the file's name and the value of --workload */
	const char *summary;        /* one line for `bench list` */
	const char *item;           /* what one item is: "image" */
	const char *files;          /* what the folder of --input holds: "JPEG files"; NULL: it reads none */
	const struct param *params; /* ended by a name of NULL; NULL: none */

	/* Makes the data that all workers share, and sets the number of items. Once, untimed, in the
	 * cell process before any worker exists: threads share the data, forked workers have it
	 * copy-on-write. Input files are read once, so that the page cache is warm.
	 * Returns 0, or -errno with `why` set. */
	int (*open)(const struct workload_options *options, struct workload_state *state);

	/* Finds the payload that `item` needs; it stays valid until close(). In the process or thread
	 * that deals the items out, timed as copy. Returns 0 or -errno.
	 * NULL: the number is enough. May set in->size to 0: no payload with these parameters. */
	int (*input)(const void *data, uint64_t item, struct bytes *in);

	/* Does one item. Timed; in any worker, in any order, at the same time as other items: it may
	 * write only to `out` and to files of its own item. Returns 0 or -errno, which fails the cell
	 * with the item named. */
	int (*work)(const void *data, uint64_t item, struct bytes in, struct buffer *out);

	/* Compares an item's output with a known answer. Untimed, after work() of that item, in the
	 * warm-up round. Returns 0, or -EBADMSG. NULL: the sequential run's output is the answer. */
	int (*check)(const void *data, uint64_t item, struct bytes out);

	/* After each round, untimed, in the cell process: compares what the workers left in shared memory with
	 * what these items must leave, and makes it as new for the next round. Fills at most `max` measures;
	 * returns how many, or -EBADMSG. NULL: items share nothing. */
	int (*settle)(void *data, uint64_t items, struct measure *measures, size_t max);

	/* Releases what open() made; accepts NULL. Untimed. NULL: nothing to release. */
	void (*close)(void *data);
};

#endif
