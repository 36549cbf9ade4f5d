/* The command line of a run: what is accepted, what is refused, and the messages. */
#include "command/options.h"

#include "command/help.h"
#include "command/option_specs.h"
#include "command/words.h"
#include "model/registry.h"
#include "tests/test.h"
#include "verbs/verbs.h"

#include <limits.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND UINT64_C(1000000000)

/* A command line: its arguments, up to the first NULL. */
struct line {
	char *argument[16];
};
#define LINE(...) ((const struct line){ { __VA_ARGS__, NULL } })

static int parse(struct options *options, const struct line *line, const struct why *why)
{
	int argc = 0;

	while (line->argument[argc])
		argc++;
	why->text[0] = '\0';
	return options_parse(options, argc, line->argument, why);
}

static struct options accept(struct line line)
{
	struct options options;
	char why[512];

	if (parse(&options, &line, WHY(why)) != 0)
		fail_msg("refused: %s", why);
	return options;
}

/* Checks that the line is refused with a message that has `says` in it. */
static void check_refused(const struct line *line, const char *says)
{
	struct options options;
	char why[512];

	if (parse(&options, line, WHY(why)) != -EINVAL)
		fail_msg("'%s %s' was taken", line->argument[0], line->argument[1] ? line->argument[1] : "");
	if (!strstr(why, says))
		fail_msg("'%s' does not say '%s'", why, says);
	assert_null(strchr(why, '\n'));
	options_release(&options); /* accepts what a refusal leaves */
}

static void assert_words(const struct words *words, const char *expected)
{
	char joined[512] = "";

	for (size_t i = 0; i < words->count; i++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s", i ? "," : "",
			 words->word[i]);
	assert_string_equal(joined, expected);
}

static void assert_numbers(const struct numbers *numbers, const char *expected)
{
	char joined[512] = "";

	for (size_t i = 0; i < numbers->count; i++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%ju", i ? "," : "",
			 (uintmax_t)numbers->number[i]);
	assert_string_equal(joined, expected);
}

static void test_presets(void **state)
{
	struct options options = accept(LINE("--workload", "resize"));
	size_t modes = 0;

	while (registry_modes[modes])
		modes++;
	assert_words(&options.workloads, "resize");
	assert_int_equal(options.modes.count, modes);
	assert_string_equal(options.modes.typed, "all");
	assert_int_equal(options.workers.count, 0);
	assert_words(&options.transports, "shm");
	assert_words(&options.schedules, "dynamic");
	assert_int_equal(options.chunks.count, 0);
	assert_false(options.per_item);
	assert_string_equal(options.bind, "core");
	assert_string_equal(options.counters, "auto");
	assert_null(options.input);
	assert_int_equal(options.items, 0);
	assert_int_equal(options.setting_count, 0);
	assert_int_equal(options.budget_ns, 30 * SECOND);
	assert_int_equal(options.timeout_ns, 60 * SECOND);
	assert_int_equal(options.rounds, 0);
	assert_int_equal(options.invocations, 0);
	assert_true(options.seed <= SEED_MOST);
	assert_null(options.topology);
	assert_null(options.output);
	assert_int_equal(options.exports.count, 0);
	assert_false(options.dry_run || options.no_plots || options.quiet);
	options_release(&options);
	options_release(&options); /* a second time does no harm */
}

static void test_every_option(void **state)
{
	struct options options = accept(LINE("--workload=resize,hash", "--mode=pool,threads", "--workers=1-3,8",
					     "--transport=pipe,shm", "--schedule=steal", "--chunk=1,64", "--per=item",
					     "--bind=0,2-3", "--counters=instructions", "--input=--odd", "--items=7"));

	assert_words(&options.workloads, "resize,hash");
	assert_words(&options.modes, "pool,threads");
	assert_numbers(&options.workers, "1,2,3,8");
	assert_words(&options.transports, "pipe,shm");
	assert_words(&options.schedules, "steal");
	assert_numbers(&options.chunks, "1,64");
	assert_true(options.per_item);
	assert_string_equal(options.bind, "0,2-3");
	assert_string_equal(options.counters, "instructions");
	assert_string_equal(options.input, "--odd");
	assert_int_equal(options.items, 7);
	options_release(&options);

	options = accept(LINE("--workload=null", "--budget=1m", "--timeout=5", "--rounds=3", "--invocations=4",
			      "--seed=9", "--topology=pu:2", "--dry-run", "--output=a=b", "--no-plots", "--quiet"));
	assert_int_equal(options.budget_ns, 60 * SECOND);
	assert_int_equal(options.timeout_ns, 5 * SECOND);
	assert_int_equal(options.rounds, 3);
	assert_int_equal(options.invocations, 4);
	assert_int_equal(options.seed, 9);
	assert_string_equal(options.topology, "pu:2");
	assert_string_equal(options.output, "a=b");
	assert_true(options.dry_run && options.no_plots && options.quiet);
	options_release(&options);
}

