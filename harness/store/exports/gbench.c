/* Google Benchmark's JSON, for its compare.py, and for Bencher, Conbench and github-action-benchmark.
 *
 * A row is an invocation, since invocations are the independent repetitions: its time is the median of its rounds that
 * count, and `iterations` is their number. There are no rows of aggregates, since most readers take every row for a
 * measurement, and none of failed cells, since some readers would store their zeros. Names end with /real_time, without
 * which Conbench would read the CPU time. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "store/values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* hwloc's "L2Cache", "L1iCache". */
static json_t *cache_json(const json_t *cache, double units)
{
	const char *type = json_text(cache, "type");
	double count = json_double(cache, "count");
	int level = type && type[0] == 'L' && isdigit((unsigned char)type[1]) ? type[1] - '0' : 0;
	const char *holds = level > 1 ? "Unified" : type && strchr(type, 'i') ? "Instruction" : "Data";

	return VALUE_OBJECT({ "type", value_text(holds) }, { "level", value_count((uint64_t)level) },
			    { "size", value_number(json_double(cache, "size_bytes")) },
			    { "num_sharing", value_number(count > 0 ? fmax(1, floor(units / count)) : 1) });
}

/* Bencher's reader refuses a file without the key, so it is there even where no cache is known. */
static json_t *caches_json(const json_t *topology)
{
	json_t *list = json_array(), *cache;
	size_t i;

	json_array_foreach(json_object_get(topology, "caches"), i, cache)
		list = value_append(list, cache_json(cache, json_double(topology, "processing_units")));
	return list;
}

static json_t *array_or_empty(json_t *array)
{
	return json_is_array(array) ? json_incref(array) : json_array();
}

static double megahertz(const json_t *machine)
{
	const char *text = json_text(machine, "cpu_mhz");

	return text ? round(strtod(text, NULL)) : 0;
}

/* Cells that have no rows, listed in the context: programs skip a key that they do not know, people see it. */
static json_t *left_out_json(const json_t *cells)
{
	json_t *list = json_array(), *json;
	size_t i;

	json_array_foreach(cells, i, json) {
		struct export_cell cell;

		export_cell_read(&cell, json);
		if (!cell.measured)
			list = value_append(list, VALUE_OBJECT({ "name", value_text(cell.name) },
							       { "status", value_text(cell.status) },
							       { "reason", value_text(cell.reason) }));
	}
	return list;
}

static json_t *context_json(const json_t *run)
{
	const json_t *machine = json_object_get(run, "machine"), *topology = json_object_get(machine, "topology");
	const char *governor = json_text(machine, "governor");
	double processors = json_double(topology, "processing_units");

	return VALUE_OBJECT({ "date", value_text(json_text(run, "started")) },
			    { "host_name", value_text(json_text(machine, "host")) },
			    { "executable", value_text("bench") },
			    { "num_cpus", value_number(isfinite(processors) ? processors : 1) },
			    { "mhz_per_cpu", value_number(megahertz(machine)) },
			    { "cpu_scaling_enabled", json_boolean(governor && strcmp(governor, "performance") != 0) },
			    { "caches", caches_json(topology) },
			    { "load_avg", array_or_empty(json_object_get(machine, "load")) },
			    { "library_version", value_text(json_text(json_object_get(run, "versions"), "bench")) },
			    { "library_build_type", value_text("release") }, /* without it readers print a warning */
			    { "json_schema_version", json_integer(1) },
			    { "left_out", left_out_json(json_object_get(run, "cells")) });
}

static json_t *row_json(const struct export_cell *cell, const struct export_rounds *rounds, size_t index, size_t family)
{
	const struct export_invocation *own = &rounds->invocation[index];
	double items = json_double(own->round[0], "items");
	char name[EXPORT_NAME_MAX + 16];
	json_t *row;

	snprintf(name, sizeof(name), "%s/real_time", cell->name);
	row = VALUE_OBJECT({ "name", value_text(name) }, { "family_index", value_count(family) },
			   { "per_family_instance_index", value_count(0) }, { "run_name", value_text(name) },
			   { "run_type", value_text("iteration") },
			   { "repetitions", value_count(rounds->invocations) },
			   { "repetition_index", value_count(index) },
			   { "threads", json_integer(cell->workers) }, { "iterations", value_count(own->rounds) },
			   { "real_time", value_number(own->wall_ns) },
			   { "cpu_time", value_number(own->cpu_ns) },
			   { "time_unit", value_text("ns") }, { "wall_ns", value_number(own->wall_ns) });
	row = export_set(row, "items_per_second", items > 0 ? items / own->wall_ns * 1e9 : NAN);
	return export_set(row, "speedup", summary_read(cell->summary, QUANTITY_SPEEDUP).median);
}

static void write_rows(struct writer *out, const struct export_cell *cell, size_t family, const char **separator)
{
	struct export_rounds rounds;
	int err = export_rounds_init(&rounds, cell->json);

	if (err)
		writer_fail(out, err);
	for (size_t i = 0; i < rounds.invocations && !err; i++) {
		if (!(rounds.invocation[i].wall_ns > 0))
			continue;
		writer_text(out, *separator);
		writer_json(out, row_json(cell, &rounds, i, family));
		*separator = ",\n";
	}
	export_rounds_release(&rounds);
}

static void write_run(struct writer *out, const json_t *run)
{
	const char *separator = "\n";
	struct export_cell cell;
	size_t family = 0;

	writer_text(out, "{\"context\":");
	writer_json(out, context_json(run));
	writer_text(out, ",\n\"benchmarks\":[");
	for (size_t at = 0; export_next_measured(&cell, run, &at);)
		write_rows(out, &cell, family++, &separator);
	writer_text(out, "\n]}\n");
}

const struct export export_gbench = {
	.name = "gbench",
	.suffix = "json",
	.summary = "Google Benchmark's JSON: a row an invocation, names of cells with /real_time",
	.measured_only = true,
	.write_run = write_run,
};
