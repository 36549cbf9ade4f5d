#include "report/kit/page.h"
#include "report/kit/svg.h"

#include <errno.h>
#include <string.h>

/* Escapes text that comes from elsewhere, for content and for attributes in double quotes. */
static void write_part(FILE *out, const char *text, size_t size)
{
	for (; size; text++, size--) {
		if (strchr("<>&\"'", *text))
			fprintf(out, "&#%d;", *text);
		else
			putc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
	}
}

static void write_text(FILE *out, const char *text)
{
	write_part(out, text, strlen(text));
}

static int write_name(FILE *out, const struct page *page, const char *folder)
{
	write_text(out, page->name);
	return 0;
}

static int write_subject(FILE *out, const struct page *page, const char *folder)
{
	write_text(out, page->subject);
	return 0;
}

static int write_about(FILE *out, const struct page *page, const char *folder)
{
	write_text(out, page->about);
	return 0;
}

static int write_conclusion(FILE *out, const struct page *page, const char *folder)
{
	const char *end;

	for (const char *line = page->conclusion; line && *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		fputs("<p>", out);
		write_part(out, line, (size_t)(end - line));
		fputs("</p>\n", out);
	}
	return 0;
}

static void write_fact(FILE *out, const char *name, const char *text, enum text_style style)
{
	static const char *const tags[] = { [STYLE_PLAIN] = "span", [STYLE_CODE] = "code", [STYLE_STRONG] = "strong" };

	fputs("<dt>", out);
	write_text(out, name);
	fprintf(out, "</dt><dd><%s>", tags[style]);
	write_text(out, text);
	fprintf(out, "</%s></dd>\n", tags[style]);
}

static int write_facts(FILE *out, const struct page *page, const char *folder)
{
	for (size_t i = 0; i < page->facts; i++)
		write_fact(out, page->fact[i].name, page->fact[i].text, page->fact[i].style);
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
			write_part(out, heading, 1);
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

static void write_grid(FILE *out, const struct grid *grid)
{
	fputs("<div class=\"wide\"><table>\n", out);
	write_grid_heading(out, grid);
	fputs("<tbody>\n", out);
	for (size_t i = 0; i < grid->rows; i++)
		write_grid_row(out, grid, i);
	fputs("</tbody></table></div>", out);
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

static void write_remarks(FILE *out, const struct remarks *remarks)
{
	fputs("<ul>\n", out);
	for (size_t i = 0; i < remarks->count; i++)
		write_remark(out, &remarks->remark[i]);
	fputs("</ul>", out);
}

static void write_section(FILE *out, const struct section *section)
{
	if (!section_shown(section))
		return;
	fprintf(out, "<section id=\"%s\"><h2>%s</h2>\n", section->name, section->title);
	if (section->lead) {
		fputs("<p class=\"lead\">", out);
		write_text(out, section->lead);
		fputs("</p>\n", out);
	}
	if (grid_shown(&section->grid))
		write_grid(out, &section->grid);
	if (section->remarks.count)
		write_remarks(out, &section->remarks);
	fputs("</section>\n", out);
}

static int write_pictures(FILE *out, const struct page *page, const char *folder)
{
	int err = 0;

	for (size_t i = 0; i < page->plots.count && !err; i++) {
		const struct plot *plot = &page->plots.plot[i];

		fputs("<figure>\n", out);
		err = svg_inline(out, folder, plot->name);
		fputs("<figcaption>", out);
		write_text(out, plot->caption);
		fputs(".</figcaption>\n</figure>\n", out);
	}
	return err;
}

static int write_sections(FILE *out, const struct page *page, const char *folder)
{
	int err = 0;

	for (size_t i = 0; i < page->sections && !err; i++) {
		write_section(out, &page->section[i]);
		if (i == 0)
			err = write_pictures(out, page, folder);
	}
	return err;
}

static int write_guide(FILE *out, const struct page *page, const char *folder)
{
	char title[GRID_TEXT];

	for (size_t i = 0; i < page->guides; i++)
		write_fact(out, page->guide[i].name, page->guide[i].text, STYLE_PLAIN);
	for (size_t i = 0; i < page->sections; i++) {
		const struct grid *grid = &page->section[i].grid;

		for (size_t j = 0; j < grid->columns && grid_shown(grid); j++) {
			if (!grid->column[j].help)
				continue;
			column_title(title, &grid->column[j]);
			write_fact(out, title, grid->column[j].help, STYLE_PLAIN);
		}
	}
	return 0;
}

static const struct placeholder {
	const char *name;
	int (*write)(FILE *out, const struct page *page, const char *folder);
} placeholders[] = {
	{ "name", write_name },   { "subject", write_subject },   { "about", write_about },
	{ "facts", write_facts }, { "sections", write_sections }, { "guide", write_guide },
	{ "conclusion", write_conclusion },
};

/* Writes what replaces the placeholder `name`, which stands between {{ and }}. */
static int fill(FILE *out, const struct page *page, const char *folder, const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (strlen(placeholders[i].name) == size && strncmp(placeholders[i].name, name, size) == 0)
			return placeholders[i].write(out, page, folder);
	return -EINVAL;
}

int html_write(FILE *out, const struct page *page, const char *folder, const char *template)
{
	const char *open, *close;
	int err = 0;

	while (!err && (open = strstr(template, "{{")) && (close = strstr(open, "}}"))) {
		fwrite(template, 1, (size_t)(open - template), out);
		err = fill(out, page, folder, open + 2, (size_t)(close - open - 2));
		template = close + 2;
	}
	fputs(template, out);
	return err;
}