/* Each option with a value reads the same in both forms; a value may begin with dashes. */
static void test_both_forms(void **state)
{
	struct options options =
		accept(LINE("--items", "5", "--workload", "hash", "--input", "--odd", "--output", "-"));

	assert_int_equal(options.items, 5);
	assert_string_equal(options.input, "--odd");
	assert_string_equal(options.output, "-");
	options_release(&options);
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		char says[128];

		snprintf(says, sizeof(says), "option '%s' needs a value: %s %s", spec->name, spec->name,
			 spec->argument);
		if (!spec->argument || strcmp(spec->name, "--workload") == 0)
			continue;
		check_refused(&LINE("--workload=null", (char *)spec->name), says);
		check_refused(&LINE("--workload=null", (char *)spec->name, "--quiet"), says);
		check_refused(&LINE("--workload=null", (char *)spec->name, ""), says);
	}
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		char argument[64], says[128];

		snprintf(argument, sizeof(argument), "%s=1", spec->name);
		snprintf(says, sizeof(says), "option '%s' takes no value", spec->name);
		if (!spec->argument)
			check_refused(&LINE("--workload=null", argument), says);
	}
}

static void test_lists(void **state)
{
	struct options options = accept(LINE("--workload", "all", "--mode", "pool,pool,all,threads", "--schedule",
					     "all", "--workers", "4,1-4,2"));
	size_t workloads = 0, modes = 0;

	while (registry_workloads[workloads])
		workloads++;
	while (registry_modes[modes])
		modes++;
	assert_int_equal(options.workloads.count, workloads);
	assert_int_equal(options.modes.count, modes);
	assert_string_equal(options.modes.typed, "pool,pool,all,threads");
	assert_string_equal(options.modes.word[0], "pool");
	assert_words(&options.schedules, "static,dynamic,guided,steal");
	assert_numbers(&options.workers, "4,1,2,3");
	options_release(&options);
}

/* If an option is given twice, the last one counts; but -p and --export add up. */
static void test_given_twice(void **state)
{
	struct options options = accept(LINE("--workload", "hash", "--workload", "resize", "--mode", "pool", "--mode",
					     "threads", "--export=a=1,2", "--export", "b=2", "-psize=8x8"));

	assert_words(&options.workloads, "resize");
	assert_words(&options.modes, "threads");
	assert_int_equal(options.exports.count, 2);
	assert_string_equal(options.exports.word[0], "a=1,2");
	assert_string_equal(options.exports.word[1], "b=2");
	assert_int_equal(options.setting_count, 1);
	options_release(&options);
}

static void test_budget_lifted(void **state)
{
	static const struct {
		struct line line;
		uint64_t budget_ns;
	} cases[] = {
		{ { { "--workload=null" } }, 30 * SECOND },
		{ { { "--workload=null", "--rounds=2" } }, 0 },
		{ { { "--workload=null", "--invocations=2" } }, 0 },
		{ { { "--workload=null", "--rounds=2", "--budget=1s" } }, SECOND },
		{ { { "--workload=null", "--budget=30s", "--invocations=2" } }, 30 * SECOND },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct options options = accept(cases[i].line);

		assert_int_equal(options.budget_ns, cases[i].budget_ns);
		options_release(&options);
	}
}

