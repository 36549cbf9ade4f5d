#include "report/kit/grid_print.h"

#include "base/text.h"

#include <string.h>

#define GAP 2
#define GAP_JOINED 1
#define NOTE_LEAST 12
#define LEFT_LEAST 16 /* columns of a text that is shortened */
#define BOLD "\033[1m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

struct printed_columns {
	size_t width[GRID_COLUMNS]; /* 0: the column is left out */
	size_t lines;               /* of the heading */
};

/* Copies line `index` of the heading; "" if it has fewer lines. */
static void heading_line(char *line, const char *heading, size_t index)
{
	const char *end;

	for (; index && heading; index--) {
		heading = strchr(heading, '\n');
		heading = heading ? heading + 1 : NULL;
	}
	end = heading ? strchrnul(heading, '\n') : NULL;
	snprintf(line, GRID_TEXT, "%.*s", end ? (int)(end - heading) : 0, heading ? heading : "");
}

static size_t heading_lines(const char *heading)
{
	size_t lines = 1;

	for (; *heading; heading++)
		lines += *heading == '\n';
	return lines;
}

static size_t column_width(const struct grid *grid, size_t column)
{
	const char *heading = grid->column[column].heading;
	size_t width = 1;
	char line[GRID_TEXT];

	for (size_t i = 0; i < heading_lines(heading); i++) {
		heading_line(line, heading, i);
		width = text_width(line) > width ? text_width(line) : width;
	}
	for (size_t i = 0; i < grid->rows; i++)
		if (text_width(grid->text[i][column]) > width)
			width = text_width(grid->text[i][column]);
	return width;
}

static size_t gap_before(const struct grid *grid, size_t column)
{
	return grid->column[column].joined ? GAP_JOINED : GAP;
}

static size_t total_width(const struct grid *grid, const struct printed_columns *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < grid->columns; i++)
		if (layout->width[i])
			total += layout->width[i] + (total ? gap_before(grid, i) : 0);
	return total;
}

static struct printed_columns layout_full(const struct grid *grid)
{
	struct printed_columns layout = { .lines = 1 };

	for (size_t i = 0; i < grid->columns; i++) {
		size_t lines = heading_lines(grid->column[i].heading);

		layout.width[i] = column_width(grid, i);
		layout.lines = lines > layout.lines ? lines : layout.lines;
	}
	return layout;
}

/* Leaves out the least important column that is left, of equal ones the last. Returns false if all must stay. */
static bool leave_out(const struct grid *grid, struct printed_columns *layout)
{
	size_t least = grid->columns;

	for (size_t i = 0; i < grid->columns; i++)
		if (layout->width[i] && grid->column[i].keep < KEEP_ALWAYS &&
		    (least == grid->columns || grid->column[i].keep <= grid->column[least].keep))
			least = i;
	if (least == grid->columns)
		return false;
	layout->width[least] = 0;
	return true;
}

/* Narrows the widest texts, whose middle is left out then, until the grid fits or no text is long. */
static void narrow(const struct grid *grid, struct printed_columns *layout, size_t width)
{
	for (size_t total; (total = total_width(grid, layout)) > width;) {
		size_t widest = 0, room;

		for (size_t i = 0; i < grid->columns; i++)
			if (grid->column[i].left && layout->width[i] > layout->width[widest])
				widest = i;
		room = layout->width[widest] > LEFT_LEAST ? layout->width[widest] - LEFT_LEAST : 0;
		if (!room || !grid->column[widest].left)
			return;
		layout->width[widest] -= room < total - width ? room : total - width;
	}
}

size_t grid_width_least(const struct grid *grid)
{
	struct printed_columns layout = layout_full(grid);

	while (leave_out(grid, &layout))
		;
	return total_width(grid, &layout);
}

/* The line that is being printed. `owed` spaces are printed before the next text, so that no line ends in spaces. */
struct output_line {
	FILE *out;
	size_t owed;
	bool begun;
};

