#include "report/run/table.h"

#include "base/text.h"
#include "report/kit/grid_print.h"
#include "report/kit/page_print.h"
#include "report/run/conclusion/conclusion.h"
#include "report/run/facts.h"
#include "report/run/sections.h"

#include <errno.h>
#include <stdlib.h>

#define ROWS_BESIDE 24 /* rows of the small tables; the report shows all rows */

/* What is printed, and where. */
struct screen {
	FILE *out;
	struct terminal terminal;
	const struct rows *rows;
};

static void print_fact(const struct screen *screen, fact_writer *write)
{
	char *text = fact_text(write, screen->rows);

	if (text && text[0]) {
		text_plain(screen->out, text);
		putc('\n', screen->out);
	}
	free(text);
}

/* Makes a grid with as many parts of the account as there is room for. */
static int make_grid(struct grid *grid, const struct screen *screen, const struct grid_section *section,
		     const struct picks *picks)
{
	struct grid_style style = { screen->terminal.micro, PARTS_MAX };
	int err = section->make(grid, screen->rows, picks, &style);

	while (!err && grid->folds && style.parts > 1 && grid_width_least(grid) > screen->terminal.width) {
		grid_release(grid);
		style.parts--;
		err = section->make(grid, screen->rows, picks, &style);
	}
	return err;
}

static int print_section(const struct screen *screen, const struct grid_section *section, size_t limit)
{
	struct grid grid = { 0 };
	struct picks picks;
	int err = rows_pick(&picks, screen->rows, section->pass, limit);

	if (!err)
		err = make_grid(&grid, screen, section, &picks);
	if (!err && grid_shown(&grid)) {
		title_print(screen->out, &screen->terminal, section->title);
		grid_print(screen->out, &grid, &screen->terminal);
		if (picks.count < picks.of)
			fprintf(screen->out, "(the %zu of the greatest speedup, of %zu; the report has all)\n",
				picks.count, picks.of);
	}
	grid_release(&grid);
	picks_release(&picks);
	return err;
}

static int print_remarks(const struct screen *screen, const struct remark_section *section)
{
	struct remarks remarks;
	int err = section->make(&remarks, screen->rows);

	if (!err && remarks.count) {
		title_print(screen->out, &screen->terminal, section->title);
		remarks_print(screen->out, &screen->terminal, &remarks, REST_IN_REPORT);
	}
	remarks_release(&remarks);
	return err;
}

static int print_conclusion(const struct screen *screen, char *(*make)(const struct rows *rows, const char *micro))
{
	char *text = make(screen->rows, screen->terminal.micro);

	if (!text)
		return -ENOMEM;
	conclusion_print(screen->out, &screen->terminal, text);
	free(text);
	return 0;
}

/* The decision stands first, and with all that belongs to it last, where a terminal shows it. */
static int print_all(const struct screen *screen)
{
	int err;

	print_fact(screen, facts_items);
	print_fact(screen, facts_machine);
	err = print_conclusion(screen, conclusion_decision);
	for (size_t i = 0; i < GRID_SECTIONS && !err; i++)
		err = print_section(screen, &grid_sections[i], i == 0 ? SIZE_MAX : ROWS_BESIDE);
	for (size_t i = 0; i < REMARK_SECTIONS && !err; i++)
		err = print_remarks(screen, &remark_sections[i]);
	return err ? err : print_conclusion(screen, conclusion_text);
}

int table_print(const json_t *run, FILE *out)
{
	struct rows rows;
	struct screen screen = { out, terminal_of(out), &rows };
	int err = rows_make(&rows, run);

	if (!err)
		err = print_all(&screen);
	rows_release(&rows);
	return err;
}
