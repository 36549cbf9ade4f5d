/* Numbers as people read them: one unit and one number of decimals for all that stand in a column. */
#ifndef BENCH_REPORT_KIT_UNITS_H
#define BENCH_REPORT_KIT_UNITS_H

#include "analyse/quantity_kind.h"
#include "analyse/statistics.h"

/* Of a counter's or measure's unit in a run file: "ns", "B", "1"; NULL is one, too. */
enum quantity_kind unit_kind(const char *unit);

struct unit {
	const char *name; /* "ms"; "" where the number speaks for itself */
	double size;      /* of the unit, in the quantity's own */
	int decimals;
};

/* The unit for a column of these values, some of which may be NaN. `micro`: how to write "µs". */
struct unit unit_choose(enum quantity_kind kind, const double *values, size_t count, const char *micro);

/* "612.4"; "-" for what is not a number. */
void number_text(char *text, size_t size, double value, struct unit unit);

/* "610.9-614.0"; marked "*" where the level is below CONFIDENCE; "-" where there is none. */
void interval_text(char *text, size_t size, struct interval interval, struct unit unit);

/* A ratio with its interval, where that is known: "1.94 (1.92 to 1.96)". */
void ratio_text(char *text, size_t size, struct interval value);

/* A number with a unit of its own: "612.4 ms". */
void quantity_text(char *text, size_t size, enum quantity_kind kind, double value, const char *micro);

#endif
