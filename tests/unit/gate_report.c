/* How a gate is shown: console, documents and pictures of the gates in tests/data/gate, one of each kind, and of these
 * gates with values missing and with hostile names. */
#include "texts.h"

#include "base/file.h"
#include "base/root.h"
#include "base/text.h"
#include "report/gate/internal.h"
#include "report/gate/page.h"
#include "store/gate/read.h"
#include "tests/test.h"

#include <limits.h>
#include <sys/stat.h>

#define HOSTILE "<script>`$(x)|\033[2J\n\"';**~~\\ \xe2\x82"

static const char *const samples[] = { "passing", "regressed", "cannot_tell", "control_failed", "unchanged",
				       "failed", "interrupted", "instructions", "commands", "paired", "paired_files" };

struct fixture {
	json_t *gate;
	char folder[64], why[512];
};

static void load(struct fixture *f, const char *name)
{
	char path[PATH_MAX + 64], root[PATH_MAX];

	json_decref(f->gate);
	snprintf(path, sizeof(path), "%s/tests/data/gate/%s.json", project_root(root), name);
	f->gate = stored_gate_read(path, WHY(f->why));
	if (!f->gate)
		fail_msg("%s", f->why);
}

static json_t *cell(const struct fixture *f, size_t index)
{
	return json_array_get(json_object_get(f->gate, "cells"), index);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->folder, "/tmp/bench-gate-report-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	setenv("COLUMNS", "120", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	json_decref(f->gate);
	files_in(f->folder, true);
	assert_int_equal(rmdir(f->folder), 0);
	free(f);
	return 0;
}

static char *printed(const struct fixture *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(gate_print(f->gate, out), 0);
	fclose(out);
	return text;
}

static char *written(struct fixture *f, const char *name, bool plots)
{
	char *text;

	if (gate_report_write_gate(f->gate, f->folder, plots, WHY(f->why)))
		fail_msg("%s", f->why);
	text = file_text(f->folder, name);
	assert_non_null(text);
	return text;
}

static void assert_printed(const struct fixture *f, const char *words)
{
	char *text = printed(f);

	assert_says(text, words);
	free(text);
}

static void assert_written(struct fixture *f, const char *name, const char *words)
{
	char *text = written(f, name, false);

	assert_says(text, words);
	free(text);
}

static void assert_not_written(struct fixture *f, const char *name, const char *words)
{
	char *text = written(f, name, false);

	assert_silent(text, words);
	free(text);
}

/* Asserts that the last line is the sentence. */
static void assert_ends(const char *text, const char *sentence)
{
	size_t size = strlen(sentence), at = strlen(text) - size - 1;

	assert_true(strlen(text) > size + 1);
	assert_memory_equal(text + at, sentence, size);
	assert_string_equal(text + at + size, "\n");
	assert_int_equal(text[at - 1], '\n');
}

/* ---- Numbers ---- */

static void test_percents(void **state)
{
	static const struct {
		double ratio;
		int decimals;
		const char *text;
	} cases[] = {
		{ 0.021, 1, "+2.1 %" }, { -0.0213, 2, "-2.13 %" }, { 0, 1, "0.0 %" },	{ -0.0001, 1, "0.0 %" },
		{ 0.0001, 1, "0.0 %" }, { 1.5, 1, "+150.0 %" },	   { NAN, 1, "-" },	{ INFINITY, 1, "-" },
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		percent_text(text, sizeof(text), cases[i].ratio, cases[i].decimals);
		assert_string_equal(text, cases[i].text);
	}
}

/* A number is not rounded onto its limit, nor over it; and what would have shown is not said to be less than it is. */
static void test_percents_beside_a_limit(void **state)
{
	static const struct {
		double ratio, limit;
		int decimals;
		const char *text;
	} cases[] = {
		{ 0.0049977, 0.005, 3, "+0.499 %" },
		{ 0.0050002, 0.005, 3, "+0.501 %" },
		{ 0.005, 0.005, 3, "+0.500 %" },
		{ 0.0099, 0.01, 1, "+0.9 %" },
		{ 0.0101, 0.01, 1, "+1.1 %" },
		{ -0.0101, 0.01, 1, "-1.0 %" },
		{ 0.0004, 0.0005, 1, "0.0 %" },
		{ 0.0006, 0.0005, 1, "+0.1 %" },
		{ 0.021, NAN, 1, "+2.1 %" },
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		percent_beside(text, sizeof(text), cases[i].ratio, cases[i].limit, cases[i].decimals);
		assert_string_equal(text, cases[i].text);
	}
	percent_above(text, sizeof(text), 0.01201, 1);
	assert_string_equal(text, "+1.3 %");
	percent_above(text, sizeof(text), 0.012, 1);
	assert_string_equal(text, "+1.2 %");
}

