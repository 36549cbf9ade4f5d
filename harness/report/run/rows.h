/* The cells of a run file as rows of a table.
 *
 * Everything that shows a run starts from here and asks the file nothing else about its cells. What
 * the file does not know is NULL, NaN or INTERVAL_UNKNOWN; values of a wrong type count as not known.
 * Strings are the file's own, hostile ones included: who writes them out escapes them. */
#ifndef BENCH_REPORT_RUN_ROWS_H
#define BENCH_REPORT_RUN_ROWS_H

#include "analyse/quantities.h"
#include "base/json.h"

#include <stdbool.h>

#define PARTS_MAX 24

struct row {
	const json_t *cell;
	const char *id, *status, *reason;
	const char *workload; /* with the params that are swept: "counter lock=none" */
	char with_params[96];
	const char *transport, *schedule; /* NULL: none */
	char mode[64];                    /* "pool", "processes:item", "pool:imap" */
	uint64_t chunk;                   /* 0: none */
	uint64_t preset_chunk;            /* that the cell has when none is asked for; 0: not known */
	const char *counterpart;          /* of a reference: the mode that does the same here; NULL: it is none */
	uint64_t workers;
	bool incomplete; /* not all items had a result: not to be compared */
	bool baseline;   /* the sequential one */
	bool ok;         /* measured: its values are known */
	struct interval value[QUANTITY_COUNT];
	double part_ns[PARTS_MAX]; /* the account, in the order of rows.part */
	double account_ns;         /* their sum, workers x wall time; 0: there is no account */
};

struct rows {
	const json_t *run; /* borrowed */
	struct row *row;   /* in the order of the plan */
	size_t count;
	const char *part[PARTS_MAX]; /* names of the parts of the account */
	size_t parts;
	bool workloads;                     /* more than one in this run: a name must say which */
	bool transports, schedules, chunks; /* more than one for some mode */
};

/* Reads the cells; `run` must outlive the rows. Returns 0 or -ENOMEM. */
int rows_make(struct rows *rows, const json_t *run);
void rows_release(struct rows *rows);

/* Some of the rows. */
struct picks {
	const struct row **row;
	size_t count, of; /* how many, and of how many that passed */
};

/* Picks the rows that pass, all for NULL; when more than `limit` do, those of the greatest speedup.
 * They stay in their order. Returns 0 or -ENOMEM. */
int rows_pick(struct picks *picks, const struct rows *rows, bool (*pass)(const struct row *), size_t limit);
void picks_release(struct picks *picks);

/* For rows_pick(). */
bool row_measured(const struct row *row);
bool row_measured_parallel(const struct row *row);
bool row_tried(const struct row *row);        /* measured, or failed */
bool row_has_crew(const struct row *row);     /* measured, its crew made before the rounds */
bool row_has_measures(const struct row *row); /* measured, and its rounds told more than times */

/* What tells the row from the others of its run: "pool/2", "resize/pool/pipe/dynamic:6/2". */
void row_label(char *text, size_t size, const struct rows *rows, const struct row *row);

/* The same without the workers: "pool", "resize/pool/pipe/dynamic:6". */
void row_label_alone(char *text, size_t size, const struct rows *rows, const struct row *row);

/* The same without workload and number of workers: "pool", "pool/pipe". A line in a plot. */
void row_series(char *text, size_t size, const struct rows *rows, const struct row *row);

/* A counter's median over rounds, by name; NaN where it did not count. */
double row_counter(const struct row *row, const char *name);

#endif
