/* Text measured by the columns that it takes, and a table with names of several scripts, which must align. */
#include "texts.h"

#include "base/text.h"
#include "report/kit/grid_print.h"

#include <locale.h>
#include <stdlib.h>

#define CHINESE "\xe4\xb8\xad\xe6\x96\x87" /* two characters, four columns */
#define ACUTE "\xcc\x81"                   /* combines with the letter before it */

static const struct sample_text {
	const char *text;
	size_t columns;
} samples[] = {
	{ "", 0 },
	{ "resize", 6 },
	{ "\xc2\xb5s", 2 },
	{ CHINESE, 4 },
	{ "e" ACUTE "te" ACUTE, 3 },
	{ "\xf0\x9f\x98\x80", 2 }, /* an emoji */
	{ "a\tb\x1b[2J", 7 },      /* shown as "a b?[2J" */
	{ "\xc2\x9b" "1m", 3 },    /* U+009B, shown as "?1m" */
	{ "\xe4\xb8", 1 },         /* cut off */
	{ "\xff\xfe", 2 },         /* no UTF-8 at all */
};

static void test_width(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		if (text_width(samples[i].text) != samples[i].columns)
			fail_msg("'%s' takes %zu columns", samples[i].text, text_width(samples[i].text));
}

static void test_cut(void **state)
{
	(void)state;
	assert_int_equal(text_cut("resize", 3), 3);
	assert_int_equal(text_cut("resize", 9), 6);
	assert_int_equal(text_cut(CHINESE, 3), 3); /* half a character is none */
	assert_int_equal(text_cut(CHINESE, 4), 6);
	assert_int_equal(text_cut("e" ACUTE "t", 1), 3); /* the accent stays with its letter */
	assert_int_equal(text_cut("x", 0), 0);
}

static void test_clean(void **state)
{
	/* controls in ASCII, UTF-8 and as a stray byte; a whole character with such a byte in it; Latin-1; cut off */
	char text[] = "a\x1b[1m\n\x7f \xc2\x9b \x9b \xe4\xb8\xad \xe9 \xe4\xb8";
	char all[] = "\xff\xed\xa0\x80\t\xef\xbf\xbe" CHINESE, line[] = "a\r\nb\tc\x1b";

	(void)state;
	text_clean(text, "\n");
	assert_string_equal(text, "a?[1m\n? ? ? \xe4\xb8\xad \xe9 \xe4\xb8");
	text_clean(line, "");
	assert_string_equal(line, "a??b?c?");
	text_clean_all(all);
	assert_string_equal(all, "???? ???" CHINESE);
}

static void test_print(void **state)
{
	size_t size;
	char *line;
	FILE *out = open_memstream(&line, &size);

	(void)state;
	assert_non_null(out);
	text_print(out, "\n%s: %d\n", "a\x1b]0;b\n\a", 1);
	fclose(out);
	assert_string_equal(line, "\na?]0;b ?: 1\n");
	free(line);
}

static char *wrapped(const char *text, unsigned width)
{
	size_t size;
	char *lines;
	FILE *out = open_memstream(&lines, &size);

	assert_non_null(out);
	text_wrapped(out, text, width, 2);
	fclose(out);
	return lines;
}

static void test_wrapped(void **state)
{
	char *lines = wrapped(CHINESE " " CHINESE " a", 9), name[3 * 200 + 1] = "";

	(void)state;
	assert_string_equal(lines, CHINESE " " CHINESE "\n  a\n");
	free(lines);
	for (size_t i = 0; i < 200; i++)
		memcpy(name + 3 * i, CHINESE, 3);
	lines = wrapped(name, 20); /* longer than a line: whole */
	assert_int_equal(strcspn(lines, "\n"), sizeof(name) - 1);
	free(lines);
}

/* Columns before the last word of a line. */
static size_t before_last(char *line)
{
	char *space = strrchr(line, ' ');

	assert_non_null(space);
	space[1] = '\0';
	return text_width(line);
}

static void test_table(void **state)
{
	static const char *const names[] = { "resize", CHINESE, "caf" "e" ACUTE, "a\x1b[2Jb", CHINESE CHINESE "x" };
	struct grid grid = { .columns = 2, .keys = 1 };
	struct terminal terminal = { .width = 80, .micro = "us" };
	char *text, *rest, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	grid.column[0] = (struct column){ .heading = "name", .left = true };
	grid.column[1] = (struct column){ .heading = "of" };
	grid.rows = sizeof(names) / sizeof(*names);
	grid.text = calloc(grid.rows, sizeof(*grid.text));
	grid.note = calloc(grid.rows, sizeof(*grid.note));
	for (size_t i = 0; i < grid.rows; i++) {
		snprintf(grid.text[i][0], GRID_TEXT, "%s", names[i]);
		snprintf(grid.text[i][1], GRID_TEXT, "42");
	}
	grid_print(out, &grid, &terminal);
	fclose(out);
	rest = text;
	for (size_t i = 0; i <= grid.rows; i++) {
		line = strsep(&rest, "\n");
		assert_int_equal(before_last(line), 9 + 2); /* the longest name and the gap */
	}
	free(text);
	grid_release(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_table),
	};

	setlocale(LC_ALL, "C"); /* the user's does not matter */
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
