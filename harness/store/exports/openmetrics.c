/* OpenMetrics text (openmetrics.io, version 1.0), for Prometheus: gauges in base units, each with the labels of its
 * cell, and the status of every cell as a state set. Medians and the ends of their intervals are told apart by the
 * label `estimate`; where there are too few invocations for 95 %, there is only the median. */
#include "store/exports/internal.h"

#include "model/export.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Prometheus' base units, from those of the run file. */
static const struct base_unit {
	const char *name;
	double scale;
} base_units[QUANTITY_KINDS] = {
	[KIND_TIME] = { "seconds", 1e-9 },
	[KIND_TIME_ITEM] = { "seconds", 1e-9 },
	[KIND_RATE] = { "", 1 },
	[KIND_RATIO] = { "ratio", 1 },
	[KIND_SHARE] = { "ratio", 1 },
	[KIND_BYTES] = { "bytes", 1 },
	[KIND_COUNT] = { "", 1 },
};

static const char *const statuses[] = { "ok", "failed", "not available", "not measured" };

/* Backslash, quote and line feed are written with a backslash. */
static void write_label(struct writer *out, const char *name, const char *value, bool first)
{
	writer_print(out, "%s%s=\"", first ? "" : ",", name);
	for (; value && *value; value++) {
		if (*value == '\n')
			writer_text(out, "\\n");
		else
			writer_print(out, strchr("\\\"", *value) ? "\\%c" : "%c", *value);
	}
	writer_text(out, "\"");
}

static void write_head(struct writer *out, const char *name, const char *type, const char *unit, const char *help)
{
	writer_print(out, "# TYPE %s %s\n", name, type);
	if (unit[0])
		writer_print(out, "# UNIT %s %s\n", name, unit);
	writer_print(out, "# HELP %s %s\n", name, help);
}

/* NAME{cell="..",workload="..",...: without the closing brace. */
static void write_series(struct writer *out, const char *name, const struct export_cell *cell)
{
	writer_print(out, "%s{", name);
	write_label(out, "cell", cell->name, true);
	write_label(out, "workload", cell->workload, false);
	write_label(out, "mode", json_text(cell->json, "mode"), false);
	write_label(out, "transport", json_text(cell->json, "transport"), false);
	write_label(out, "schedule", json_text(cell->json, "schedule"), false);
	writer_print(out, ",workers=\"%lld\"", cell->workers);
}

/* Writes a value unless it is not known. */
static void write_sample(struct writer *out, const char *name, const struct export_cell *cell, const char *label,
			 const char *value, double number)
{
	if (!isfinite(number))
		return;
	write_series(out, name, cell);
	if (label)
		write_label(out, label, value, false);
	writer_print(out, "} %.12g\n", number);
}

typedef void write_cell(struct writer *out, const struct export_cell *cell, const void *context);

/* Writes a family for all cells: OpenMetrics wants all values of a family together. */
static void each_measured(struct writer *out, const json_t *run, write_cell *write, const void *context)
{
	struct export_cell cell;

	for (size_t at = 0; export_next_measured(&cell, run, &at);)
		write(out, &cell, context);
}

/* The gauge of a quantity, with the name of its family. */
struct family {
	enum quantity_id id;
	char name[64];
	double scale;
};

static void write_value(struct writer *out, const struct export_cell *cell, const void *context)
{
	const struct family *family = context;
	struct interval of = export_certain(cell, family->id);

	if (quantities[family->id].plain) {
		write_sample(out, family->name, cell, NULL, NULL, of.median * family->scale);
		return;
	}
	write_sample(out, family->name, cell, "estimate", "median", of.median * family->scale);
	write_sample(out, family->name, cell, "estimate", "low", of.low * family->scale);
	write_sample(out, family->name, cell, "estimate", "high", of.high * family->scale);
}

