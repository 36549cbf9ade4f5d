#include "report/kit/units.h"

#include <stdio.h>
#include <string.h>

#define LONGEST 1e5 /* numbers from this one on get the next larger unit */

struct scale {
	const char *name;
	double size;
};

static const struct scale rates[] = { { "", 1 }, { "k", 1e3 }, { "M", 1e6 }, { "G", 1e9 }, { "T", 1e12 }, { 0 } };
static const struct scale bytes[] = { { "B", 1 }, { "KiB", 1024 }, { "MiB", 1048576 }, { "GiB", 1073741824 }, { 0 } };
static const struct scale ratio[] = { { "", 1 }, { 0 } };
static const struct scale share[] = { { "%", 0.01 }, { 0 } };

struct magnitudes {
	double least, most; /* of the absolute values above 0; 0: there are none */
};

static struct magnitudes range_of(const double *values, size_t count)
{
	struct magnitudes range = { 0, 0 };

	for (size_t i = 0; i < count; i++) {
		double size = fabs(values[i]);

		if (!isfinite(size) || size == 0)
			continue;
		range.least = range.least == 0 ? size : fmin(range.least, size);
		range.most = fmax(range.most, size);
	}
	return range;
}

/* Returns the largest unit in which the least value is at least 1, or a larger one if numbers would get too long. */
static const struct scale *scale_choose(const struct scale *scale, struct magnitudes range)
{
	while (scale[1].name && (range.least >= scale[1].size || range.most >= LONGEST * scale->size))
		scale++;
	return scale;
}

/* Returns how many decimals show `digits` digits of the least value, at most `most`. */
static int decimals_for(double least, int digits, int most)
{
	int decimals = least > 0 ? digits - 1 - (int)floor(log10(least)) : 0;

	return decimals < 0 ? 0 : decimals > most ? most : decimals;
}

static bool whole(const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]) && values[i] != floor(values[i]))
			return false;
	return true;
}

static struct unit unit_of(const struct scale *scale, struct magnitudes range, int digits, int most)
{
	return (struct unit){ scale->name, scale->size, decimals_for(range.least / scale->size, digits, most) };
}

enum quantity_kind unit_kind(const char *unit)
{
	if (unit && strcmp(unit, "ns") == 0)
		return KIND_TIME;
	if (unit && (strcmp(unit, "B") == 0 || strcmp(unit, "bytes") == 0))
		return KIND_BYTES;
	return KIND_COUNT;
}

struct unit unit_choose(enum quantity_kind kind, const double *values, size_t count, const char *micro)
{
	const struct scale times[] = { { "ns", 1 }, { micro, 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { 0 } };
	const struct scale micros[] = { { micro, 1e3 }, { 0 } };
	struct magnitudes range = range_of(values, count);
	const struct scale *scale;

	switch (kind) {
	case KIND_TIME:
		return unit_of(scale_choose(times, range), range, 4, 3);
	case KIND_TIME_ITEM:
		return unit_of(micros, range, 3, 3);
	case KIND_RATE:
		return unit_of(range.most < 1e6 ? rates : scale_choose(rates, range), range, 4, 2);
	case KIND_RATIO:
		return range.least < 0.1 ? unit_of(ratio, range, 2, 4) : (struct unit){ "", 1, 2 };
	case KIND_SHARE:
		return range.least < 0.01 ? unit_of(share, range, 1, 2) : (struct unit){ "%", 0.01, 1 };
	case KIND_BYTES:
		scale = scale_choose(bytes, range);
		return (struct unit){ scale->name, scale->size, scale == bytes ? 0 : 1 };
	case KIND_COUNT:
		break;
	}
	scale = range.most < 1e6 ? rates : scale_choose(rates, range);
	return unit_of(scale, range, scale == rates && whole(values, count) ? 0 : 3, 2);
}

void number_text(char *text, size_t size, double value, struct unit unit)
{
	double shown = value / unit.size;

	if (!isfinite(shown)) {
		snprintf(text, size, "-");
		return;
	}
	if (fabs(shown) < 0.5 * pow(10, -unit.decimals)) /* else it would be "-0.0" */
		shown = 0;
	snprintf(text, size, "%.*f", unit.decimals, shown);
}

void interval_text(char *text, size_t size, struct interval interval, struct unit unit)
{
	char low[24], high[24];

	if (!(interval.level > 0) || !isfinite(interval.low) || !isfinite(interval.high)) {
		snprintf(text, size, "-");
		return;
	}
	number_text(low, sizeof(low), interval.low, unit);
	number_text(high, sizeof(high), interval.high, unit);
	snprintf(text, size, "%s%s-%s", interval.level < CONFIDENCE ? "*" : "", low, high);
}

void ratio_text(char *text, size_t size, struct interval value)
{
	struct unit unit = unit_choose(KIND_RATIO, &value.median, 1, "us");
	char median[24], low[24], high[24];

	number_text(median, sizeof(median), value.median, unit);
	number_text(low, sizeof(low), value.low, unit);
	number_text(high, sizeof(high), value.high, unit);
	if (value.level > 0)
		snprintf(text, size, "%s (%s to %s)", median, low, high);
	else
		snprintf(text, size, "%s", median);
}

void quantity_text(char *text, size_t size, enum quantity_kind kind, double value, const char *micro)
{
	struct unit unit = unit_choose(kind, &value, 1, micro);
	char number[24];

	number_text(number, sizeof(number), value, unit);
	snprintf(text, size, "%s%s%s", number, unit.name[0] ? " " : "", unit.name);
}

/* Whether the least number keeps two digits. Whole numbers keep all; a share of almost nothing is nothing. */
static bool keeps_digits(enum quantity_kind kind, struct unit unit, const double *values, size_t count)
{
	double least = range_of(values, count).least / unit.size;

	if (least == 0 || kind == KIND_SHARE || (unit.size == 1 && unit.decimals == 0 && kind != KIND_RATIO))
		return true;
	return least >= pow(10, 1 - unit.decimals);
}

struct units units_choose(enum quantity_kind kind, const double *values, size_t count, const char *micro)
{
	struct units units = { .kind = kind, .unit = unit_choose(kind, values, count, micro), .micro = micro };

	units.by_row = !keeps_digits(kind, units.unit, values, count);
	return units;
}

const char *units_heading(const struct units *units)
{
	return units->by_row ? "" : units->unit.name;
}

static struct unit unit_of_row(const struct units *units, double value)
{
	if (!units->by_row || !isfinite(value))
		return units->unit;
	if (units->kind == KIND_RATIO && fabs(value) < 0.1)
		return unit_of(ratio, range_of(&value, 1), 2, 7);
	return unit_choose(units->kind == KIND_TIME_ITEM ? KIND_TIME : units->kind, &value, 1, units->micro);
}

void units_number(char *text, size_t size, const struct units *units, double value)
{
	struct unit unit = unit_of_row(units, value);
	bool named = units->by_row && unit.name[0] && isfinite(value);
	char number[32];

	number_text(number, sizeof(number), value, unit);
	snprintf(text, size, "%s%s%s", number, named ? " " : "", named ? unit.name : "");
}

void units_interval(char *text, size_t size, const struct units *units, struct interval value)
{
	interval_text(text, size, value, unit_of_row(units, value.median));
}
