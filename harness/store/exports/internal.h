/* What several exports need: the cells of a result file and their rounds, in the form in which other tools take
 * them. */
#ifndef BENCH_STORE_EXPORTS_INTERNAL_H
#define BENCH_STORE_EXPORTS_INTERNAL_H

#include "analyse/statistics.h"
#include "base/json.h"
#include "base/writer.h"
#include "store/run/summary.h"

#include <stdbool.h>

#define EXPORT_NAME_MAX 1000 /* bytes; Bencher takes 1024, and a format may append something */

struct export_cell {
	const json_t *json; /* the result owns it and the strings below */
	const json_t *summary;
	const char *workload, *status;
	const char *reason; /* why it has no numbers; NULL: none was given */
	bool measured, failed;
	long long workers;
	char name[EXPORT_NAME_MAX + 1]; /* the id, on one line; an id that is too long is cut and ends with a digest */
};

/* Fills in a cell of a run. */
void export_cell_read(struct export_cell *cell, const json_t *json);

/* Finds the next measured cell from index `*at` on and moves `*at` behind it; false: there are no more. */
bool export_next_measured(struct export_cell *cell, const json_t *run, size_t *at);

/* Removes an incomplete character from the end of a text that was cut. */
void export_mend(char *text);

/* Adds a number under `key` as value_set() does, but not if it is unknown. */
json_t *export_set(json_t *object, const char *key, double number);

/* An invocation is one of the independent repetitions of a cell. */
struct export_invocation {
	const json_t **round;   /* its samples that count */
	size_t rounds;          /* at least 1 */
	double wall_ns, cpu_ns; /* medians over these rounds; NaN: not known */
};

/* The rounds of a cell that count (analyse/rounds.h), in time order, and the invocations that they belong to. */
struct export_rounds {
	const json_t **round;
	size_t count;
	struct export_invocation *invocation;
	size_t invocations;
};

/* Returns 0 or -ENOMEM; export_rounds_release() may be called in both cases. */
int export_rounds_init(struct export_rounds *rounds, const json_t *cell);
void export_rounds_release(struct export_rounds *rounds);

/* Reads a quantity with an interval that may be shown as one of 95 %; where too few invocations allow only less, its
 * ends are NaN. For formats that cannot say so beside the numbers. */
struct interval export_certain(const struct export_cell *cell, enum quantity_id id);

#define EXPORT_TIME 96

/* Adds what the level of an interval is, if it is below CONFIDENCE: ", 75 % sure". */
void export_level_text(char *text, size_t size, struct interval interval);

/* Writes a time in a suitable unit with its interval: "610.2 ms (608 to 611.3)". */
void export_time_text(char *text, size_t size, struct interval ns);

/* A cell of a gate file. */
struct export_verdict {
	const char *verdict;            /* the gate owns it and the failure */
	const json_t *failure;          /* NULL: none */
	bool allowed;                   /* it may be slower */
	long long runs_a_side;          /* 0: not timed */
	char name[EXPORT_NAME_MAX + 1]; /* as in struct export_cell */
	char slowdown[EXPORT_TIME];     /* "+2.04 % (+0.88 to +2.75 %)"; "": not known */
	char text[512];                 /* "+2.04 % (+0.88 to +2.75 %) wall, 24 runs a side; REASON" */
};

/* Fills in a cell of a gate. */
void export_verdict_read(struct export_verdict *verdict, const json_t *gate, const json_t *json);

#endif
