/* The Bencher Metric Format: for each cell the format's built-in measures `latency` (ns: the wall time of a round) and
 * `throughput` (operations/s: items a second), as medians with their intervals, where there are enough
 * invocations for 95 %. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "store/values.h"

static json_t *metric_json(struct interval interval)
{
	json_t *metric = VALUE_OBJECT({ "value", value_number(interval.median) });

	return export_set(export_set(metric, "lower_value", interval.low), "upper_value", interval.high);
}

static json_t *measures_of(const struct export_cell *cell)
{
	struct interval rate = export_certain(cell, QUANTITY_RATE);
	json_t *measures = VALUE_OBJECT({ "latency", metric_json(export_certain(cell, QUANTITY_WALL)) });

	return isfinite(rate.median) ? value_set(measures, "throughput", metric_json(rate)) : measures;
}

static void write_run(struct writer *out, const json_t *run)
{
	json_t *all = json_object();
	struct export_cell cell;

	for (size_t at = 0; export_next_measured(&cell, run, &at);)
		all = value_set(all, cell.name, measures_of(&cell));
	writer_json(out, all);
	writer_text(out, "\n");
}

const struct export export_bmf = {
	.name = "bmf",
	.suffix = "json",
	.summary = "Bencher Metric Format: latency in ns and throughput in items/s",
	.measured_only = true,
	.write_run = write_run,
};
