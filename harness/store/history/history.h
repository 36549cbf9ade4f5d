/* The history: what runs measured, by commit, machine and cell, in one SQLite file.
 *
 * Any number of processes may add and read at once: the file is in WAL mode, each run is one transaction, and
 * who finds the file locked waits up to a minute. A process that is killed while it adds leaves the history as
 * it was before. The folder must be on a local disk and writable, also for reading.
 *
 * Tables: machine (name), cell (name: its id; work: items, input and parameters as JSON), run (started, seed,
 * command and host, which make it the same run; commit; environment: kernel and versions as JSON), value (what a
 * run measured of a cell). Their layout is numbered by HISTORY_SCHEMA in the file's user_version.
 *
 * `why` gets one line for people, the file quoted. */
#ifndef BENCH_STORE_HISTORY_HISTORY_H
#define BENCH_STORE_HISTORY_HISTORY_H

#include "base/why.h"
#include "analyse/change_points.h"

#include <jansson.h>
#include <stdbool.h>

#define HISTORY_SCHEMA 1

struct history;

/* Opens a history. `add`: for adding, makes it if there is none; else for reading. Returns 0, or -errno with
 * `why`: it cannot be opened, is damaged, is something else, or of another schema. */
int history_open(struct history **history, const char *file, bool add, const struct why *why);

/* Accepts NULL. */
void history_close(struct history *history);

/* What the history shall know of a run beside its run file. */
struct run_label {
	const char *commit;  /* NULL: not known */
	bool dirty;          /* with changes that were not committed */
	const char *machine; /* NULL: history_machine() */
};

struct run_added {
	bool already;           /* it was there, and nothing was added */
	size_t cells, left_out; /* cells that were measured, with all their items; the others */
	char machine[256];      /* its name here */
};

/* Adds a run as store_read() gave it. Returns 0, or -errno with `why`: then nothing was added. */
int history_add(struct history *history, const json_t *run, const struct run_label *label, struct run_added *added,
		const struct why *why);

/* The name of the machine of a run: processor, how many may be used, architecture, and what it is virtualised by:
 * "Intel(R) Xeon(R) Processor, 2 processors, x86_64, hypervisor". The host's name is no part of it, since that
 * changes with every job of a hosted CI; nor is the kernel, since an update may be what is to blame. */
void history_machine(char *name, size_t size, const json_t *run);

/* What is kept of a cell; medians over invocations. */
enum history_measure { HISTORY_WALL, HISTORY_CPU, HISTORY_MEMORY, HISTORY_MEASURES };
extern const char *const history_measures[HISTORY_MEASURES + 1]; /* "wall_ns", "cpu_ns", "rss_bytes", NULL */

struct history_point {
	char *started; /* UTC */
	char *commit;  /* NULL: not known */
	bool dirty;
	char *environment; /* JSON: an object of strings, kernel and versions */
	double value;
	double low, high; /* of HISTORY_WALL, as in the run file; else NaN */
};

/* One cell on one machine, in the order in which the runs were started. */
struct history_series {
	char *machine, *cell;
	json_t *work; /* object: "items", "input", "params" */
	struct history_point *point;
	size_t points;
	struct change_point *change; /* change points, if they were searched for */
	size_t changes;
};

struct history_list {
	struct history_series *series; /* by machine, cell, work */
	size_t count;
};

/* Reads the series of a measure. `machine`, `cell`: only these, NULL: all; `cell` may be a pattern with `*`.
 * Returns 0, or -errno with `why`; release the list in any case. */
int history_read(struct history_list *list, struct history *history, enum history_measure measure, const char *machine,
		 const char *cell, const struct why *why);

/* Searches each series for change points. Returns 0 or -ENOMEM. */
int history_search(struct history_list *list, const struct change_search *search);

void history_list_release(struct history_list *list);

#endif
