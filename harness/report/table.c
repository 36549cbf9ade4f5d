#include "report/table.h"
#include "report/conclusion.h"
#include "report/facts.h"
#include "report/grid_print.h"
#include "report/sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_BESIDE 24 /* of the small tables; the report has them in full */
#define REMARKS 12
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* One run on one terminal. */
struct page {
	FILE *out;
	struct terminal terminal;
	const struct rows *rows;
};

static void print_title(const struct page *page, const char *title)
{
	fprintf(page->out, "\n%s%s%s\n", page->terminal.colour ? BOLD : "", title, page->terminal.colour ? PLAIN : "");
}

static void print_fact(const struct page *page, fact_writer *write)
{
	char *text = fact_text(write, page->rows);

	if (text && text[0]) {
		text_plain(page->out, text);
		putc('\n', page->out);
	}
	free(text);
}

/* With as many parts of the account as there is room for. */
static int make_grid(struct grid *grid, const struct page *page, const struct grid_section *section,
		     const struct picks *picks)
{
	struct grid_style style = { page->terminal.micro, PARTS_MAX };
	int err = section->make(grid, page->rows, picks, &style);

	while (!err && grid->folds && style.parts > 1 && grid_width_least(grid) > page->terminal.width) {
		grid_release(grid);
		style.parts--;
		err = section->make(grid, page->rows, picks, &style);
	}
	return err;
}

static int print_section(const struct page *page, const struct grid_section *section, size_t limit)
{
	struct grid grid = { 0 };
	struct picks picks;
	int err = rows_pick(&picks, page->rows, section->pass, limit);

	if (!err)
		err = make_grid(&grid, page, section, &picks);
	if (!err && section_shown(&grid)) {
		print_title(page, section->title);
		grid_print(page->out, &grid, &page->terminal);
		if (picks.count < picks.of)
			fprintf(page->out, "(the %zu of the greatest speedup, of %zu; the report has all)\n",
				picks.count, picks.of);
	}
	grid_release(&grid);
	picks_release(&picks);
	return err;
}

static void print_remark(const struct page *page, const struct remark *remark)
{
	char text[sizeof(*remark) + 64];
	int used = snprintf(text, sizeof(text), "%s: %s", remark->subject, remark->text);

	if (remark->cells[0])
		used += snprintf(text + used, sizeof(text) - (size_t)used, " [%s", remark->cells);
	if (remark->cells[0] && remark->unnamed)
		used += snprintf(text + used, sizeof(text) - (size_t)used, " and %zu more", remark->unnamed);
	snprintf(text + used, sizeof(text) - (size_t)used, "%s", remark->cells[0] ? "]" : "");
	text_wrapped(page->out, text, page->terminal.width, 2);
}

static int print_remarks(const struct page *page, const struct remark_section *section)
{
	struct remarks remarks;
	int err = section->make(&remarks, page->rows);

	if (!err && remarks.count)
		print_title(page, section->title);
	for (size_t i = 0; i < remarks.count && i < REMARKS && !err; i++)
		print_remark(page, &remarks.remark[i]);
	if (!err && remarks.count > REMARKS)
		fprintf(page->out, "and %zu more: the report has all\n", remarks.count - REMARKS);
	remarks_release(&remarks);
	return err;
}

static int print_conclusion(const struct page *page)
{
	char *text = conclusion_text(page->rows, page->terminal.micro), *rest;

	if (!text)
		return -ENOMEM;
	putc('\n', page->out);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		text_wrapped(page->out, line, page->terminal.width, 0);
	free(text);
	return 0;
}

static int print_page(const struct page *page)
{
	int err = 0;

	print_fact(page, facts_items);
	print_fact(page, facts_machine);
	print_fact(page, facts_interrupted);
	for (size_t i = 0; i < GRID_SECTIONS && !err; i++)
		err = print_section(page, &grid_sections[i], i == 0 ? SIZE_MAX : ROWS_BESIDE);
	for (size_t i = 0; i < REMARK_SECTIONS && !err; i++)
		err = print_remarks(page, &remark_sections[i]);
	return err ? err : print_conclusion(page);
}

int table_print(const json_t *run, FILE *out)
{
	struct rows rows;
	struct page page = { out, terminal_of(out), &rows };
	int err = rows_make(&rows, run);

	if (!err)
		err = print_page(&page);
	rows_release(&rows);
	return err;
}
