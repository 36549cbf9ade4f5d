/* The reader of command lines, with tables of its own. */
#include "command/parser.h"
#include "tests/test.h"

static const char *const colours[] = { "red", "green", NULL };
static const struct vocabulary colour_names = { .kind = "colour", VOCABULARY_STRINGS(colours) };

/* Of the table that goes on in another one; what that one reads comes first. */
struct inner {
	uint64_t number;
	struct words names;
};

struct outer {
	struct inner inner;
	const char *text, *colour;
	bool flag;
	struct words files;
};

static const struct option_spec inner_specs[] = {
	{ "--number", "N", "a number", .preset = "3",
	  .type = &option_number, .least = 1, .most = 9, .field = offsetof(struct inner, number) },
	{ "--names", "C,...", "colours",
	  .type = &option_names, .names = &colour_names, .field = offsetof(struct inner, names) },
	{ "--xyxyxyxyxy", NULL, "refused by the table that goes on in this one", .type = &option_nothing },
	{ .rest = common_options },
};

#define FIELD(name) .field = offsetof(struct outer, name)

static const struct option_spec specs[] = {
	{ "colour", "COLOUR", "a colour", .type = &option_text, .least = 1, .most = 1, FIELD(colour) },
	{ "file", "FILE...", "files", .type = &option_words, .most = 2, FIELD(files) },
	{ "--number", "N", "a number that is larger", .preset = "30",
	  .type = &option_number, .least = 10, .most = 99, FIELD(inner.number) },
	{ "-t", "TEXT", "text", .type = &option_text, FIELD(text) },
	{ "--flag", NULL, "a flag", .type = &option_flag, FIELD(flag) },
	{ "--qxqxqxqxqx", NULL, .type = &option_flag, FIELD(flag) },
	{ "--xyxyxyxyxy", NULL, .type = &option_refused },
	{ .rest = inner_specs },
};

#define WORDS_MOST 16

/* The words of a line; they are good until the next call. Returns how many. */
static int split(char *words[WORDS_MOST], const char *line)
{
	static char copy[200];
	char *rest = copy;
	int count = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	while (*line && (words[count] = strsep(&rest, " ")))
		count++;
	words[count] = NULL;
	return count;
}

static int parse(struct outer *outer, const struct option_spec *table, const char *line, char *why)
{
	char *argv[WORDS_MOST];
	int argc = split(argv, line);

	*outer = (struct outer){ .flag = false };
	why[0] = '\0';
	return arguments_parse(table, outer, argc, argv, "it --help", &(struct why){ why, 512 });
}

static void test_order(void **state)
{
	static const char *const lines[] = {
		"red a b --flag --number 40 -t x --names green", "--flag red --number=40 a -tx b --names=green",
		"--number 12 --number=40 -t y -t x --flag --names red --names green red a b",
		"--flag --number=40 -tx --names green -- red a b",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct outer outer;
		char why[512];

		if (parse(&outer, specs, lines[i], why) != 0)
			fail_msg("'%s': %s", lines[i], why);
		assert_string_equal(outer.colour, "red");
		assert_string_equal(outer.text, "x");
		assert_true(outer.flag);
		assert_int_equal(outer.inner.number, 40);
		assert_int_equal(outer.inner.names.count, 1);
		assert_string_equal(outer.inner.names.word[0], "green");
		assert_int_equal(outer.files.count, 2);
		assert_string_equal(outer.files.word[1], "b");
		arguments_release(specs, &outer);
		assert_null(outer.files.word);
		arguments_release(specs, &outer); /* a second time does no harm */
	}
}

/* What a table says counts before what it goes on in. */
static void test_presets(void **state)
{
	struct outer outer;
	char why[512];

	assert_int_equal(parse(&outer, specs, "red", why), 0);
	assert_int_equal(outer.inner.number, 30);
	assert_int_equal(outer.files.count, 0);
	assert_false(outer.flag || outer.text);
	arguments_release(specs, &outer);
	assert_int_equal(parse(&outer, inner_specs, "", why), 0);
	assert_int_equal(outer.inner.number, 3);
}

static void test_names_that_look_like_options(void **state)
{
	struct outer outer;
	char why[512];

	assert_int_equal(parse(&outer, specs, "-- --flag -t -- ", why), -EINVAL);
	assert_non_null(strstr(why, "'' is one file too many: at most 2 can be given (see it --help)"));
	arguments_release(specs, &outer);
	assert_int_equal(parse(&outer, specs, "-- --flag -t --", why), 0);
	assert_string_equal(outer.colour, "--flag");
	assert_string_equal(outer.files.word[0], "-t");
	assert_string_equal(outer.files.word[1], "--");
	arguments_release(specs, &outer);
}

/* As a value, or after `--`, a word asks for nothing. */
static void test_asks_for_help(void **state)
{
	static const struct {
		const char *line;
		bool asks;
	} cases[] = {
		{ "-h", true },
		{ "--help", true },
		{ "red a b c --bogus --help", true },
		{ "--bogus -h", true },
		{ "--flag -h", true },
		{ "--number=x -h", true },
		{ "-tx -h", true },
		{ "-t --help", true }, /* its value was forgotten */
		{ "colour -h", true },
		{ "", false },
		{ "red --flag", false },
		{ "-t -h", false },
		{ "--names -h red", false },
		{ "--text=--help", false },
		{ "-- --help -h", false },
		{ "red -t -- -h", true }, /* there `--` is the value */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *words[WORDS_MOST];

		split(words, cases[i].line);
		if (arguments_ask_help(specs, words) != cases[i].asks)
			fail_msg("'%s'", cases[i].line);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *line, *why;
	} cases[] = {
		{ "", "which colour? Give a colour (see it --help)" },
		{ "--flag", "which colour? Give a colour (see it --help)" },
		{ "red --flga", "unknown option '--flga': did you mean '--flag'? (see it --help)" },
		{ "red --nmaes=red", "unknown option '--nmaes': did you mean '--names'? (see it --help)" },
		{ "red --qxqxqxqxq", "unknown option '--qxqxqxqxq' (see it --help)" },
		{ "red --xyxyxyxyx", "unknown option '--xyxyxyxyx' (see it --help)" },
		{ "red --hepl", "unknown option '--hepl': did you mean '--help'? (see it --help)" },
		{ "red --names reed", "unknown colour 'reed': did you mean 'red'? (there are: red, green)" },
		{ "red --flag=1", "option '--flag' takes no value" },
		{ "red --number", "option '--number' needs a value: --number N" },
		{ "red --number=", "option '--number' needs a value: --number N" },
		{ "red --number --flag", "option '--number' needs a value: --number N" },
		{ "red --number 5", "--number needs a whole number from 10 to 99, not '5'" },
		{ "red a b c", "'c' is one file too many: at most 2 can be given (see it --help)" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outer outer;
		char why[512];

		assert_int_equal(parse(&outer, specs, cases[i].line, why), -EINVAL);
		assert_string_equal(why, cases[i].why);
		arguments_release(specs, &outer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_names_that_look_like_options),
		cmocka_unit_test(test_asks_for_help),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
