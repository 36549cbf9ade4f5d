#include "report/kit/page.h"

#include <string.h>

/* Escapes text that comes from elsewhere: nothing in it is Markdown or HTML, and it stays on its line. */
static void write_part(FILE *out, const char *text, size_t size)
{
	for (; size; text++, size--) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			putc(' ', out);
		else if (*text == '<' || *text == '>' || *text == '&')
			fprintf(out, "&#%d;", *text);
		else if (strchr("\\`*_[]|~$", *text))
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	}
}

static void write_text(FILE *out, const char *text)
{
	write_part(out, text, strlen(text));
}

static void write_conclusion(FILE *out, const char *text)
{
	const char *end;

	for (; text && *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		fputs("\n**", out);
		write_part(out, text, (size_t)(end - text));
		fputs("**\n", out);
	}
}

static void write_facts(FILE *out, const struct page *page)
{
	putc('\n', out);
	for (size_t i = 0; i < page->facts; i++) {
		fprintf(out, "- %s: ", page->fact[i].name);
		write_text(out, page->fact[i].text);
		putc('\n', out);
	}
}

static void write_grid_heading(FILE *out, const struct grid *grid)
{
	char title[GRID_TEXT];

	for (size_t i = 0; i < grid->columns; i++) {
		column_title(title, &grid->column[i]);
		fputs("| ", out);
		write_text(out, title);
		putc(' ', out);
	}
	fputs("|\n", out);
	for (size_t i = 0; i < grid->columns; i++)
		fputs(grid->column[i].left ? "|:---" : "|---:", out);
	fputs("|\n", out);
}

static void write_grid_row(FILE *out, const struct grid *grid, size_t row)
{
	for (size_t i = 0; i < grid->columns; i++) {
		bool note = grid->note[row][0] && i >= grid->keys;

		fputs("| ", out);
		write_text(out, !note ? grid->text[row][i] : i == grid->keys ? grid->note[row] : "");
		putc(' ', out);
	}
	fputs("|\n", out);
}

static void write_grid(FILE *out, const struct grid *grid)
{
	write_grid_heading(out, grid);
	for (size_t i = 0; i < grid->rows; i++)
		write_grid_row(out, grid, i);
}

static void write_pictures(FILE *out, const struct plots *plots)
{
	for (size_t i = 0; i < plots->count; i++) {
		const struct plot *plot = &plots->plot[i];

		fputs("\n[![", out);
		write_text(out, plot->caption);
		fprintf(out, "](%s.png)](%s.svg)\n\n", plot->name, plot->name);
		write_text(out, plot->caption);
		fputs(".\n", out);
	}
}

static void write_remark(FILE *out, const struct remark *remark)
{
	fputs("- **", out);
	write_text(out, remark->subject);
	fputs("**: ", out);
	write_text(out, remark->text);
	if (remark->cells[0]) {
		fputs(" (", out);
		write_text(out, remark->cells);
		if (remark->unnamed)
			fprintf(out, " and %zu more", remark->unnamed);
		putc(')', out);
	}
	putc('\n', out);
}

static void write_section(FILE *out, const struct section *section)
{
	if (!section_shown(section))
		return;
	fprintf(out, "\n## %s\n\n", section->title);
	if (section->lead) {
		write_text(out, section->lead);
		fputs("\n\n", out);
	}
	if (grid_shown(&section->grid))
		write_grid(out, &section->grid);
	if (grid_shown(&section->grid) && section->remarks.count)
		putc('\n', out);
	for (size_t i = 0; i < section->remarks.count; i++)
		write_remark(out, &section->remarks.remark[i]);
}

static void write_term(FILE *out, const char *term, const char *text)
{
	fputs("- **", out);
	write_text(out, term);
	fprintf(out, "**: %s\n", text);
}

static void write_guide(FILE *out, const struct page *page)
{
	char title[GRID_TEXT];

	for (size_t i = 0; i < page->guides; i++)
		write_term(out, page->guide[i].name, page->guide[i].text);
	for (size_t i = 0; i < page->sections; i++) {
		const struct grid *grid = &page->section[i].grid;

		for (size_t j = 0; j < grid->columns && grid_shown(grid); j++) {
			if (!grid->column[j].help)
				continue;
			column_title(title, &grid->column[j]);
			write_term(out, title, grid->column[j].help);
		}
	}
}

static void write_sections(FILE *out, const struct page *page, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < page->sections; i++) {
		write_section(out, &page->section[i]);
		if (i == 0 && !page->shown_openly)
			write_pictures(out, &page->plots);
	}
}

static void write_document(FILE *out, const struct page *page)
{
	write_facts(out, page);
	write_sections(out, page, 0, page->sections);
	fputs("\n## How to read it\n\n", out);
	write_guide(out, page);
}

static void write_comment(FILE *out, const struct page *page)
{
	write_sections(out, page, 0, page->shown_openly);
	fputs("\n<details><summary>Details</summary>\n", out);
	write_facts(out, page);
	write_sections(out, page, page->shown_openly, page->sections);
	fputs("\n</details>\n\n<details><summary>How to read it</summary>\n\n", out);
	write_guide(out, page);
	fputs("\n</details>\n", out);
}

void markdown_write(FILE *out, const struct page *page)
{
	fputs("# ", out);
	write_text(out, page->subject);
	fprintf(out, ": %s\n", page->about);
	write_conclusion(out, page->conclusion);
	if (page->shown_openly)
		write_comment(out, page);
	else
		write_document(out, page);
}