static void test_long_names_keep_both_ends(void **state)
{
	char text[12];

	text_squeeze(text, sizeof(text), "short");
	assert_string_equal(text, "short");
	text_squeeze(text, sizeof(text), "elevencharX");
	assert_string_equal(text, "elevencharX");
	text_squeeze(text, sizeof(text), "resize/pool/shm/2");
	assert_string_equal(text, "resi..shm/2");
	text_squeeze(text, sizeof(text), "aaa\u00b5\u00b5\u00b5\u00b5\u00b5\u00b5");
	assert_string_equal(text, "aaa..\u00b5\u00b5");
}

/* ---- One of each kind ---- */

static void test_the_verdict_stands_first_and_last(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char *text;

		load(f, samples[i]);
		text = printed(f);
		assert_ends(text, json_text(f->gate, "conclusion"));
		assert_silent(text, "nan");
		free(text);
		text = written(f, "gate.md", false);
		assert_non_null(strstr(text, "**\n\n## Verdicts"));
		assert_non_null(strstr(text, "<details>"));
		assert_true(strstr(text, "## Verdicts") < strstr(text, "<details>"));
		assert_silent(text, " nan");
		assert_silent(text, "](");
		free(text);
		assert_written(f, "gate.html", "</html>");
	}
}

static void test_what_matters_most_stands_first(void **state)
{
	static const char *const order[] = { "resize/pool", "hash/processes", "wait/", "hash/pool", "null/", "sumsq/",
					     "resize/threads" };
	struct fixture *f = *state;
	struct gate_rows rows;

	load(f, "regressed");
	assert_int_equal(gate_rows_make(&rows, f->gate), 0);
	assert_int_equal(rows.count, sizeof(order) / sizeof(order[0]));
	for (size_t i = 0; i < rows.count; i++)
		assert_int_equal(strncmp(rows.row[i].id, order[i], strlen(order[i])), 0);
	assert_string_equal(gate_row_word(&rows.row[3]), "regressed, allowed");
	assert_true(rows.row[4].by_screen);
	assert_false(rows.row[0].by_screen);
	gate_rows_release(&rows);
	assert_written(f, "gate.md", "| resize/pool/shm/dynamic:6/2 | regressed | +2.04 % | +0.88 to +2.75 % | 12 |");
	assert_written(f, "gate.html", "<section id=\"screening\">");
	assert_printed(f, "not measured: the time of --budget was over [wait/threads/dynamic:1/2]");
}

static void test_advice_when_it_cannot_tell(void **state)
{
	struct fixture *f = *state;
	json_t *slowdown;

	load(f, "cannot_tell");
	assert_printed(f, "about 156 runs a side would tell");
	slowdown = json_object_get(cell(f, 0), "slowdown");
	json_object_set_new(slowdown, "theta", json_real(log1p(0.002))); /* 48 (1.486 % / 0.795 %)^2 */
	json_object_set_new(slowdown, "low", json_real(log1p(-0.013)));
	json_object_set_new(slowdown, "high", json_real(log1p(0.017)));
	assert_printed(f, "about 168 runs a side would tell");
	json_object_set_new(slowdown, "theta", json_real(0));
	json_object_set_new(slowdown, "high", json_real(0.2));
	assert_printed(f, "a larger --tolerance would help; more runs hardly");
	json_object_set_new(slowdown, "low", json_null());
	assert_printed(f, "so few runs give no bounds of the slow-down; more");
	json_object_set_new(slowdown, "high", json_null());
	assert_written(f, "gate.md", "| - | - | 48 |"); /* without bounds no slow-down, either */
}

