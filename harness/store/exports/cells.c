#include "store/exports/internal.h"

#include "analyse/verdict.h"
#include "store/run/rounds.h"
#include "store/values.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

json_t *export_set(json_t *object, const char *key, double number)
{
	return isfinite(number) ? value_set(object, key, value_number(number)) : object;
}

/* FNV-1a (Fowler, Noll, Vo; RFC 9923). */
static uint64_t digest_of(const char *text)
{
	uint64_t digest = 0xcbf29ce484222325;

	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * 0x100000001b3;
	return digest;
}

void export_mend(char *text)
{
	size_t length = strlen(text), at = length, more;

	while (at && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (!at)
		return;
	more = (unsigned char)text[at - 1] >= 0xf0 ? 3 : (unsigned char)text[at - 1] >= 0xe0 ? 2 : 1;
	if ((unsigned char)text[at - 1] >= 0xc0 && length - at < more)
		text[at - 1] = '\0';
}

static void make_name(char *name, const char *id)
{
	char *cut = name + EXPORT_NAME_MAX - 17; /* a tilde and 16 digits */

	snprintf(name, EXPORT_NAME_MAX + 1, "%s", id);
	if (strlen(id) > EXPORT_NAME_MAX) {
		*cut = '\0';
		export_mend(name);
		sprintf(name + strlen(name), "~%016" PRIx64, digest_of(id));
	}
	for (; *name; name++)
		if (iscntrl((unsigned char)*name))
			*name = ' ';
}

static const char *or_unknown(const char *text)
{
	return text && *text ? text : "?";
}

void export_cell_read(struct export_cell *cell, const json_t *json)
{
	const json_t *summary = json_object_get(json, "summary"), *failure = json_object_get(json, "failure");
	const char *message = json_text(failure, "message"), *reason = json_text(json, "reason");

	*cell = (struct export_cell){
		.json = json,
		.summary = summary,
		.workload = or_unknown(json_text(json, "workload")),
		.status = or_unknown(json_text(json, "status")),
		.reason = message ? message : reason,
		.workers = json_count(json, "workers"),
	};
	cell->failed = strcmp(cell->status, "failed") == 0;
	cell->measured = strcmp(cell->status, "ok") == 0 && summary_read(summary, QUANTITY_WALL).median > 0;
	make_name(cell->name, or_unknown(json_text(json, "id")));
}

bool export_next_measured(struct export_cell *cell, const json_t *run, size_t *at)
{
	const json_t *cells = json_object_get(run, "cells");

	while (*at < json_array_size(cells)) {
		export_cell_read(cell, json_array_get(cells, (*at)++));
		if (cell->measured)
			return true;
	}
	return false;
}

/* The median over the samples that have the number. `values` has room for one of each sample. */
static double median_of(const json_t **round, size_t count, const char *key, double *values)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		double value = json_double(round[i], key);

		if (isfinite(value))
			values[known++] = value;
	}
	values_sort(values, known);
	return values_median(values, known);
}

static void cut_invocations(struct export_rounds *rounds, double *values)
{
	size_t next;

	for (size_t first = 0; first < rounds->count; first = next) {
		const json_t **own = rounds->round + first;
		const json_t *number = json_object_get(own[0], "invocation");

		for (next = first + 1; next < rounds->count; next++)
			if (!json_equal(json_object_get(rounds->round[next], "invocation"), number))
				break;
		rounds->invocation[rounds->invocations++] = (struct export_invocation){
			.round = own,
			.rounds = next - first,
			.wall_ns = median_of(own, next - first, "wall_ns", values),
			.cpu_ns = median_of(own, next - first, "cpu_ns", values),
		};
	}
}

int export_rounds_init(struct export_rounds *rounds, const json_t *cell)
{
	const json_t *samples = json_object_get(cell, "samples");
	struct stored_rounds stored;
	double *values;
	int err = stored_rounds_init(&stored, cell);

	*rounds = (struct export_rounds){ .round = calloc(stored.timed.count + 1, sizeof(json_t *)) };
	rounds->invocation = calloc(stored.timed.count + 1, sizeof(*rounds->invocation));
	values = calloc(stored.timed.count + 1, sizeof(*values));
	if (!rounds->round || !rounds->invocation || !values)
		err = -ENOMEM;
	for (size_t i = 0; i < stored.timed.count && !err; i++)
		rounds->round[rounds->count++] =
			json_array_get(samples, (size_t)(stored.timed.round[i] - stored.cell.samples));
	if (!err)
		cut_invocations(rounds, values);
	free(values);
	stored_rounds_release(&stored);
	return err;
}

