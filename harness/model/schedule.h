/* The schedules: how the items of a cell are dealt out to its workers. A new schedule is an entry of
 * registry_schedules, and the code that takes its ranges in run/crew/ranges.h. */
#ifndef BENCH_MODEL_SCHEDULE_H
#define BENCH_MODEL_SCHEDULE_H

#include <stdbool.h>

enum schedule_kind { SCHEDULE_STATIC, SCHEDULE_DYNAMIC, SCHEDULE_GUIDED, SCHEDULE_STEAL };

struct schedule {
	const char *name;
	const char *summary; /* one line for `bench list` */
	enum schedule_kind kind;
	bool steals;          /* workers take from each other: ranges must lie in memory that they share */
	bool heeds_in_flight; /* chunk follows chunk in the order of items: a parent can hold some back */
};

extern const struct schedule registry_schedules[]; /* ended by a name of NULL */

/* The schedule of that name; NULL: there is none. */
const struct schedule *schedule_find(const char *name);

#endif
