/* What the exports have in common: the cells of a run file and their rounds, as other tools see them. */
#ifndef BENCH_STORE_EXPORTS_INTERNAL_H
#define BENCH_STORE_EXPORTS_INTERNAL_H

#include "analyse/statistics.h"
#include "base/json.h"
#include "base/writer.h"
#include "store/run/summary.h"

#include <stdbool.h>

#define EXPORT_NAME_MAX 1000 /* bytes; Bencher takes 1024, and a format may append something */

struct export_cell {
	const json_t *json; /* borrowed, as all strings here */
	const json_t *summary;
	const char *workload, *status;
	const char *reason; /* why it has no numbers; NULL: none was given */
	bool measured, failed;
	long long workers;
	char name[EXPORT_NAME_MAX + 1]; /* the id on one line; a longer one is cut, and a digest of it is its end */
};

/* Reads a cell of a run. */
void export_cell_read(struct export_cell *cell, const json_t *json);

/* Reads the next measured cell from index `*at` on, which it moves behind it; false: there are no more. */
bool export_next_measured(struct export_cell *cell, const json_t *run, size_t *at);

/* Drops the character that was cut at the end of a text that did not fit. */
void export_mend(char *text);

/* Adds a number under `key`, unless it is not known; value_set() otherwise. */
json_t *export_set(json_t *object, const char *key, double number);

/* An invocation: one of the independent repetitions of a cell. */
struct export_invocation {
	const json_t **round;   /* samples that count */
	size_t rounds;          /* at least 1 */
	double wall_ns, cpu_ns; /* medians over them; NaN: not known */
};

/* The rounds of a cell that count (analyse/rounds.h), in time order. */
struct export_rounds {
	const json_t **round;
	size_t count;
	struct export_invocation *invocation;
	size_t invocations;
};

/* Returns 0 or -ENOMEM; release is harmless after it. */
int export_rounds_init(struct export_rounds *rounds, const json_t *cell);
void export_rounds_release(struct export_rounds *rounds);

#define EXPORT_TIME 64

/* A time with the unit that suits it, and its interval: "610.2 ms (608 to 611.3)". */
void export_time_text(char *text, size_t size, struct interval ns);

/* A cell of a gate file. */
struct export_verdict {
	const char *verdict;            /* borrowed, as the failure */
	const json_t *failure;          /* NULL: none */
	bool allowed;                   /* slower, but it may be */
	long long runs_a_side;          /* 0: not timed */
	char name[EXPORT_NAME_MAX + 1]; /* as of a run's cell */
	char slowdown[EXPORT_TIME];     /* "+2.04 % (+0.88 to +2.75 %)"; "": not known */
	char text[512];                 /* "+2.04 % (+0.88 to +2.75 %) wall, 24 runs a side; REASON" */
};

void export_verdict_read(struct export_verdict *verdict, const json_t *json);

#endif