void export_rounds_release(struct export_rounds *rounds)
{
	free(rounds->round);
	free(rounds->invocation);
	*rounds = (struct export_rounds){ 0 };
}

struct interval export_certain(const struct export_cell *cell, enum quantity_id id)
{
	struct interval of = summary_read(cell->summary, id);

	if (!(of.level >= CONFIDENCE))
		of.low = of.high = NAN;
	return of;
}

void export_level_text(char *text, size_t size, struct interval interval)
{
	size_t used = strlen(text);

	if (interval.level < CONFIDENCE)
		snprintf(text + used, size - used, ", %.3g %% sure", 100 * interval.level);
}

void export_time_text(char *text, size_t size, struct interval ns)
{
	static const char *const names[] = { "ns", "us", "ms", "s" };
	double least = isfinite(ns.low) ? fmin(ns.low, ns.median) : ns.median, scale = 1;
	size_t unit = 0;

	for (; least >= 1000 * scale && unit < 3; unit++)
		scale *= 1000;
	if (!isfinite(ns.low) || !isfinite(ns.high)) {
		snprintf(text, size, "%.4g %s", ns.median / scale, names[unit]);
		return;
	}
	snprintf(text, size, "%.4g %s (%.4g to %.4g", ns.median / scale, names[unit], ns.low / scale, ns.high / scale);
	export_level_text(text, size - 1, ns);
	strcat(text, ")");
}

/* Writes a logarithm as "+1.45 %", as the gate says it, on its side of the limit (a ratio less 1); never "-0". */
static void percent_text(char text[24], double ln, double limit, const json_t *gate)
{
	double ratio = expm1(ln);
	int decimals = verdict_decimals(ratio, json_says(gate, "method", "instructions"));

	snprintf(text, 24, "%+.*f %%", decimals, verdict_percent(ratio, limit, decimals) + 0.0);
}

/* Counts are exact, so their difference is held against the tolerance; that of times is an estimate. */
static void slowdown_text(char *text, size_t size, const json_t *slowdown, const json_t *gate)
{
	double theta = json_double(slowdown, "theta"), low = json_double(slowdown, "low");
	double high = json_double(slowdown, "high"), tolerance = json_double(gate, "tolerance");
	bool bounded = isfinite(low) && isfinite(high) && low < high;
	char estimate[24], least[24], most[24];

	percent_text(estimate, theta, bounded ? NAN : tolerance, gate);
	percent_text(least, low, expm1(json_double(gate, "margin")), gate);
	percent_text(most, high, tolerance, gate);
	least[strcspn(least, " ")] = '\0';
	if (bounded)
		snprintf(text, size, "%s (%s to %s)", estimate, least, most);
	else if (isfinite(theta))
		snprintf(text, size, "%s", estimate);
}

void export_verdict_read(struct export_verdict *verdict, const json_t *gate, const json_t *json)
{
	const json_t *failure = json_object_get(json, "failure");
	const char *measure = json_text(json, "measure"), *reason = json_text(json, "reason");
	size_t used;

	*verdict = (struct export_verdict){
		.verdict = or_unknown(json_text(json, "verdict")),
		.failure = json_is_object(failure) ? failure : NULL,
		.allowed = json_flag(json, "allowed"),
		.runs_a_side = json_count(json, "runs_a_side"),
	};
	make_name(verdict->name, or_unknown(json_text(json, "id")));
	slowdown_text(verdict->slowdown, sizeof(verdict->slowdown), json_object_get(json, "slowdown"), gate);
	if (verdict->slowdown[0])
		snprintf(verdict->text, sizeof(verdict->text), "%s %s, %lld %s", verdict->slowdown,
			 or_unknown(measure), verdict->runs_a_side,
			 json_text(json, "pairing") ? "pairs" : "runs a side");
	used = strlen(verdict->text);
	if (reason)
		snprintf(verdict->text + used, sizeof(verdict->text) - used, "%s%s", used ? "; " : "", reason);
	export_mend(verdict->text);
}
