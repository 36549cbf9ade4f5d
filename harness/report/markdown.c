#include "report/conclusion.h"
#include "report/document.h"
#include "report/facts.h"
#include "report/sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text that comes from elsewhere: nothing in it is Markdown or HTML, and it stays on its line. */
static void write_text(FILE *out, const char *text)
{
	for (; *text; text++) {
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

static void write_fact(FILE *out, const struct document *document, const char *label, fact_writer *write)
{
	char *text = fact_text(write, document->rows);

	if (text && text[0]) {
		fprintf(out, "- %s: ", label);
		write_text(out, text);
		putc('\n', out);
	}
	free(text);
}

static void write_facts(FILE *out, const struct document *document)
{
	const char *started = json_text(document->rows->run, "started");

	putc('\n', out);
	write_fact(out, document, "Command", facts_command);
	write_fact(out, document, "Machine", facts_machine);
	if (started) {
		fputs("- Started: ", out);
		write_text(out, started);
		putc('\n', out);
	}
	write_fact(out, document, "Work", facts_items);
	write_fact(out, document, "Parameters", facts_params);
	write_fact(out, document, "Not complete", facts_interrupted);
}

static int write_conclusion(FILE *out, const struct document *document)
{
	char *text = conclusion_text(document->rows, "µs"), *rest;

	if (!text)
		return -ENOMEM;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		fputs("\n**", out);
		write_text(out, line);
		fputs("**\n", out);
	}
	free(text);
	return 0;
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

static int write_grid(FILE *out, const struct document *document, const struct grid_section *section)
{
	struct grid grid;
	int err = section_grid(&grid, section, document->rows);

	if (!err && section_shown(&grid)) {
		fprintf(out, "\n## %s\n\n", section->title);
		write_grid_heading(out, &grid);
		for (size_t i = 0; i < grid.rows; i++)
			write_grid_row(out, &grid, i);
	}
	grid_release(&grid);
	return err;
}

static void write_pictures(FILE *out, const struct document *document)
{
	for (size_t i = 0; i < document->plots->count; i++) {
		const struct plot *plot = &document->plots->plot[i];

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

static int write_remarks(FILE *out, const struct document *document, const struct remark_section *section)
{
	struct remarks remarks;
	int err = section->make(&remarks, document->rows);

	if (!err && remarks.count)
		fprintf(out, "\n## %s\n\n", section->title);
	for (size_t i = 0; i < remarks.count && !err; i++)
		write_remark(out, &remarks.remark[i]);
	remarks_release(&remarks);
	return err;
}

static int write_guide(FILE *out, const struct document *document, const struct grid_section *section)
{
	struct grid grid;
	char title[GRID_TEXT];
	int err = section_grid(&grid, section, document->rows);

	for (size_t i = 0; i < grid.columns && !err && section_shown(&grid); i++) {
		if (!grid.column[i].help)
			continue;
		column_title(title, &grid.column[i]);
		fputs("- **", out);
		write_text(out, title);
		fprintf(out, "**: %s\n", grid.column[i].help);
	}
	grid_release(&grid);
	return err;
}

int markdown_write(FILE *out, const struct document *document)
{
	char *workloads = fact_text(facts_workloads, document->rows);
	int err;

	fputs("# ", out);
	write_text(out, workloads ? workloads : "");
	fputs(": ways of running it in parallel\n", out);
	free(workloads);
	err = write_conclusion(out, document);
	write_facts(out, document);
	for (size_t i = 0; i < GRID_SECTIONS && !err; i++) {
		err = write_grid(out, document, &grid_sections[i]);
		if (i == 0)
			write_pictures(out, document);
	}
	for (size_t i = 0; i < REMARK_SECTIONS && !err; i++)
		err = write_remarks(out, document, &remark_sections[i]);
	fputs("\n## How to read it\n\n", out);
	for (size_t i = 0; i < GRID_SECTIONS && !err; i++)
		err = write_guide(out, document, &grid_sections[i]);
	return err;
}