static void test_a_control_that_fails(void **state)
{
	struct fixture *f = *state;

	load(f, "control_failed");
	assert_printed(f, "no verdict of this gate can be trusted");
	assert_printed(f, " NO ");
	assert_not_written(f, "gate.md", "runs a side would tell");
	load(f, "passing");
	assert_not_written(f, "gate.md", "can be trusted");
	assert_not_written(f, "gate.md", "could not see");
	json_object_set_new(json_object_get(json_object_get(f->gate, "controls"), "plus"), "verdict",
			    json_string("cannot tell"));
	assert_written(f, "gate.md", "| yes, but could not see 2 % |");
}

static void test_a_failed_cell_names_its_side(void **state)
{
	struct fixture *f = *state;

	load(f, "failed");
	assert_printed(f, "side B, the contender: lost worker: worker 1 ended by SIGSEGV (pid 4711, SIGSEGV, item 17,");
	assert_printed(f, "it said: reading 'big.jpg' / \\x1b[31mout of memory");
	json_object_set_new(json_object_get(cell(f, 1), "failure"), "side", json_string("a"));
	json_object_set_new(json_object_get(cell(f, 1), "failure"), "kind", json_null());
	assert_written(f, "gate.md", "side A, the baseline: failed: worker 1 ended by SIGSEGV");
}

static void test_nothing_ran(void **state)
{
	struct fixture *f = *state;

	load(f, "unchanged");
	assert_written(f, "gate.md", "| null/threads/dynamic:2/2 | unchanged | - | - | 0 | - |");
	assert_printed(f, "left out: primes/threads/dynamic:2/2, which B alone has");
	free(written(f, "gate.html", true));
	assert_int_equal(files_in(f->folder, false), 2);
	assert_not_written(f, "gate.html", "id=\"controls\"");
}

static void test_an_interrupt(void **state)
{
	struct fixture *f = *state;

	load(f, "interrupted");
	assert_printed(f, "interrupted by SIGINT: not all was measured\n");
	assert_written(f, "gate.md", "**interrupted by SIGINT: not all was measured**");
	assert_printed(f, "cannot tell  it was not measured");
	assert_printed(f, "not decided: it was not measured"); /* it has a block */
}

static void test_instructions(void **state)
{
	struct fixture *f = *state;

	load(f, "instructions");
	assert_written(f, "gate.md", "| hash/sequential/1 | regressed | +1.240 % | 1234567890 | 1249876543 |");
	assert_not_written(f, "gate.md", "van Elteren");
	json_object_set_new(f->gate, "smallest_shown", json_integer(0));
	assert_not_written(f, "gate.md", "would have shown");
	assert_written(f, "gate.html", "more instructions?");
}

static void test_commands(void **state)
{
	struct fixture *f = *state;

	load(f, "commands");
	assert_written(f, "gate.html", "<code>gzip -7 -c &#39;big file&#39;</code>");
	assert_written(f, "gate.md", "# command gzip -7 -c big file against command gzip -6 -c big file: slower?");
	assert_written(f, "gate.md", "| command | CPU |");
	assert_written(f, "gate.html", "is read through a pipe");
}

/* Undisturbed time and mean stand side by side, with what was held against each other. */
static void test_pairs(void **state)
{
	struct fixture *f = *state;

	load(f, "paired");
	assert_written(f, "gate.md", "| sumsq/sequential/-/-/1 | regressed | +1.51 % | +1.43 to +1.66 % | +1.46 % | - "
				     "| 9 | 10 rounds in slices of 0.1 ms | +0.17 % |");
	assert_written(f, "gate.md", " | 12 rounds of 22 ms | ");
	json_object_set_new(cell(f, 3), "items", json_integer(16));
	assert_written(f, "gate.md", " | 12 rounds of 22 ms: 8 items a worker | ");
	json_object_set_new(cell(f, 3), "items", json_integer(128)); /* they are not what makes rounds long */
	assert_written(f, "gate.md", " | 12 rounds of 22 ms | ");
	assert_written(f, "gate.md", "in slices of 2.1 ms");
	assert_written(f, "gate.html", "<section id=\"turns\">");
	assert_not_written(f, "gate.html", "<section id=\"times\">");
	assert_not_written(f, "gate.html", "van Elteren");
	assert_written(f, "gate.html", "undisturbed time");
	assert_written(f, "gate.html", "With fewer than 9 pairs it is 2^-pairs where that is more.");
	assert_written(f, "gate.html",
		       "with at most 0.05 % at each look, or with 2^-pairs where there are fewer than 11 pairs");
	assert_printed(f, "the slow-down is between -3.93 % and +3.80 %, on both sides of what is allowed\n");
	assert_printed(f, "layout_varies: ");
	load(f, "paired_files");
	assert_printed(f, "3 runs of each file");
	assert_printed(f, "command: wall time is judged, since a side sleeps or ");
	json_object_set_new(cell(f, 0), "measure", json_string("cpu"));
	assert_printed(f, "command: CPU time is judged, since neither side sleeps\n");
	assert_printed(f, "Tolerance: 1 %");
	load(f, "passing");
	assert_not_written(f, "gate.html", "undisturbed time");
	assert_not_written(f, "gate.html", "2^-pairs");
}