static void write_family(struct writer *out, const json_t *run, enum quantity_id id)
{
	const struct quantity *quantity = &quantities[id];
	const struct base_unit *unit = &base_units[quantity->kind];
	struct family family = { .id = id, .scale = unit->scale };

	snprintf(family.name, sizeof(family.name), "bench_%s%s%s", quantity->gauge, unit->name[0] ? "_" : "",
		 unit->name);
	write_head(out, family.name, "gauge", unit->name, quantity->gauge_help);
	each_measured(out, run, write_value, &family);
}

static void write_account(struct writer *out, const struct export_cell *cell, const void *context)
{
	const json_t *account = json_object_get(cell->summary, "account_ns");
	const char *part;
	json_t *value;

	json_object_foreach((json_t *)account, part, value)
		write_sample(out, context, cell, "part", part, json_double(account, part) / 1e9);
}

/* A list of a summary, each with a name and a unit of its own. */
struct listed {
	const char *key, *family, *label;
};

static void write_list(struct writer *out, const struct export_cell *cell, const void *context)
{
	const struct listed *list = context;
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(cell->summary, list->key), i, entry) {
		const char *unit = json_text(entry, "unit");
		double number = json_double(entry, "value");

		if (!json_text(entry, "name") || !isfinite(number))
			continue;
		write_series(out, list->family, cell);
		write_label(out, list->label, json_text(entry, "name"), false);
		write_label(out, "unit", unit ? unit : "1", false);
		writer_print(out, "} %.12g\n", number);
	}
}

static void write_statuses(struct writer *out, const json_t *run)
{
	const json_t *json;
	size_t i;

	write_head(out, "bench_cell_status", "stateset", "", "What became of a cell.");
	json_array_foreach(json_object_get(run, "cells"), i, json) {
		struct export_cell cell;

		export_cell_read(&cell, json);
		for (size_t k = 0; k < COUNT(statuses); k++)
			write_sample(out, "bench_cell_status", &cell, "bench_cell_status", statuses[k],
				     strcmp(cell.status, statuses[k]) == 0);
	}
}

static void write_about(struct writer *out, const json_t *run)
{
	const json_t *machine = json_object_get(run, "machine");

	write_head(out, "bench_run", "info", "", "What was run where.");
	writer_text(out, "bench_run_info{");
	write_label(out, "version", json_text(json_object_get(run, "versions"), "bench"), true);
	write_label(out, "started", json_text(run, "started"), false);
	write_label(out, "host", json_text(machine, "host"), false);
	write_label(out, "cpu_model", json_text(machine, "cpu_model"), false);
	write_label(out, "kernel", json_text(machine, "kernel"), false);
	writer_text(out, "} 1\n");
}

static void write_run(struct writer *out, const json_t *run)
{
	write_about(out, run);
	write_statuses(out, run);
	for (enum quantity_kind kind = 0; kind < QUANTITY_KINDS; kind++) /* quantities of one unit stand together */
		for (enum quantity_id id = 0; id < QUANTITY_COUNT; id++)
			if (quantities[id].gauge && quantities[id].kind == kind)
				write_family(out, run, id);
	write_head(out, "bench_account_seconds", "gauge", "seconds", "Where the workers' time went.");
	each_measured(out, run, write_account, "bench_account_seconds");
	write_head(out, "bench_counter", "gauge", "", "Counters of a round, in the unit of their label.");
	each_measured(out, run, write_list, &(struct listed){ "counters", "bench_counter", "counter" });
	write_head(out, "bench_measure", "gauge", "", "What else a round told, in the unit of its label.");
	each_measured(out, run, write_list, &(struct listed){ "measures", "bench_measure", "measure" });
	writer_text(out, "# EOF\n");
}

const struct export export_openmetrics = {
	.name = "openmetrics",
	.suffix = "txt",
	.summary = "OpenMetrics text for Prometheus: medians, intervals, the account, every cell's status",
	.write_run = write_run,
};
