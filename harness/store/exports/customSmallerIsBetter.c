/* github-action-benchmark's own format: a list of {name, unit, value, range, extra}, one for each cell. The value is
 * the median wall time of a round; range and extra are texts that the action's pages and alerts show. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "store/values.h"

#include <inttypes.h>
#include <string.h>

static json_t *extra_json(const struct export_cell *cell)
{
	double speedup = summary_read(cell->summary, QUANTITY_SPEEDUP).median;
	double level = summary_read(cell->summary, QUANTITY_WALL).level;
	char text[256];
	size_t used;

	snprintf(text, sizeof(text), "workers: %lld\ninvocations: %" PRIu64 "\nrounds: %" PRIu64, cell->workers,
		 json_count(cell->summary, "invocations"), json_count(cell->summary, "rounds"));
	used = strlen(text);
	if (isfinite(speedup))
		snprintf(text + used, sizeof(text) - used, "\nspeedup: %.3g", speedup);
	used = strlen(text);
	if (isfinite(level))
		snprintf(text + used, sizeof(text) - used, "\nlevel of the interval: %.3g %%", 100 * level);
	return value_text(text);
}

static json_t *entry_json(const struct export_cell *cell)
{
	struct interval wall = export_certain(cell, QUANTITY_WALL);
	json_t *entry = VALUE_OBJECT({ "name", value_text(cell->name) }, { "unit", value_text("ns") },
				     { "value", value_number(wall.median) }, { "extra", extra_json(cell) });
	char range[64];

	if (!isfinite(wall.low) || !isfinite(wall.high))
		return entry;
	snprintf(range, sizeof(range), "%.12g to %.12g", wall.low, wall.high);
	return value_set(entry, "range", value_text(range));
}

static void write_run(struct writer *out, const json_t *run)
{
	const char *separator = "\n";
	struct export_cell cell;

	writer_text(out, "[");
	for (size_t at = 0; export_next_measured(&cell, run, &at); separator = ",\n") {
		writer_text(out, separator);
		writer_json(out, entry_json(&cell));
	}
	writer_text(out, "\n]\n");
}

const struct export export_customSmallerIsBetter = {
	.name = "customSmallerIsBetter",
	.suffix = "json",
	.summary = "github-action-benchmark's list: median wall time in ns",
	.measured_only = true,
	.write_run = write_run,
};