static void test_what_a_difference_is_like(void **state)
{
	struct fixture *f = *state;

	load(f, "paired");
	assert_printed(f, "hash/sequential/-/-/1        regressed, rare ");
	assert_printed(f, "undisturbed, B differs by +0.04 %, but by +4.81 % in the mean: ");
	assert_written(f, "gate.md", "; 10 of B's 120 rounds took over 10 % longer than undisturbed (the longest "
				     "1.51 times as long), of A's 120 rounds 0");
	assert_printed(f, "both sides execute as many instructions (0.00 %)");
	assert_printed(f, " is slower after the other side's than after its own (+0.61 %)");
	json_object_set_new(json_object_get(cell(f, 0), "instructions"), "b", json_integer(824345678));
	assert_printed(f, "B executes more instructions (+1.48 %), too");
	json_object_set_new(cell(f, 0), "verdict", json_string("cannot tell"));
	assert_printed(f, "B executes more instructions (+1.48 %)\n");
	json_object_set_new(cell(f, 0), "verdict", json_string("pass"));
	assert_printed(f, "B executes more instructions (+1.48 %), which cost less time than that here");
	json_object_set_new(cell(f, 0), "items", json_integer(16));
	json_object_set_new(cell(f, 0), "items_of", json_integer(200));
	assert_printed(f, "judged by 16 of 200 items, so that rounds are short; --items 200 takes them all");
}

static void set_mean(const struct fixture *f, double theta, double low, double high)
{
	json_object_set_new(cell(f, 0), "mean", json_pack("{s:f, s:f, s:f}", "theta", theta, "low", low, "high", high));
}

/* Where undisturbed time has decided against the mean, or could not. */
static void test_a_mean_that_says_something_else(void **state)
{
	struct fixture *f = *state;

	load(f, "paired");
	assert_not_written(f, "gate.md", "only undisturbed time is slower");
	set_mean(f, 0.001, -0.004, 0.006);
	assert_printed(f, "only undisturbed time is slower; in the mean B differs by +0.10 % (-0.40 % to +0.60 %), ");
	json_object_set_new(cell(f, 0), "verdict", json_string("pass"));
	assert_not_written(f, "gate.md", "but these bounds show neither");
	set_mean(f, 0.015, -0.004, 0.03);
	assert_printed(f, "the mean seems slower by +1.51 % (-0.40 % to +3.05 %), but these bounds show neither");
	json_object_set_new(cell(f, 0), "verdict", json_string("cannot tell"));
	json_object_set_new(json_object_get(cell(f, 0), "slowdown"), "high", json_real(0.004));
	assert_printed(f, "in the mean the slow-down is between -0.40 % and +3.05 %, on both sides of what is allowed");
}

/* ---- Pictures ---- */

