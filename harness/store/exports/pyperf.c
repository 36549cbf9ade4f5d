/* pyperf's JSON, in seconds: a cell is a benchmark, an invocation a run, a round that counts a value, a warm-up round a
 * warmup. pyperf's compare, hist and stats read it. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "store/values.h"

#include <string.h>
#include <time.h>

/* A time in the run as pyperf writes dates, without a time zone. */
static json_t *date_json(const char *started, double after_ns)
{
	struct tm utc = { 0 };
	char text[32];
	time_t moment;

	if (!started || !strptime(started, "%Y-%m-%dT%H:%M:%SZ", &utc) || !(fabs(after_ns) < 1e18))
		return NULL;
	moment = timegm(&utc) + (time_t)(after_ns / 1e9);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", gmtime_r(&moment, &utc));
	return value_text(text);
}

/* pyperf refuses texts that are empty or have line ends. */
static json_t *set_text(json_t *object, const char *key, const char *text)
{
	return text && *text && !strpbrk(text, "\r\n") ? value_set(object, key, value_text(text)) : object;
}

static json_t *suite_metadata(const json_t *run)
{
	const json_t *machine = json_object_get(run, "machine");
	const double processors = json_double(json_object_get(machine, "topology"), "processing_units");
	json_t *metadata = VALUE_OBJECT({ "unit", value_text("second") });

	metadata = set_text(metadata, "hostname", json_text(machine, "host"));
	metadata = set_text(metadata, "cpu_model_name", json_text(machine, "cpu_model"));
	metadata = set_text(metadata, "bench_version", json_text(json_object_get(run, "versions"), "bench"));
	return export_set(metadata, "cpu_count", processors);
}

/* "0,2": the processors that the sample's workers were bound to, as far as the workers are listed. */
static void affinity_text(char *text, size_t size, const json_t *sample)
{
	const json_t *worker, *processor;
	size_t i, k;

	text[0] = '\0';
	json_array_foreach(json_object_get(sample, "workers"), i, worker)
		json_array_foreach(json_object_get(worker, "bound_to"), k, processor)
			snprintf(text + strlen(text), size - strlen(text), "%s%lld", text[0] ? "," : "",
				 (long long)json_integer_value(processor));
}

static json_t *run_metadata(const struct export_cell *cell, const struct export_invocation *own, const char *started)
{
	const json_t *first = own->round[0], *last = own->round[own->rounds - 1];
	const size_t number = json_count(first, "invocation");
	const json_t *invocation = json_array_get(json_object_get(cell->json, "invocations"), number);
	const double rss_bytes = json_double(invocation, "rss_bytes"), start_ns = json_double(first, "started_ns");
	const double end_ns = json_double(last, "started_ns") + json_double(last, "wall_ns");
	json_t *date = date_json(started, start_ns);
	json_t *metadata = VALUE_OBJECT({ "name", value_text(cell->name) }, { "loops", json_integer(1) },
					{ "workers", json_integer(cell->workers) });
	char affinity[256];

	affinity_text(affinity, sizeof(affinity), first);
	if (date)
		metadata = value_set(metadata, "date", date);
	metadata = export_set(metadata, "duration", end_ns > start_ns ? (end_ns - start_ns) / 1e9 : NAN);
	metadata = export_set(metadata, "mem_max_rss", rss_bytes >= 1 ? floor(rss_bytes) : NAN);
	return set_text(metadata, "cpu_affinity", affinity);
}

static json_t *values_json(const struct export_invocation *own)
{
	json_t *values = json_array();

	for (size_t i = 0; i < own->rounds; i++) {
		double wall_ns = json_double(own->round[i], "wall_ns");

		if (wall_ns > 0)
			values = value_append(values, json_real(wall_ns / 1e9));
	}
	return values;
}

/* An array with [loops, value] for each warm-up round. */
static json_t *warmups_json(const struct export_cell *cell, const json_t *invocation)
{
	json_t *warmups = json_array();
	const json_t *sample;
	size_t i;

	json_array_foreach(json_object_get(cell->json, "samples"), i, sample) {
		double wall_ns = json_double(sample, "wall_ns");
		json_t *pair = NULL;

		if (!json_flag(sample, "warmup") || !(wall_ns > 0) ||
		    !json_equal(json_object_get(sample, "invocation"), invocation))
			continue;
		pair = value_append(value_append(json_array(), json_integer(1)), json_real(wall_ns / 1e9));
		warmups = value_append(warmups, pair);
	}
	return warmups;
}

static json_t *runs_json(const struct export_cell *cell, const struct export_rounds *rounds, const char *started)
{
	json_t *runs = json_array();

	for (size_t i = 0; i < rounds->invocations; i++) {
		const struct export_invocation *own = &rounds->invocation[i];
		json_t *warmups = warmups_json(cell, json_object_get(own->round[0], "invocation"));

		if (own->wall_ns > 0)
			runs = value_append(runs, VALUE_OBJECT({ "metadata", run_metadata(cell, own, started) },
							       { "values", values_json(own) }, { "warmups", warmups }));
		else
			json_decref(warmups);
	}
	return runs;
}

static void write_benchmark(struct writer *out, const struct export_cell *cell, const char *started)
{
	struct export_rounds rounds;
	int err = export_rounds_init(&rounds, cell->json);

	if (err)
		writer_fail(out, err);
	else
		writer_json(out, VALUE_OBJECT({ "runs", runs_json(cell, &rounds, started) }));
	export_rounds_release(&rounds);
}

static void write_run(struct writer *out, const json_t *run)
{
	const char *separator = "\n";
	struct export_cell cell;

	writer_text(out, "{\"version\":\"1.0\",\"metadata\":");
	writer_json(out, suite_metadata(run));
	writer_text(out, ",\"benchmarks\":[");
	for (size_t at = 0; export_next_measured(&cell, run, &at); separator = ",\n") {
		writer_text(out, separator);
		write_benchmark(out, &cell, json_text(run, "started"));
	}
	writer_text(out, "\n]}\n");
}

const struct export export_pyperf = {
	.name = "pyperf",
	.suffix = "json",
	.summary = "pyperf's JSON: a run an invocation, a value a round",
	.measured_only = true,
	.write_run = write_run,
};
