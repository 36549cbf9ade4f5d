/* The history: what runs have measured, by commit, machine and cell, in one SQLite file.
 *
 * Any number of processes may add and read at the same time: the file is in WAL mode, each run is one transaction, and
 * a process that finds the file locked waits up to a minute. A process that is killed while it adds leaves the history
 * as it was before. The folder must be on a local disk. Who may not write to it can read while no process has
 * changes under way, and else waits or is told to try again.
 *
 * Tables: machine (name); cell (name: its id; work: items, input and parameters as JSON); run (started, seed, command
 * and host, by which a run is recognised; commit; environment: kernel and versions as JSON); value (what a run measured
 * of a cell). HISTORY_SCHEMA is the number of this layout, which stands in the file's user_version.
 *
 * If something fails, `why` gets one line for people, with the file quoted. */
#ifndef BENCH_STORE_HISTORY_HISTORY_H
#define BENCH_STORE_HISTORY_HISTORY_H

#include "base/why.h"
#include "analyse/change_points.h"

#include <jansson.h>
#include <stdbool.h>

#define HISTORY_SCHEMA 1

struct history;

/* Opens a history for adding (`add`), which makes the file if there is none, or for reading. Returns 0, or -errno with
 * `why`: the file cannot be opened, is damaged, is no history, or has another schema. */
int history_open(struct history **history, const char *file, bool add, const struct why *why);

/* Accepts NULL. */
void history_close(struct history *history);

/* What the history keeps of a run that its run file does not say. */
struct run_label {
	const char *commit;  /* NULL: not known */
	bool dirty;          /* it had changes that were not committed */
	const char *machine; /* its name; NULL: that of history_machine() */
};

struct run_added {
	bool already;           /* the history had the run already, and nothing was added */
	size_t cells, left_out; /* number of cells that were measured with all their items, and of the others */
	char machine[256];      /* the name under which the run is there */
	char commit[80];        /* if it was there already, its commit; "": none */
	bool dirty;
};

/* Adds a run that store_read() has read. Returns 0, or -errno with `why`: then nothing was added. */
int history_add(struct history *history, const json_t *run, const struct run_label *label, struct run_added *added,
		const struct why *why);

/* Writes a name for the machine of a run: its processor, how many may be used, the architecture, and how it is
 * virtualised: "Intel(R) Xeon(R) Processor, 2 processors, x86_64, hypervisor". The host's name is no part of it, since
 * it changes with every job of a hosted CI; nor is the kernel, since its update may have caused a change. */
void history_machine(char *name, size_t size, const json_t *run);

/* What is kept of a cell; medians over invocations. */
enum history_measure { HISTORY_WALL, HISTORY_CPU, HISTORY_MEMORY, HISTORY_MEASURES };
extern const char *const history_measures[HISTORY_MEASURES + 1]; /* "wall_ns", "cpu_ns", "rss_bytes", NULL */

struct history_point {
	char *started; /* when the run was started, UTC */
	char *commit;  /* NULL: not known */
	bool dirty;
	char *environment; /* kernel and versions: a JSON object of strings */
	double value;
	double low, high; /* interval of HISTORY_WALL, as in the run file; NaN for other measures */
};

/* One cell on one machine, in the order in which the runs were started, or after history_order(). */
struct history_series {
	char *machine, *cell;
	json_t *work; /* object: "items", "input", "params", and "picked" if not all items were executed */
	struct history_point *point;
	size_t points;
	struct change_point *change; /* change points, if they were searched for */
	size_t changes;
};

struct history_list {
	struct history_series *series; /* by machine, cell, work */
	size_t count;
};

/* Reads the series of a measure: those of this machine and this cell, or of all if they are NULL; `cell` may be a
 * pattern with `*`. Returns 0, or -errno with `why`; the caller releases the list in any case. */
int history_read(struct history_list *list, struct history *history, enum history_measure measure, const char *machine,
		 const char *cell, const struct why *why);

/* Orders the runs of each series by their commits, parents first, as git knows them in the current folder; those of one
 * commit stay in the order in which they were started. A run whose commit git does not know counts as one of the newest
 * commit that had been measured before it. Only for single-threaded callers. Returns 0 or -ENOMEM. */
int history_order(struct history_list *list);

/* Searches each series for change points. Returns 0 or -ENOMEM. */
int history_search(struct history_list *list, const struct change_search *search);

void history_list_release(struct history_list *list);

#endif