static void test_pictures_of_pairs(void **state)
{
	struct fixture *f = *state;
	char *text;

	load(f, "paired");
	free(written(f, "gate.html", true));
	assert_string_equal(f->why, "");
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 3);
	text = file_text(f->folder, "pairs.svg");
	assert_says(text, "hash/sequential/-/-/1: regressed, in some rounds only");
	assert_says(text, "A again against A (control)");
	assert_says(text, "slow-down of means");
	assert_says(text, "tolerance, 1 %");
	free(text);
	text = file_text(f->folder, "rounds.svg");
	assert_says(text, "hash/sequential");
	free(text);
	files_in(f->folder, true);
	load(f, "paired_files");
	free(written(f, "gate.html", true));
	assert_int_equal(files_in(f->folder, false), 2 + 2);
	text = file_text(f->folder, "pairs.svg");
	assert_silent(text, "slow-down of means");
	free(text);
}

static void test_pictures(void **state)
{
	struct fixture *f = *state;
	char *text;

	load(f, "regressed");
	text = written(f, "gate.html", true);
	assert_string_equal(f->why, "");
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 2);
	assert_says(text, "<svg");
	assert_says(text, "id=\"blocks");
	assert_null(strstr(strstr(text, "<title>") + 1, "<title>")); /* the page's, and none of gnuplot's */
	free(text);
	text = file_text(f->folder, "blocks.svg");
	assert_says(text, "resize/pool/shm/dynamic:6/2: regressed");
	assert_says(text, "beyond the edge");
	assert_says(text, "of a dropped block");
	free(text);
	text = file_text(f->folder, "slowdowns.svg");
	assert_says(text, "hash/processes:item+in_flight=4/pipe/guided:12/2");
	free(text);
}

static void test_one_cell_needs_no_overview(void **state)
{
	struct fixture *f = *state;
	char *text;

	load(f, "commands");
	free(written(f, "gate.html", true));
	assert_string_equal(f->why, "");
	assert_int_equal(files_in(f->folder, false), 2 + 2);
	text = file_text(f->folder, "blocks.svg");
	assert_says(text, "A again (control)");
	assert_silent(text, "of a dropped block");
	free(text);
}

static void test_many_cells(void **state)
{
	struct fixture *f = *state;
	char *text;

	load(f, "regressed");
	for (int i = 0; i < 50; i++) {
		json_t *copy = json_deep_copy(cell(f, 2)), *id = json_sprintf("%02d-%0100d", i, i);

		json_object_set_new(copy, "id", id);
		json_array_append_new(json_object_get(f->gate, "cells"), copy);
	}
	free(written(f, "gate.html", true));
	assert_string_equal(f->why, "");
	text = file_text(f->folder, "blocks.svg");
	assert_says(text, "Blocks of runs (8 of 56 cells)");
	free(text);
	text = file_text(f->folder, "slowdowns.svg");
	assert_says(text, "(40 of 56 cells)");
	free(text);
}

/* ---- Hostile and damaged files ---- */

/* Replaces every text by a hostile one, except those that tell the kind of something. */
static void poison(json_t *value)
{
	static const char *const words[] = { "kind", "verdict", "stage", "side", "measure", "method", "id" };
	const char *key;
	json_t *own;
	size_t i;

	json_array_foreach(value, i, own) {
		if (json_is_string(own))
			json_array_set_new(value, i, json_stringn_nocheck(HOSTILE, sizeof(HOSTILE) - 1));
		poison(own);
	}
	json_object_foreach(value, key, own) {
		bool word = false;

		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			word |= strcmp(key, words[i]) == 0;
		if (json_is_string(own) && !word)
			json_string_setn_nocheck(own, HOSTILE, sizeof(HOSTILE) - 1);
		if (strcmp(key, "id") == 0)
			json_string_setn_nocheck(own, HOSTILE "/2", sizeof(HOSTILE) + 1);
		poison(own);
	}
}

static void test_hostile_texts(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char *text;

		load(f, samples[i]);
		poison(f->gate);
		text = printed(f);
		assert_silent(text, "\033");
		free(text);
		text = written(f, "gate.md", i == 1);
		assert_silent(text, "<script");
		assert_silent(text, " **;");
		assert_silent(text, "\033");
		free(text);
		text = file_text(f->folder, "gate.html");
		assert_silent(text, "<script");
		assert_silent(text, "\033");
		free(text);
		assert_string_equal(f->why, "");
	}
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 2);
}

