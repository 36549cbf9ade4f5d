#include "report/conclusion.h"
#include "report/document.h"
#include "report/facts.h"
#include "report/sections.h"
#include "report/svg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text that comes from elsewhere, fit for content and for attributes in double quotes. */
static void write_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			fprintf(out, "&#%d;", *text);
		else
			putc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
	}
}

static int write_title(FILE *out, const struct document *document)
{
	char *workloads = fact_text(facts_workloads, document->rows);

	write_text(out, workloads ? workloads : "");
	free(workloads);
	return 0;
}

static int write_conclusion(FILE *out, const struct document *document)
{
	char *text = conclusion_text(document->rows, "µs"), *rest;

	if (!text)
		return -ENOMEM;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		fputs("<p>", out);
		write_text(out, line);
		fputs("</p>\n", out);
	}
	free(text);
	return 0;
}

static void write_fact(FILE *out, const char *label, const char *text, const char *tag)
{
	if (!text || !text[0])
		return;
	fprintf(out, "<dt>%s</dt><dd><%s>", label, tag);
	write_text(out, text);
	fprintf(out, "</%s></dd>\n", tag);
}

static int write_facts(FILE *out, const struct document *document)
{
	static const struct {
		const char *label, *tag;
		fact_writer *write;
	} facts[] = {
		{ "Command", "code", facts_command },
		{ "Machine", "span", facts_machine },
		{ "Work", "span", facts_items },
		{ "Parameters", "code", facts_params },
		{ "Not complete", "strong", facts_interrupted },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		char *text = fact_text(facts[i].write, document->rows);

		write_fact(out, facts[i].label, text, facts[i].tag);
		free(text);
	}
	write_fact(out, "Started", json_text(document->rows->run, "started"), "span");
	return 0;
}

static void write_lines(FILE *out, const char *heading)
{
	for (; *heading; heading++) {
		if (heading[0] == '-' && heading[1] == '\n') {
			fputs("&shy;", out);
			heading++;
		} else if (*heading == '\n') {
			fputs("<br>", out);
		} else {
			write_text(out, (char[2]){ *heading, '\0' });
		}
	}
}

static void write_grid_heading(FILE *out, const struct grid *grid)
{
	fputs("<thead><tr>", out);
	for (size_t i = 0; i < grid->columns; i++) {
		const struct column *column = &grid->column[i];

		fprintf(out, "<th scope=\"col\" class=\"%s%s\"", column->left ? "left" : "right",
			column->joined ? " joined" : "");
		if (column->help) {
			fputs(" title=\"", out);
			write_text(out, column->help);
			putc('"', out);
		}
		putc('>', out);
		write_lines(out, column->heading);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void write_grid_row(FILE *out, const struct grid *grid, size_t row)
{
	const char *note = grid->note[row];

	fputs("<tr>", out);
	for (size_t i = 0; i < (note[0] ? grid->keys : grid->columns); i++) {
		fprintf(out, "<td class=\"%s%s\">", grid->column[i].left ? "left" : "right",
			grid->column[i].joined ? " joined" : "");
		write_text(out, grid->text[row][i]);
		fputs("</td>", out);
	}
	if (note[0]) {
		fprintf(out, "<td class=\"note\" colspan=\"%zu\">", grid->columns - grid->keys);
		write_text(out, note);
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

static int write_grid(FILE *out, const struct document *document, const struct grid_section *section)
{
	struct grid grid;
	int err = section_grid(&grid, section, document->rows);

	if (!err && section_shown(&grid)) {
		fprintf(out, "<section id=\"%s\"><h2>%s</h2>\n<div class=\"wide\"><table>\n", section->name,
			section->title);
		write_grid_heading(out, &grid);
		fputs("<tbody>\n", out);
		for (size_t i = 0; i < grid.rows; i++)
			write_grid_row(out, &grid, i);
		fputs("</tbody></table></div></section>\n", out);
	}
	grid_release(&grid);
	return err;
}

static int write_times(FILE *out, const struct document *document)
{
	return write_grid(out, document, &grid_sections[0]);
}

static int write_details(FILE *out, const struct document *document)
{
	int err = 0;

	for (size_t i = 1; i < GRID_SECTIONS && !err; i++)
		err = write_grid(out, document, &grid_sections[i]);
	return err;
}

static int write_pictures(FILE *out, const struct document *document)
{
	int err = 0;

	for (size_t i = 0; i < document->plots->count && !err; i++) {
		const struct plot *plot = &document->plots->plot[i];

		fputs("<figure>\n", out);
		err = svg_inline(out, document->folder, plot->name);
		fputs("<figcaption>", out);
		write_text(out, plot->caption);
		fputs(".</figcaption>\n</figure>\n", out);
	}
	return err;
}

static void write_remark(FILE *out, const struct remark *remark)
{
	fputs("<li><strong>", out);
	write_text(out, remark->subject);
	fputs("</strong>: ", out);
	write_text(out, remark->text);
	if (remark->cells[0]) {
		fputs(" <span class=\"cells\">", out);
		write_text(out, remark->cells);
		if (remark->unnamed)
			fprintf(out, " and %zu more", remark->unnamed);
		fputs("</span>", out);
	}
	fputs("</li>\n", out);
}

static int write_remarks(FILE *out, const struct document *document)
{
	struct remarks remarks;
	int err = 0;

	for (size_t i = 0; i < REMARK_SECTIONS && !err; i++) {
		const struct remark_section *section = &remark_sections[i];

		err = section->make(&remarks, document->rows);
		if (!err && remarks.count) {
			fprintf(out, "<section id=\"%s\"><h2>%s</h2>\n<ul>\n", section->name, section->title);
			for (size_t j = 0; j < remarks.count; j++)
				write_remark(out, &remarks.remark[j]);
			fputs("</ul></section>\n", out);
		}
		remarks_release(&remarks);
	}
	return err;
}

static int write_guide(FILE *out, const struct document *document)
{
	struct grid grid;
	char title[GRID_TEXT];
	int err = 0;

	for (size_t i = 0; i < GRID_SECTIONS && !err; i++) {
		err = section_grid(&grid, &grid_sections[i], document->rows);
		for (size_t j = 0; j < grid.columns && !err && section_shown(&grid); j++) {
			column_title(title, &grid.column[j]);
			write_fact(out, title, grid.column[j].help, "span");
		}
		grid_release(&grid);
	}
	return err;
}

static const struct placeholder {
	const char *name;
	int (*write)(FILE *out, const struct document *document);
} placeholders[] = {
	{ "title", write_title },     { "conclusion", write_conclusion }, { "facts", write_facts },
	{ "times", write_times },     { "pictures", write_pictures },     { "details", write_details },
	{ "remarks", write_remarks }, { "guide", write_guide },
};

/* Fills in what stands between {{ and }}. */
static int fill(FILE *out, const struct document *document, const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (strlen(placeholders[i].name) == size && strncmp(placeholders[i].name, name, size) == 0)
			return placeholders[i].write(out, document);
	return -EINVAL;
}

int html_write(FILE *out, const struct document *document, const char *template)
{
	const char *open, *close;
	int err = 0;

	while (!err && (open = strstr(template, "{{")) && (close = strstr(open, "}}"))) {
		fwrite(template, 1, (size_t)(open - template), out);
		err = fill(out, document, open + 2, (size_t)(close - open - 2));
		template = close + 2;
	}
	fputs(template, out);
	return err;
}
