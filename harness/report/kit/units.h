/* Writes numbers as people read them: all numbers of a column have one unit and one number of decimals, unless they lie
 * so far apart that the least would lose its digits. */
#ifndef BENCH_REPORT_KIT_UNITS_H
#define BENCH_REPORT_KIT_UNITS_H

#include "analyse/quantity_kind.h"
#include "analyse/statistics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the kind for a unit of a counter or measure in a run file: "ns", "B", "1" or NULL. */
enum quantity_kind unit_kind(const char *unit);

struct unit {
	const char *name; /* "ms"; "": numbers stand alone */
	double size;      /* of the unit, in that of the kind: 1e6 for "ms" */
	int decimals;
};

/* Chooses the unit for a column of these values, some of which may be NaN. `micro` is how to write "µs". */
struct unit unit_choose(enum quantity_kind kind, const double *values, size_t count, const char *micro);

/* How the numbers of a column, or of several that are compared with each other, are written. */
struct units {
	enum quantity_kind kind;
	struct unit unit;  /* of all numbers */
	bool by_row;       /* the numbers lie far apart: each has its own unit beside it */
	const char *micro; /* as in unit_choose() */
};

struct units units_choose(enum quantity_kind kind, const double *values, size_t count, const char *micro);

/* The unit that stands in the heading: "" if each number has its own. */
const char *units_heading(const struct units *units);

/* Write a number, and its interval in the unit of that number. */
void units_number(char *text, size_t size, const struct units *units, double value);
void units_interval(char *text, size_t size, const struct units *units, struct interval value);

/* Writes "612.4"; "-" for NaN. */
void number_text(char *text, size_t size, double value, struct unit unit);

/* Writes "610.9-614.0", with "*" if the level is below CONFIDENCE; "-" if the interval is not known. */
void interval_text(char *text, size_t size, struct interval interval, struct unit unit);

/* Writes a ratio, and its interval if that is known: "1.94 (1.92 to 1.96)". */
void ratio_text(char *text, size_t size, struct interval value);

/* Writes a number with a unit that suits it: "612.4 ms". */
void quantity_text(char *text, size_t size, enum quantity_kind kind, double value, const char *micro);

#endif
