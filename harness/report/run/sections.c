#include "report/run/sections.h"

#include "report/run/comparisons.h"

const struct grid_section grid_sections[GRID_SECTIONS] = {
	{ "times", "What each cell took", row_tried, grid_times },
	{ "crew", "What it costs to make and to end the crew", row_has_crew, grid_crew },
	{ "account", "Where workers x wall time went", row_measured, grid_account },
	{ "latencies", "From submit to result", row_has_latencies, grid_latencies },
	{ "measures", "What else a round told", row_has_measures, grid_measures },
	{ "counters", "Counters of a round, all workers together", row_measured, grid_counters },
};

const struct remark_section remark_sections[REMARK_SECTIONS] = {
	{ "failures", "Failed", remarks_failures },
	{ "missing", "Not measured", remarks_missing },
	{ "chunks", "The best chunk", remarks_chunks },
	{ "references", "Beside CPython", remarks_references },
	{ "pieces", "Payloads in pieces", remarks_pieces },
	{ "doubts", "Reasons for doubt", remarks_doubts },
	{ "probe", "What measuring costs", remarks_probe },
	{ "uncounted", "Counters that do not count", remarks_counters },
};

int section_grid(struct grid *grid, const struct grid_section *section, const struct rows *rows)
{
	const struct grid_style style = { "µs", PARTS_MAX };
	struct picks picks;
	int err = rows_pick(&picks, rows, section->pass, SIZE_MAX);

	*grid = (struct grid){ 0 };
	if (!err)
		err = section->make(grid, rows, &picks, &style);
	picks_release(&picks);
	return err;
}
