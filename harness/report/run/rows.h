/* The cells of a run file as rows of a table.
 *
 * Everything that shows a run takes its cells from here. What the file does not know is NULL, NaN or INTERVAL_UNKNOWN;
 * values of a wrong type count as not known. Strings are those of the file and may be hostile: the code that writes
 * them must escape them. */
#ifndef BENCH_REPORT_RUN_ROWS_H
#define BENCH_REPORT_RUN_ROWS_H

#include "analyse/quantities.h"
#include "base/json.h"

#include <stdbool.h>

#define PARTS_MAX 24

/* How long an item takes from submit to result: median, 99th and 99.9th percentile. */
enum latency { LATENCY_P50, LATENCY_P99, LATENCY_P999, LATENCY_COUNT };

struct row {
	const json_t *cell;
	const char *id, *status, *reason;
	const char *workload; /* the name, with the params that are swept: "counter lock=none" */
	char with_params[96];
	const char *transport, *schedule; /* NULL: none */
	char mode[64];                    /* "pool", "processes:item", "pool:imap" */
	uint64_t chunk;                   /* 0: none */
	uint64_t preset_chunk;            /* the chunk that the cell has when the user asks for none; 0: not known */
	const char *counterpart; /* the mode that does the same here as this one, a reference; NULL: no reference */
	uint64_t workers;
	bool incomplete; /* not all items had a result: the row must not be compared */
	bool baseline;   /* it is the sequential cell */
	bool ok;         /* it was measured: its values are known */
	struct interval value[QUANTITY_COUNT];
	double part_ns[PARTS_MAX]; /* the parts of the account, in the order of rows.part */
	double account_ns;         /* the sum of the parts, which is workers x wall time; 0: there is no account */
	double latency_ns[LATENCY_COUNT]; /* medians over rounds */
	double first_result_ns;           /* since the round's start, median over rounds */
};

struct rows {
	const json_t *run; /* borrowed */
	struct row *row;   /* in the order of the plan */
	size_t count;
	const char *part[PARTS_MAX]; /* names of the parts of the account */
	size_t parts;
	bool workloads;                     /* the run has more than one: a row's name must say which */
	bool transports, schedules, chunks; /* some mode has more than one */
};

/* Reads the cells; `run` must outlive the rows. Returns 0 or -ENOMEM. */
int rows_make(struct rows *rows, const json_t *run);
void rows_release(struct rows *rows);

/* Makes names of rows tell them from those of the other runs as well, which are shown beside them: what differs between
 * runs, such as the workload, is named in all. */
void rows_name_together(struct rows *const *runs, size_t count);

/* A selection of rows. */
struct picks {
	const struct row **row;
	size_t count, of; /* how many were picked, and how many passed */
};

/* Picks the rows for which `pass` is true, or all if it is NULL; if these are more than `limit`, those with the
 * greatest speedup. Picked rows keep their order. Returns 0 or -ENOMEM. */
int rows_pick(struct picks *picks, const struct rows *rows, bool (*pass)(const struct row *), size_t limit);
void picks_release(struct picks *picks);

/* Conditions for rows_pick(). */
bool row_measured(const struct row *row);
bool row_measured_parallel(const struct row *row);
bool row_tried(const struct row *row);         /* measured, or failed */
bool row_has_crew(const struct row *row);      /* measured, and its crew is made before the rounds */
bool row_has_measures(const struct row *row);  /* measured, and its rounds yield numbers besides their times */
bool row_has_latencies(const struct row *row); /* measured, and its rounds tell how long items took */

/* Whether two cells have chunks and differ in nothing else. */
bool row_same_way(const struct row *a, const struct row *b);

/* Writes a name that tells the row from the others of its run: "pool/2", "resize/pool/pipe/dynamic:6/2". */
void row_label(char *text, size_t size, const struct rows *rows, const struct row *row);

/* Writes this name without the number of workers: "pool", "resize/pool/pipe/dynamic:6". */
void row_label_alone(char *text, size_t size, const struct rows *rows, const struct row *row);

/* Writes this name without workload and number of workers, for a line in a plot: "pool", "pool/pipe". */
void row_series(char *text, size_t size, const struct rows *rows, const struct row *row);

/* The shares of the account's parts in tenths of a per cent, in the order of rows.part. They add up to 100 %: those
 * with the largest remainders are rounded up. Whatever shows a share shows these. The row must have an account. */
void row_shares(const struct row *row, size_t parts, int tenths[PARTS_MAX]);

/* The number of the next incidents that the cell tells of, such as lost updates, and their name with blanks ("lost
 * updates"); 0: there are no more. `at` is where to look from in its list of measures, and is moved on. What counts
 * incidents in one cell of the run does so in all, also where a reference gives no unit. */
double row_incident(const struct rows *rows, const struct row *row, size_t *at, char name[64]);

/* Whether a measure of this name is one of the row's latency_ns. */
bool measure_is_latency(const char *name);

/* The median over rounds of the counter with this name; NaN if it did not count. */
double row_counter(const struct row *row, const char *name);

#endif
