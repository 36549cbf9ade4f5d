#include "report/kit/page_print.h"

#include "base/text.h"
#include "report/kit/grid_print.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_BESIDE 24 /* rows that are printed of all grids but the first */
#define REMARKS 12
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

void title_print(FILE *out, const struct terminal *terminal, const char *title)
{
	fprintf(out, "\n%s%s%s\n", terminal->colour ? BOLD : "", title, terminal->colour ? PLAIN : "");
}

static void print_remark(FILE *out, const struct terminal *terminal, const struct remark *remark)
{
	char text[sizeof(*remark) + 64];
	int used = snprintf(text, sizeof(text), "%s: %s", remark->subject, remark->text);

	if (remark->cells[0])
		used += snprintf(text + used, sizeof(text) - (size_t)used, " [%s", remark->cells);
	if (remark->cells[0] && remark->unnamed)
		used += snprintf(text + used, sizeof(text) - (size_t)used, " and %zu more", remark->unnamed);
	snprintf(text + used, sizeof(text) - (size_t)used, "%s", remark->cells[0] ? "]" : "");
	text_wrapped(out, text, terminal->width, 2);
}

void remarks_print(FILE *out, const struct terminal *terminal, const struct remarks *remarks, const char *rest)
{
	for (size_t i = 0; i < remarks->count && i < REMARKS; i++)
		print_remark(out, terminal, &remarks->remark[i]);
	if (remarks->count > REMARKS)
		fprintf(out, "and %zu more: %s\n", remarks->count - REMARKS, rest);
}

void conclusion_print(FILE *out, const struct terminal *terminal, const char *text)
{
	putc('\n', out);
	for (const char *end; *text; text = *end ? end + 1 : end) {
		char *line = strndup(text, strcspn(text, "\n"));

		end = strchrnul(text, '\n');
		text_wrapped(out, line ? line : "out of memory", terminal->width, 0);
		free(line);
	}
}

static void print_section(FILE *out, const struct terminal *terminal, const struct section *section, size_t limit,
			  const char *rest)
{
	struct grid grid = section->grid;

	if (!section_shown(section))
		return;
	title_print(out, terminal, section->title);
	if (section->lead)
		text_wrapped(out, section->lead, terminal->width, 0);
	grid.rows = grid.rows < limit ? grid.rows : limit;
	if (grid_shown(&grid))
		grid_print(out, &grid, terminal);
	if (grid.rows < section->grid.rows)
		fprintf(out, "(the first %zu of %zu; %s)\n", grid.rows, section->grid.rows, rest);
	remarks_print(out, terminal, &section->remarks, rest);
}

static void print_fact(FILE *out, const struct terminal *terminal, const struct fact *fact)
{
	char *text = text_format("%s: %s", fact->name, fact->text);

	text_wrapped(out, text ? text : "out of memory", terminal->width, 2);
	free(text);
}

void page_print(FILE *out, const struct page *page, const char *rest)
{
	struct terminal terminal = terminal_of(out);

	for (size_t i = 0; i < page->facts; i++)
		print_fact(out, &terminal, &page->fact[i]);
	for (size_t i = 0; i < page->sections; i++)
		print_section(out, &terminal, &page->section[i], i == 0 ? SIZE_MAX : ROWS_BESIDE, rest);
	if (page->conclusion)
		conclusion_print(out, &terminal, page->conclusion);
}
