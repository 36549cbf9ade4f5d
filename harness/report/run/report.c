#include "report/run/report.h"

#include "report/kit/page.h"
#include "report/run/conclusion/conclusion.h"
#include "report/run/facts.h"
#include "report/run/plots/run.h"
#include "report/run/sections.h"

#include <errno.h>
#include <string.h>

static void add_facts(struct page *page, const struct rows *rows)
{
	const char *started = json_text(rows->run, "started");

	page_fact(page, "Command", STYLE_CODE, fact_text(facts_command, rows));
	page_fact(page, "Machine", STYLE_PLAIN, fact_text(facts_machine, rows));
	page_fact(page, "Started", STYLE_PLAIN, strdup(started ? started : ""));
	page_fact(page, "Work", STYLE_PLAIN, fact_text(facts_items, rows));
	page_fact(page, "Parameters", STYLE_CODE, fact_text(facts_params, rows));
	page_fact(page, "Not complete", STYLE_STRONG, fact_text(facts_interrupted, rows));
}

static int add_sections(struct page *page, const struct rows *rows)
{
	int err = 0;

	for (size_t i = 0; i < GRID_SECTIONS && !err; i++) {
		struct section section = { grid_sections[i].name, .title = grid_sections[i].title };

		err = section_grid(&section.grid, &grid_sections[i], rows);
		page_section(page, section);
	}
	for (size_t i = 0; i < REMARK_SECTIONS && !err; i++) {
		struct section section = { remark_sections[i].name, .title = remark_sections[i].title };

		err = remark_sections[i].make(&section.remarks, rows);
		page_section(page, section);
	}
	return err;
}

static bool is_measured(const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (row_measured(&rows->row[i]))
			return true;
	return false;
}

int report_write_run(const json_t *run, const char *folder, bool plots, const struct why *why)
{
	struct page page = { .name = NULL };
	struct rows rows;
	int err = rows_make(&rows, run);
	struct plot_data data;

	why->text[0] = '\0';
	if (!err) {
		page_init(&page, "report", fact_text(facts_workloads, &rows), "ways of running it in parallel");
		page_conclude(&page, conclusion_text(&rows, "µs"));
		add_facts(&page, &rows);
		err = add_sections(&page, &rows);
	}
	if (err) {
		why_say(why, "cannot make the report: %s", strerror(-err));
	} else {
		data = plot_run(&rows);
		if (plots && !is_measured(&rows))
			why_say(why, "nothing was measured, so there is nothing to draw");
		err = page_publish(&page, plots && is_measured(&rows) ? &data : NULL, folder, why);
	}
	page_release(&page);
	rows_release(&rows);
	return err;
}