static void print_cell(struct output_line *output, const struct grid *grid, const struct printed_columns *layout,
		       size_t column, const char *text)
{
	size_t width = layout->width[column], pad;
	char shortened[GRID_TEXT];

	if (!width)
		return;
	if (text_width(text) > width) {
		text_squeeze(shortened, width + 1, text);
		text = shortened;
	}
	pad = width - text_width(text);
	output->owed += output->begun ? gap_before(grid, column) : 0;
	output->owed += grid->column[column].left ? 0 : pad;
	output->begun = true;
	if (text[0]) {
		fprintf(output->out, "%*s", (int)output->owed, "");
		text_plain(output->out, text);
		output->owed = 0;
	}
	output->owed += grid->column[column].left ? pad : 0;
}

static void print_heading(FILE *out, const struct grid *grid, const struct printed_columns *layout, bool colour)
{
	char text[GRID_TEXT];

	for (size_t line = 0; line < layout->lines; line++) {
		struct output_line output = { .out = out };

		fputs(colour ? BOLD : "", out);
		for (size_t i = 0; i < grid->columns; i++) {
			size_t above = layout->lines - heading_lines(grid->column[i].heading);

			text[0] = '\0';
			if (line >= above)
				heading_line(text, grid->column[i].heading, line - above);
			print_cell(&output, grid, layout, i, text);
		}
		fprintf(out, "%s\n", colour ? PLAIN : "");
	}
}

static void print_note(struct output_line *output, const struct grid *grid, const struct printed_columns *layout,
		       const char *note, const struct terminal *terminal)
{
	size_t used = GAP, room;
	char cut[sizeof(*grid->note)];

	for (size_t i = 0; i < grid->keys; i++)
		used += layout->width[i] ? layout->width[i] + gap_before(grid, i) : 0;
	room = terminal->width > used + NOTE_LEAST ? terminal->width - used : NOTE_LEAST;
	snprintf(cut, sizeof(cut), "%.*s", (int)text_cut(note, room), note);
	for (size_t end = strlen(cut); end && cut[end - 1] == ' '; end--)
		cut[end - 1] = '\0';
	fprintf(output->out, "%*s%s", (int)output->owed + GAP, "", terminal->colour ? RED : "");
	text_plain(output->out, cut);
	fputs(terminal->colour ? PLAIN : "", output->out);
}

/* Returns whether the row has the same text in this column as the row above. */
static bool is_repeated(const struct grid *grid, size_t column, size_t row)
{
	return grid->column[column].once && row > 0 &&
	       strcmp(grid->text[row][column], grid->text[row - 1][column]) == 0;
}

static void print_row(FILE *out, const struct grid *grid, const struct printed_columns *layout, size_t row,
		      const struct terminal *terminal)
{
	const char *note = grid->note[row];
	struct output_line output = { .out = out };

	if (row > 0 && grid->column[0].once && !is_repeated(grid, 0, row))
		putc('\n', out);
	for (size_t i = 0; i < (note[0] ? grid->keys : grid->columns); i++)
		print_cell(&output, grid, layout, i, is_repeated(grid, i, row) ? "" : grid->text[row][i]);
	if (note[0])
		print_note(&output, grid, layout, note, terminal);
	putc('\n', out);
}

static void print_left_out(FILE *out, const struct grid *grid, const struct printed_columns *layout, unsigned width)
{
	char text[GRID_COLUMNS * (GRID_TEXT + 2) + 64], title[GRID_TEXT];
	size_t used = 0;

	for (size_t i = grid->keys; i < grid->columns; i++) {
		if (layout->width[i] || grid->column[i].joined)
			continue;
		column_title(title, &grid->column[i]);
		used += (size_t)snprintf(text + used, sizeof(text) - used, used ? ", %s" : "(no room for: %s", title);
	}
	if (!used)
		return;
	snprintf(text + used, sizeof(text) - used, ")");
	text_wrapped(out, text, width, 1);
}

void grid_print(FILE *out, const struct grid *grid, const struct terminal *terminal)
{
	struct printed_columns layout = layout_full(grid);

	while (total_width(grid, &layout) > terminal->width && leave_out(grid, &layout))
		;
	narrow(grid, &layout, terminal->width);
	print_heading(out, grid, &layout, terminal->colour);
	for (size_t i = 0; i < grid->rows; i++)
		print_row(out, grid, &layout, i, terminal);
	print_left_out(out, grid, &layout, terminal->width);
}
