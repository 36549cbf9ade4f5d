/* hyperfine's JSON, in seconds: a result for each cell, a time for each invocation, which is the median of its rounds.
 *
 * A run file does not separate the CPU time in the kernel, so `user` is all CPU time and `system` is 0. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "store/values.h"

#include <errno.h>
#include <stdlib.h>

static json_t *parameters_json(const struct export_cell *cell)
{
	json_t *parameters = json_object(), *value;
	const char *key;
	char workers[24];

	snprintf(workers, sizeof(workers), "%lld", cell->workers);
	parameters = value_set(parameters, "workers", value_text(workers));
	json_object_foreach(json_object_get(cell->json, "params"), key, value)
		if (json_is_string(value))
			parameters = value_set(parameters, key, json_incref(value));
	return parameters;
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

/* The standard deviation of a sample; NaN for one value, as hyperfine does. */
static double deviation_of(const double *values, size_t count)
{
	double mean = mean_of(values, count), squares = 0;

	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return count > 1 ? sqrt(squares / (double)(count - 1)) : NAN;
}

/* `times`: at least one, in time order; the function sorts them. */
static json_t *result_json(const struct export_cell *cell, double *times, size_t count, double cpu_s)
{
	json_t *list = json_array(), *codes = json_array();

	for (size_t i = 0; i < count; i++) {
		list = value_append(list, value_number(times[i]));
		codes = value_append(codes, json_integer(0));
	}
	values_sort(times, count);
	return VALUE_OBJECT({ "command", value_text(cell->name) }, { "mean", value_number(mean_of(times, count)) },
			    { "stddev", value_number(deviation_of(times, count)) },
			    { "median", value_number(values_median(times, count)) }, { "user", value_number(cpu_s) },
			    { "system", value_number(0) }, { "min", value_number(times[0]) },
			    { "max", value_number(times[count - 1]) }, { "times", list }, { "exit_codes", codes },
			    { "parameters", parameters_json(cell) });
}

static void write_result(struct writer *out, const struct export_cell *cell, const char **separator)
{
	struct export_rounds rounds;
	int err = export_rounds_init(&rounds, cell->json);
	double *times = calloc(rounds.invocations + 1, sizeof(*times)), cpu_ns = 0;
	size_t count = 0;

	for (size_t i = 0; i < rounds.invocations && times; i++) {
		const struct export_invocation *own = &rounds.invocation[i];

		if (!(own->wall_ns > 0))
			continue;
		times[count++] = own->wall_ns / 1e9;
		cpu_ns += own->cpu_ns;
	}
	if (err || !times)
		writer_fail(out, -ENOMEM);
	if (count) {
		writer_text(out, *separator);
		writer_json(out, result_json(cell, times, count, cpu_ns / 1e9 / (double)count));
		*separator = ",\n";
	}
	free(times);
	export_rounds_release(&rounds);
}

static void write_run(struct writer *out, const json_t *run)
{
	const char *separator = "\n";
	struct export_cell cell;

	writer_text(out, "{\"results\":[");
	for (size_t at = 0; export_next_measured(&cell, run, &at);)
		write_result(out, &cell, &separator);
	writer_text(out, "\n]}\n");
}

const struct export export_hyperfine = {
	.name = "hyperfine",
	.suffix = "json",
	.summary = "hyperfine's JSON: a time an invocation, in seconds",
	.measured_only = true,
	.write_run = write_run,
};