static void test_refused(void **state)
{
	static const struct {
		struct line line;
		const char *says;
	} cases[] = {
		{ { { NULL } }, "option '--workload' is missing (there are: " },
		{ { { "--mode=pool" } }, "option '--workload' is missing" },
		{ { { "--workload" } }, "option '--workload' needs a value" },
		{ { { "--workload=" } }, "option '--workload' needs a value" },
		{ { { "--workload", "resise" } }, "unknown workload 'resise': did you mean 'resize'? (there are: " },
		{ { { "--workload", "resize," } }, "unknown workload ''" },
		{ { { "--workload", ",resize" } }, "unknown workload ''" },
		{ { { "--workload", "resize,hsah" } }, "unknown workload 'hsah': did you mean 'hash'?" },
		{ { { "--workload", "Resize" } }, "did you mean 'resize'?" },
		{ { { "--mode", "pol" } }, "unknown mode 'pol': did you mean 'pool'? (there are: sequential, " },
		{ { { "--mode", "thread" } }, "unknown mode 'thread': did you mean 'threads'?" },
		{ { { "--mode", "a\nb\033[31m" } }, "unknown mode 'a?b?[31m'" },
		{ { { "--mode", "proc" } }, "unknown mode 'proc': did you mean 'processes'?" },
		{ { { "--mode", "multiprocess" } }, "did you mean 'processes'?" },
		{ { { "--mode", "xqxqxq" } }, "unknown mode 'xqxqxq' (there are: " },
		{ { { "--transport", "pip" } }, "unknown transport 'pip': did you mean 'pipe'?" },
		{ { { "--schedule", "dynmaic" } }, "unknown schedule 'dynmaic': did you mean 'dynamic'?" },
		{ { { "--per", "items" } }, "did you mean 'item'?" },
		{ { { "--bind", "cores" } }, "unknown placement 'cores': did you mean 'core'?" },
		{ { { "--bind", "moon" } }, "(there are: core, pu, numa, none), or give processors: 0,2-3" },
		{ { { "--bind", "0,1024" } }, "--bind needs processors from 0 to 1023" },
		{ { { "--bind", "3-1" } }, "--bind needs processors" },
		{ { { "--workers", "0" } }, "--workers needs numbers from 1 to 1024" },
		{ { { "--workers", "1025" } }, "--workers needs numbers from 1 to 1024" },
		{ { { "--items", "0" } }, "--items needs a whole number from 1 to 2000000000, not '0'" },
		{ { { "--items", "2000000001" } }, "--items needs a whole number" },
		{ { { "--items", "1e6" } }, "not '1e6'" },
		{ { { "--items", "-1" } }, "--items needs a whole number" },
		{ { { "--chunk", "0" } }, "--chunk needs numbers from 1 " },
		{ { { "--chunk", "1,,2" } }, "not '1,,2'" },
		{ { { "--rounds", "0" } }, "--rounds needs a whole number" },
		{ { { "--rounds", "4294967297" } }, "--rounds needs a whole number" },
		{ { { "--invocations", "x" } }, "--invocations needs a whole number" },
		{ { { "--seed", "9007199254740992" } }, "--seed needs a whole number from 0 to 9007199254740991" },
		{ { { "--budget", "0" } }, "--budget needs a time such as 500ms, 30s, 2m or 1h, not '0'" },
		{ { { "--timeout", "1y" } }, "--timeout needs a time" },
		{ { { "--export", "csv" } }, "--export needs FORMAT=FILE, not 'csv'" },
		{ { { "--export", "=f" } }, "--export needs FORMAT=FILE" },
		{ { { "--export", "csv=" } }, "--export needs FORMAT=FILE" },
		{ { { "-p", "size" } }, "-p needs NAME=VALUE, not 'size'" },
		{ { { "-p=1" } }, "-p needs NAME=VALUE, not '=1'" },
		{ { { "--mdoe=pool" } }, "unknown option '--mdoe': did you mean '--mode'? (see bench help)" },
		{ { { "-workload", "resize" } }, "unknown option '-workload': did you mean '--workload'?" },
		{ { { "--work", "resize" } }, "unknown option '--work': did you mean '--workload'?" },
		{ { { "--" } }, "unknown option '--'" },
		{ { { "-" } }, "unknown option '-'" },
		{ { { "-q" } }, "unknown option '-q': did you mean '--quiet'? (see bench help)" },
		{ { { "-V" } }, "unknown option '-V': did you mean '--version'? (see bench help)" },
		{ { { "-w", "3" } }, "did you mean '--workload' or '--workers'? (see bench help)" },
		{ { { "-z" } }, "unknown option '-z' (see bench help)" },
		{ { { "--workload", "resize", "hash" } }, "unexpected 'hash'" },
		{ { { "--workload", "resize", "" } }, "unexpected ''" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_refused(&cases[i].line, cases[i].says);
}

static void test_unknown_parameter(void **state)
{
	check_refused(&LINE("-p", "siez=1x1", "--workload", "resize"),
		      "unknown parameter 'siez': did you mean 'size'? (there are: ");
	check_refused(&LINE("--workload", "null", "-p", "size=1x1"), "unknown parameter 'size' (there are none)");
	check_refused(&LINE("--workload", "null,sumsq", "-p", "m=1"),
		      "unknown parameter 'm': did you mean 'n'? (there are: n)");
}

static void test_values(void **state)
{
	struct options options = accept(LINE("--workload", "resize,hash", "-p", "size=1x1", "-pquality=50", "-p",
					     "chunk=1", "-p", "size=2x=2", "-p", "keep="));
	const struct workload *resize = registry_workload("resize");
	const char **values = options_values(&options, resize, 0);
	size_t i;

	assert_non_null(values);
	for (i = 0; resize->params[i].name; i++) {
		const char *name = resize->params[i].name;

		if (strcmp(name, "size") == 0)
			assert_string_equal(values[i], "2x=2");
		else if (strcmp(name, "quality") == 0)
			assert_string_equal(values[i], "50");
		else if (strcmp(name, "keep") == 0)
			assert_string_equal(values[i], "");
		else
			assert_string_equal(values[i], resize->params[i].preset);
	}
	assert_null(values[i]);
	free(values);
	values = options_values(&options, registry_workload("null"), 0);
	assert_non_null(values);
	assert_null(values[0]);
	free(values);
	options_release(&options);
}

/* An option that no chosen mode accepts is refused. */
static void test_calling_of_no_mode(void **state)
{
	struct options options = accept(LINE("--workload", "null", "--mode", "threads,pool", "--call", "imap"));

	options_release(&options);
	check_refused(&LINE("--workload", "null", "--mode", "threads", "--call", "imap"),
		      "option '--call': no chosen mode takes it ('bench list modes' says which do)");
	check_refused(&LINE("--workload", "null", "--mode", "pool", "--item-timeout", "1s"),
		      "option '--item-timeout': no chosen mode takes it ('bench list modes' says which do)");
	check_refused(&LINE("--workload", "null", "--mode", "pool", "--on-death", "retry"),
		      "option '--on-death retry': no chosen mode takes it ('bench list modes' says which do)");
}

/* The same holds for the axes of the plan, with all that the other options say. */
static void test_axis_of_no_mode(void **state)
{
	static const struct {
		struct line line;
		const char *option;
	} cases[] = {
		{ { { "--mode", "threads", "--transport", "pipe" } }, "--transport" },
		{ { { "--mode", "pool", "--per", "item" } }, "--per item" },
		{ { { "--mode", "sequential", "--chunk", "5" } }, "--chunk" },
		{ { { "--mode", "sequential", "--chunk", "auto" } }, "--chunk" },
		{ { { "--mode", "executor", "--chunk", "5" } }, "--chunk" },
		{ { { "--mode", "pool", "--call", "apply", "--chunk", "5" } }, "--chunk" },
		{ { { "--mode", "processes", "--per", "item", "--schedule", "static" } }, "--schedule" },
	};
	struct options options;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct line line = cases[i].line;
		char says[128];
		size_t count = 0;

		while (line.argument[count])
			count++;
		line.argument[count] = (char *)"--workload=null";
		snprintf(says, sizeof(says), "option '%s': no chosen mode takes it", cases[i].option);
		check_refused(&line, says);
	}
	options = accept(LINE("--workload=null", "--mode=threads,pool", "--transport=pipe", "--chunk=5"));
	options_release(&options);
	options = accept(LINE("--workload=null", "--mode=pool", "--call=apply,map", "--chunk=5"));
	options_release(&options);
}

/* Each combination of listed values comes once, and the last param changes fastest. */
static void test_value_lists(void **state)
{
	struct options options = accept(LINE("--workload", "resize", "-p", "quality=50,75,50", "-p", "size=1x1,2x2"));
	const struct workload *resize = registry_workload("resize");
	const char **values[4];
	size_t quality = 0, size = 0;

	while (strcmp(resize->params[quality].name, "quality"))
		quality++;
	while (strcmp(resize->params[size].name, "size"))
		size++;
	assert_int_equal(options_combinations(&options, resize), 4);
	assert_int_equal(options_combinations(&options, registry_workload("null")), 1);
	for (size_t i = 0; i < 4; i++) {
		values[i] = options_values(&options, resize, i);
		assert_non_null(values[i]);
	}
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(strcmp(values[i][quality], values[k][quality]) ||
				    strcmp(values[i][size], values[k][size]));
	for (size_t i = 0; i < 4; i++)
		free(values[i]);
	options_release(&options);
}

static void test_seeds(void **state)
{
	struct options a = accept(LINE("--workload=null")), b = accept(LINE("--workload=null"));
	struct options given = accept(LINE("--workload=null", "--seed=9007199254740991"));

	assert_true(a.seed <= SEED_MOST && b.seed <= SEED_MOST);
	assert_int_not_equal(a.seed, b.seed);
	assert_int_equal(given.seed, SEED_MOST);
	options_release(&a);
	options_release(&b);
	options_release(&given);
}

static void test_durations(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns; /* 0: refused */
	} cases[] = {
		{ "30s", 30 * SECOND }, { "30", 30 * SECOND }, { "500ms", SECOND / 2 }, { "2m", 120 * SECOND },
		{ "1h", 3600 * SECOND }, { "1.5m", 90 * SECOND }, { "0.25", SECOND / 4 }, { ".5s", SECOND / 2 },
		{ "1.s", SECOND }, { "0.000000001", 1 }, { "8760h", 31536000 * SECOND }, { "8761h", 0 }, { "", 0 },
		{ "s", 0 }, { ".", 0 }, { "0", 0 }, { "0.0s", 0 }, { "-1s", 0 }, { "+1s", 0 }, { " 1s", 0 },
		{ "1s ", 0 }, { "1 s", 0 }, { "1S", 0 }, { "1sec", 0 }, { "1.2.3s", 0 }, { "1,5s", 0 }, { "1e3s", 0 },
		{ "0x10s", 0 }, { "inf", 0 }, { "nan", 0 }, { "1d", 0 }, { "99999999999999999999999999h", 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t ns = 0;

		if (duration_parse(&ns, cases[i].text) != (cases[i].ns ? 0 : -EINVAL) || ns != cases[i].ns)
			fail_msg("'%s' is read as %ju ns", cases[i].text, (uintmax_t)ns);
	}
}

static void test_number_lists(void **state)
{
	static const struct {
		const char *text, *numbers; /* NULL: refused */
	} cases[] = {
		{ "1", "1" }, { "1,2,4", "1,2,4" }, { "1-4", "1,2,3,4" }, { "1-3,9", "1,2,3,9" }, { "3-3", "3" },
		{ "4,1-4", "4,1,2,3" }, { "9,9,9", "9" }, { "007", "7" }, { "10", "10" }, { "", NULL }, { ",", NULL },
		{ "1,", NULL }, { ",1", NULL }, { "1,,2", NULL }, { "-", NULL }, { "1-", NULL }, { "-4", NULL },
		{ "1--4", NULL }, { "1-2-3", NULL }, { "4-1", NULL }, { "0", NULL }, { "0-3", NULL }, { "9-11", NULL },
		{ "11", NULL }, { "1 2", NULL }, { " 1", NULL }, { "+1", NULL }, { "1.0", NULL }, { "0x1", NULL },
		{ "one", NULL }, { "18446744073709551617", NULL }, { "1-18446744073709551616", NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct numbers numbers = { 0 };
		int error = numbers_parse(&numbers, cases[i].text, 1, 10);

		if (error != (cases[i].numbers ? 0 : -EINVAL))
			fail_msg("'%s' gives %d", cases[i].text, error);
		if (cases[i].numbers)
			assert_numbers(&numbers, cases[i].numbers);
		numbers_release(&numbers);
	}
}

static void test_long_ranges(void **state)
{
	struct numbers numbers = { 0 };

	assert_int_equal(numbers_parse(&numbers, "1-1024", 1, UINT32_MAX), 0);
	assert_int_equal(numbers.count, 1024);
	assert_int_equal(numbers_parse(&numbers, "1-1025", 1, UINT32_MAX), -EINVAL);
	assert_int_equal(numbers_parse(&numbers, "1-4000000000", 1, UINT32_MAX), -EINVAL);
	numbers_release(&numbers);
}

static void test_distance(void **state)
{
	char long_word[200];
	static const struct {
		const char *a, *b;
		unsigned distance;
	} cases[] = {
		{ "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 }, { "pool", "pool", 0 }, { "pol", "pool", 1 },
		{ "poool", "pool", 1 }, { "poll", "pool", 1 }, { "opol", "pool", 1 }, { "hsah", "hash", 1 },
		{ "kitten", "sitting", 3 }, { "ca", "abc", 3 }, { "abcd", "badc", 2 }, { "Pool", "pool", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(word_distance(cases[i].a, cases[i].b), cases[i].distance);
		assert_int_equal(word_distance(cases[i].b, cases[i].a), cases[i].distance);
	}
	memset(long_word, 'a', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	assert_int_equal(word_distance(long_word, "pool"), UINT_MAX);
	assert_int_equal(word_distance("pool", long_word), UINT_MAX);
}

/* A slip of one letter in any name of any registry is understood. */
static void test_nearest(void **state)
{
	for (size_t i = 0; registry_workloads[i]; i++) {
		char slip[64];

		snprintf(slip, sizeof(slip), "%sx", registry_workloads[i]->name);
		assert_string_equal(vocabulary_nearest(&workload_names, slip), registry_workloads[i]->name);
		assert_string_equal(vocabulary_nearest(&workload_names, slip + 1), registry_workloads[i]->name);
	}
}

static void test_long_names(void **state)
{
	static char long_word[100000];
	char argument[300] = "--", small[8];
	struct options options;

	memset(long_word, 'x', sizeof(long_word) - 1);
	check_refused(&LINE("--workload", long_word), "(there are: ");
	check_refused(&LINE(long_word), "unexpected 'xxx");
	memset(argument + 2, 'y', sizeof(argument) - 3);
	check_refused(&LINE(argument), "unknown option '--yyy");
	assert_int_equal(parse(&options, &LINE("--workload", "nul"), WHY(small)), -EINVAL);
	assert_string_equal(small, "unknown");
}

/* Prints a page of help, whose lines must have less than 80 columns; owned by the caller. */
static char *print_help(const struct verb *verb, const char *path, size_t *lines)
{
	char *text = NULL;
	size_t size, width = 0;
	FILE *out = open_memstream(&text, &size);

	help_print(out, verb, path);
	fclose(out);
	*lines = 0;
	for (const char *at = text; *at; at += width + 1, ++*lines) {
		width = strcspn(at, "\n");
		assert_in_range(width, 0, 79);
	}
	return text;
}

/* Help names every option, in not many more than eighty lines. */
static void test_help(void **state)
{
	size_t lines;
	char *text = print_help(&program, program.name, &lines);

	for (const struct option_spec *spec = option_specs; spec->name; spec++)
		assert_non_null(strstr(text, spec->name));
	for (const struct verb *const *verb = registry_verbs; *verb; verb++)
		assert_non_null(strstr(text, (*verb)->name));
	assert_in_range(lines, 40, 82);
	free(text);
}

/* Every verb, and every verb of these, says how it is called, what it does, and with which options. */
static void check_page(const struct verb *verb, const char *above)
{
	char path[80], usage[96], *text;
	size_t lines;

	snprintf(path, sizeof(path), "%s %s", above, verb->name);
	snprintf(usage, sizeof(usage), "usage: %s", path);
	text = print_help(verb, path, &lines);
	assert_ptr_equal(strstr(text, usage), text);
	assert_non_null(verb->summary);
	assert_non_null(strstr(text, verb->about));
	for (const struct option_spec *spec = verb->options; spec && spec->name; spec++)
		if (spec->help)
			assert_non_null(strstr(text, option_is_operand(spec) ? spec->argument : spec->name));
	for (const struct verb *const *inner = verb->verbs; inner && *inner; inner++) {
		assert_non_null(strstr(text, (*inner)->name));
		check_page(*inner, path);
	}
	free(text);
}

static void test_help_of_verbs(void **state)
{
	for (const struct verb *const *verb = registry_verbs; *verb; verb++)
		check_page(*verb, program.name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_every_option),
		cmocka_unit_test(test_both_forms),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_given_twice),
		cmocka_unit_test(test_budget_lifted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown_parameter),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_axis_of_no_mode),
		cmocka_unit_test(test_value_lists),
		cmocka_unit_test(test_calling_of_no_mode),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_number_lists),
		cmocka_unit_test(test_long_ranges),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_of_verbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