/* Makes each value of an object in turn missing, a number, a text, and a list. */
static void damage(struct fixture *f, json_t *object)
{
	json_t *whole = json_copy(object);
	const char *key;
	json_t *value;

	json_object_foreach(whole, key, value) {
		json_t *others[] = { json_null(), json_integer(-1), json_string("x"), json_pack("[{s:s}]", "a", "b") };

		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
			json_object_set_new(object, key, others[i]);
			free(printed(f));
			free(written(f, "gate.html", false));
		}
		json_object_set(object, key, value);
	}
	json_decref(whole);
}

static void test_values_of_wrong_types(void **state)
{
	struct fixture *f = *state;
	json_t *block;

	load(f, "regressed");
	for (int i = 6; i > 2; i--)
		json_array_remove(json_object_get(f->gate, "cells"), (size_t)i);
	damage(f, f->gate);
	damage(f, cell(f, 2));
	damage(f, json_object_get(cell(f, 2), "slowdown"));
	damage(f, json_object_get(json_object_get(f->gate, "controls"), "aa"));
	block = json_array_get(json_object_get(cell(f, 2), "blocks"), 3);
	damage(f, block);
	damage(f, json_array_get(json_object_get(block, "runs"), 0));
	load(f, "paired");
	damage(f, cell(f, 1));
	damage(f, json_array_get(json_object_get(cell(f, 1), "pairs"), 2));
	damage(f, json_object_get(json_array_get(json_object_get(cell(f, 1), "pairs"), 3), "b"));
	load(f, "regressed");
	block = json_array_get(json_object_get(cell(f, 2), "blocks"), 3);
	json_object_set_new(block, "runs", json_array());
	json_object_set_new(json_object_get(cell(f, 2), "slowdown"), "low", json_null());
	free(written(f, "gate.html", true));
	assert_string_equal(f->why, "");
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 2);
}

static void refused(struct fixture *f, const char *text, const char *why)
{
	put_text(f->folder, GATE_FILE, text);
	assert_true(stored_gate_is(f->folder));
	assert_null(stored_gate_read(f->folder, WHY(f->why)));
	assert_says(f->why, why);
}

static void test_what_is_no_gate(void **state)
{
	struct fixture *f = *state;
	char path[128];

	assert_false(stored_gate_is(f->folder));
	assert_null(stored_gate_read(f->folder, WHY(f->why)));
	assert_says(f->why, GATE_FILE);
	refused(f, "{", "no JSON at line 1");
	refused(f, "[]", "another kind");
	refused(f, "{\"schema\":1}", "another kind");
	snprintf(path, sizeof(path), "%s/" GATE_FILE, f->folder);
	assert_false(stored_gate_is(path));
	refused(f, "{\"kind\":\"gate\",\"schema\":2}", "its schema");
	refused(f, "{\"kind\":\"gate\",\"schema\":1}", "no verdict");
	refused(f, "{\"kind\":\"gate\",\"schema\":1,\"verdict\":\"pass\",\"conclusion\":\"\"}", "no cells");
	refused(f, "{\"kind\":\"gate\",\"schema\":1,\"verdict\":\"pass\",\"conclusion\":\"\",\"cells\":[{}]}",
		"a cell lacks");
	assert_true(stored_gate_is(path));
	assert_int_equal(gate_report_write_gate(f->gate, path, false, WHY(f->why)), -ENOTDIR);
	assert_says(f->why, GATE_FILE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percents),
		cmocka_unit_test(test_percents_beside_a_limit),
		cmocka_unit_test(test_long_names_keep_both_ends),
		TEST(test_the_verdict_stands_first_and_last),
		TEST(test_what_matters_most_stands_first),
		TEST(test_advice_when_it_cannot_tell),
		TEST(test_a_control_that_fails),
		TEST(test_a_failed_cell_names_its_side),
		TEST(test_nothing_ran),
		TEST(test_an_interrupt),
		TEST(test_instructions),
		TEST(test_commands),
		TEST(test_pairs),
		TEST(test_what_a_difference_is_like),
		TEST(test_a_mean_that_says_something_else),
		TEST(test_pictures_of_pairs),
		TEST(test_pictures),
		TEST(test_one_cell_needs_no_overview),
		TEST(test_many_cells),
		TEST(test_hostile_texts),
		TEST(test_values_of_wrong_types),
		TEST(test_what_is_no_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
