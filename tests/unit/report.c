/* How a run is shown: numbers, tables, documents and pictures of the run in tests/data, and of that run with failed
 * cells, with many cells and with hostile names. */
#include "texts.h"

#include "base/file.h"
#include "base/root.h"
#include "base/text.h"
#include "report/kit/fonts.h"
#include "report/kit/page.h"
#include "report/kit/progress.h"
#include "report/kit/svg.h"
#include "report/run/comparisons.h"
#include "report/run/conclusion/conclusion.h"
#include "report/run/grids/grids.h"
#include "report/run/remarks.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	json_t *run;
	struct rows rows;
	char folder[64], why[512];
};

static json_t *cell(const struct fixture *f, size_t index)
{
	return json_array_get(json_object_get(f->run, "cells"), index);
}

static json_t *summary(const struct fixture *f, size_t index)
{
	return json_object_get(cell(f, index), "summary");
}

enum { SEQUENTIAL, POOL_1, POOL_2, PROCESSES_2, CRASHED, UNAVAILABLE, UNMEASURED };

static void read_again(struct fixture *f)
{
	rows_release(&f->rows);
	assert_int_equal(rows_make(&f->rows, f->run), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char path[PATH_MAX], root[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/data/run.json", project_root(root));
	f->run = json_load_file(path, 0, NULL);
	assert_non_null(f->run);
	strcpy(f->folder, "/tmp/bench-report-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	setenv("COLUMNS", "120", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_int_equal(rows_make(&f->rows, f->run), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	rows_release(&f->rows);
	json_decref(f->run);
	files_in(f->folder, true);
	assert_int_equal(rmdir(f->folder), 0);
	free(f);
	return 0;
}

static char *table_text(const struct fixture *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(table_print(f->run, out), 0);
	fclose(out);
	return text;
}

/* ---- Numbers ---- */

static void test_numbers_share_a_unit(void **state)
{
	static const struct {
		enum quantity_kind kind;
		double values[2];
		const char *unit, *texts[2];
	} cases[] = {
		{ KIND_TIME, { 612.4e6, 314.0e6 }, "ms", { "612.4", "314.0" } },
		{ KIND_TIME, { 1.5e9, 612e6 }, "ms", { "1500.0", "612.0" } },
		{ KIND_TIME, { 1, 5e9 }, "ms", { "0.000", "5000.000" } },
		{ KIND_TIME, { 0, NAN }, "ns", { "0", "-" } },
		{ KIND_TIME_ITEM, { 42, 94235 }, "us", { "0.042", "94.235" } },
		{ KIND_RATE, { 78.77, 152.866 }, "", { "78.77", "152.87" } },
		{ KIND_RATE, { 62.5e6, 31e6 }, "M", { "62.50", "31.00" } },
		{ KIND_RATIO, { 1, 1.936 }, "", { "1.00", "1.94" } },
		{ KIND_RATIO, { 0.0123, 1 }, "", { "0.012", "1.000" } },
		{ KIND_SHARE, { 1, 0.9704 }, "%", { "100.0", "97.0" } },
		{ KIND_SHARE, { 0.00016, 0.007 }, "%", { "0.02", "0.70" } },
		{ KIND_BYTES, { 16, 384 }, "B", { "16", "384" } },
		{ KIND_BYTES, { 30408704, 15204352 }, "MiB", { "29.0", "14.5" } },
		{ KIND_COUNT, { 2, 944 }, "", { "2", "944" } },
		{ KIND_COUNT, { 12345678901.0, 9876543210.0 }, "G", { "12.35", "9.88" } },
		{ KIND_COUNT, { -0.0001, 1 }, "", { "0.00", "1.00" } },
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct unit unit = unit_choose(cases[i].kind, cases[i].values, 2, "us");

		assert_string_equal(unit.name, cases[i].unit);
		for (int j = 0; j < 2; j++) {
			number_text(text, sizeof(text), cases[i].values[j], unit);
			assert_string_equal(text, cases[i].texts[j]);
		}
	}
}

static void test_numbers_far_apart_have_units_of_their_own(void **state)
{
	static const struct {
		enum quantity_kind kind;
		double values[2];
		const char *heading, *texts[2];
	} cases[] = {
		{ KIND_RATE, { 499.15e6, 32.2 }, "", { "499.1 M", "32.20" } },
		{ KIND_RATIO, { 1, 0.000025 }, "", { "1.00", "0.000025" } },
		{ KIND_TIME, { 1, 5e9 }, "", { "1.000 ns", "5.000 s" } },
		{ KIND_TIME, { NAN, 5e9 }, "s", { "-", "5.000" } },
		{ KIND_TIME_ITEM, { 5, 7186 }, "", { "5.000 ns", "7.186 us" } },
		{ KIND_BYTES, { 768, 5368709120.0 }, "", { "768 B", "5.0 GiB" } },
		{ KIND_COUNT, { 3, 5e6 }, "", { "3", "5.00 M" } },
		{ KIND_SHARE, { 0.000001, 1 }, "%", { "0.00", "100.00" } },
		{ KIND_TIME, { 12.3e3, 80e6 }, "us", { "12.30", "80000.00" } },
	};
	const struct interval far = { 1, 0.9, 1.1, 0.95 };
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct units units = units_choose(cases[i].kind, cases[i].values, 2, "us");

		assert_string_equal(units_heading(&units), cases[i].heading);
		for (int j = 0; j < 2; j++) {
			units_number(text, sizeof(text), &units, cases[i].values[j]);
			assert_string_equal(text, cases[i].texts[j]);
		}
	}
	units_interval(text, sizeof(text), &(struct units){ .kind = KIND_TIME, .by_row = true, .micro = "us" }, far);
	assert_string_equal(text, "0.900-1.100");
}

static void test_intervals(void **state)
{
	const struct unit ms = { "ms", 1e6, 1 };
	char text[32];

	interval_text(text, sizeof(text), (struct interval){ 2e6, 1e6, 3e6, 0.95 }, ms);
	assert_string_equal(text, "1.0-3.0");
	interval_text(text, sizeof(text), (struct interval){ 2e6, 1e6, 3e6, 0.75 }, ms);
	assert_string_equal(text, "*1.0-3.0");
	interval_text(text, sizeof(text), (struct interval){ 2e6, 2e6, 2e6, 0 }, ms);
	assert_string_equal(text, "-");
	interval_text(text, sizeof(text), INTERVAL_UNKNOWN, ms);
	assert_string_equal(text, "-");
}

/* ---- Rows ---- */

static void test_names_say_what_is_swept(void **state)
{
	struct fixture *f = *state;
	char text[160];

	row_label(text, sizeof(text), &f->rows, &f->rows.row[POOL_2]);
	assert_string_equal(text, "pool/shm/dynamic/2");
	json_array_remove(json_object_get(f->run, "cells"), UNAVAILABLE);
	read_again(f);
	row_label(text, sizeof(text), &f->rows, &f->rows.row[POOL_2]);
	assert_string_equal(text, "pool/2");
	json_object_set_new(cell(f, SEQUENTIAL), "workload", json_string("hash"));
	json_object_set_new(cell(f, POOL_1), "workers", json_integer(2));
	read_again(f);
	row_label(text, sizeof(text), &f->rows, &f->rows.row[POOL_2]);
	assert_string_equal(text, "resize/pool:6/2");
	assert_true(f->rows.row[SEQUENTIAL].baseline);
	assert_false(f->rows.row[PROCESSES_2].baseline);
}

static void test_picks_take_the_fastest_in_order(void **state)
{
	struct fixture *f = *state;
	struct picks picks;

	assert_int_equal(rows_pick(&picks, &f->rows, row_measured, 2), 0);
	assert_int_equal(picks.of, 4);
	assert_int_equal(picks.count, 2);
	assert_ptr_equal(picks.row[0], &f->rows.row[POOL_2]);
	assert_ptr_equal(picks.row[1], &f->rows.row[PROCESSES_2]);
	picks_release(&picks);
}

static void test_accounts_add_up(void **state)
{
	struct fixture *f = *state;
	const struct row *row = &f->rows.row[POOL_2];
	struct picks picks = { &row, 1, 1 };
	struct grid grid;
	uint64_t random = 1;

	for (size_t parts = 0; parts < 16 * 8; parts++) {
		struct grid_style style = { "us", parts % 16 };
		double sum = 0;

		for (size_t i = 0; i < f->rows.parts; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			f->rows.row[POOL_2].part_ns[i] = (double)(random >> 40) - (i == 6 ? 1e6 : 0);
		}
		f->rows.row[POOL_2].account_ns = 0;
		for (size_t i = 0; i < f->rows.parts; i++)
			f->rows.row[POOL_2].account_ns += row->part_ns[i];
		assert_int_equal(grid_account(&grid, &f->rows, &picks, &style), 0);
		for (size_t i = grid.keys; i < grid.columns; i++)
			sum += atof(grid.text[0][i]);
		assert_int_equal((int)round(sum * 10), 1000);
		assert_string_equal(grid.column[grid.columns - 1].heading, "unexplained\n%");
		grid_release(&grid);
	}
}

/* ---- The console ---- */

static void assert_fits(const char *text, size_t width)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char copy[1024];

		snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
		if (text_width(copy) > width)
			fail_msg("wider than %zu: '%s'", width, copy);
		assert_true(!copy[0] || copy[strlen(copy) - 1] != ' ');
	}
}

static void test_table_at_every_width(void **state)
{
	struct fixture *f = *state;
	char columns[8], *text;

	for (unsigned width = 76; width < 200; width += 4) {
		snprintf(columns, sizeof(columns), "%u", width);
		setenv("COLUMNS", columns, 1);
		text = table_text(f);
		assert_fits(text, width);
		assert_silent(text, "nan");
		assert_silent(text, "inf ");
		assert_null(strchr(text, '\033'));
		free(text);
	}
}

static void test_table_says_all(void **state)
{
	static const char *const words[] = {
		"resize: 48 items",
		"processes:item",
		"314.0",
		"310.8-316.8",
		"µs",
		"failed: signal",
		"not measured: budget",
		"SIGSEGV, item 17, after 1.200 s",
		"unexplained",
		"with crew",
		"noisy: ",
		"[processes:item/shm/2]",
		"[all cells]",
		"PAPI_TOT_INS, PAPI_TOT_CYC: no PMU",
		"schedule 'steal' needs ranges in shared memory",
		"\npool/shm/dynamic with 2 workers is fastest: 1.94 (1.92 to 1.96) times sequential; ",
	};
	char *text = table_text(*state);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_says(text, words[i]);
	free(text);
	setenv("LC_ALL", "C", 1);
	text = table_text(*state);
	assert_silent(text, "µ");
	free(text);
}

static void test_control_characters_are_harmless(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	text_plain(out,
		   "a\033[31m\n\tb\x7f\xc2\x9b"
		   "31m µ");
	fclose(out);
	assert_string_equal(text, "a?[31m  b??31m µ");
	free(text);
}

static void test_progress(void **state)
{
	struct progress progress;
	char line[256], *text = NULL;
	size_t size;
	FILE *err = open_memstream(&text, &size);

	progress_line(line, sizeof(line), 79, 15, 30, "pool/2");
	assert_string_equal(line, "[##########          ]  50 %, 1 s left, pool/2");
	progress_line(line, sizeof(line), 79, 0, 125000000000, "a\nb");
	assert_string_equal(line, "[                    ]   0 %, 2 min 5 s left, a b");
	progress_line(line, sizeof(line), 79, 50, 30, "x");
	assert_string_equal(line, "[####################] 100 %, 0 s left, x");
	progress_line(line, sizeof(line), 79, 5, 0, "preparing");
	assert_string_equal(line, "preparing");
	for (unsigned width = 1; width < 60; width++) {
		progress_line(line, sizeof(line), width, 15, 30, "µµµµµµµµµµ");
		assert_true(text_width(line) <= width);
	}
	progress_begin(&progress, err, false);
	progress_show(&progress, 1, 2, "not a terminal");
	progress_end(&progress);
	fclose(err);
	assert_int_equal(size, 0);
	free(text);
}

/* ---- Conclusions ---- */

static void assert_concludes(struct fixture *f, const char *words)
{
	char *text;

	read_again(f);
	text = conclusion_text(&f->rows, "us");
	assert_says(text, words);
	assert_silent(text, "nan");
	free(text);
}

static void set_interval(json_t *of, const char *key, double median, double low, double high)
{
	json_object_set_new(
		of, key, json_pack("{s:f, s:f, s:f, s:f}", "median", median, "low", low, "high", high, "level", 0.96));
}

/* tests/unit/conclusion.c has all decisions; here is what depends on more of a run file. */
static void test_conclusions(void **state)
{
	struct fixture *f = *state;

	assert_concludes(f, "pool/shm/dynamic with 2 workers is fastest: 1.94 (1.92 to 1.96) times sequential; it "
			    "takes 2.5 % longer with processes:item/shm.\n");
	assert_concludes(f, "\nwith pool/shm/dynamic 1.9 % of the workers' time went to inflation and 1.3 % to idle; "
			    "failed: threads/dynamic with 2 workers.\n");
	set_interval(summary(f, POOL_2), "speedup_with_crew", 0.71, 0.70, 0.72);
	assert_concludes(f, "; with start and end of its crew pool/shm/dynamic is 0.71 (0.70 to 0.72) times "
			    "sequential; ");
	json_object_set_new(cell(f, POOL_1), "doubts", json_pack("[{s:s}]", "code", "bad_baseline"));
	assert_concludes(f, "; in doubt is pool/shm/dynamic: bad_baseline; ");
	json_object_set_new(cell(f, POOL_1), "doubts", json_array());
	json_object_set_new(summary(f, POOL_1), "measures",
			    json_pack("[{s:s, s:s, s:i}]", "name", "lost_updates", "unit", "incidents", "value", 0));
	json_object_set_new(summary(f, POOL_2), "measures",
			    json_pack("[{s:s, s:s, s:i}]", "name", "lost_updates", "unit", "1", "value", 17));
	assert_concludes(f, "; in doubt is pool/shm/dynamic: 17 lost updates in a round; ");
	json_object_set_new(cell(f, PROCESSES_2), "doubts", json_pack("[{s:s}]", "code", "incomplete"));
	assert_concludes(f, "; not compared, since not all items had a result: processes:item/shm with 2 workers; ");
	json_object_set_new(json_object_get(summary(f, POOL_2), "speedup"), "level", json_real(0.5));
	assert_concludes(f, "how much parallel running gains cannot be told: ");
	json_object_set_new(json_object_get(summary(f, POOL_1), "wall_ns"), "level", json_real(0.5));
	json_object_set_new(json_object_get(summary(f, POOL_2), "wall_ns"), "level", json_real(0.5));
	json_object_set_new(summary(f, POOL_2), "invocations", json_integer(2));
	assert_concludes(f, "nothing can be told: each way was measured by 2 processes (invocations) at most, and it "
			    "takes 6: --budget ");
}

static void test_conclusions_without_a_comparison(void **state)
{
	struct fixture *f = *state;
	json_t *cells = json_object_get(f->run, "cells");

	json_object_set_new(summary(f, POOL_2), "speedup", json_null());
	assert_concludes(f, "without a sequential baseline no speedup can be told");
	for (size_t i = POOL_1; i <= PROCESSES_2; i++)
		json_object_set_new(cell(f, i), "status", json_string("not measured"));
	assert_concludes(f, "sequential takes 609.4 ms (606.9 to 610.7); there is nothing measured to compare it with");
	json_object_set_new(cell(f, POOL_2), "status", json_string("ok"));
	json_object_set_new(cell(f, POOL_2), "doubts", json_pack("[{s:s}]", "code", "incomplete"));
	json_object_set_new(cell(f, SEQUENTIAL), "status", json_string("not measured"));
	assert_concludes(f, "nothing could be measured that can be compared.\nnot compared, since not all items had a "
			    "result: pool/shm/dynamic with 2 workers");
	json_object_set_new(cell(f, POOL_2), "status", json_string("not measured"));
	json_array_remove(cells, SEQUENTIAL);
	assert_concludes(f, "nothing could be measured that can be compared.\n");
	json_array_clear(cells);
	assert_concludes(f, "the run has no cells");
}

/* ---- Comparisons ---- */

static void write_report(struct fixture *f, bool plots)
{
	assert_int_equal(report_write_run(f->run, f->folder, plots, WHY(f->why)), 0);
}

/* Adds a cell like the second one of the pool, whose wall time is `ratio` times as long. */
static json_t *add_like_pool(struct fixture *f, double ratio)
{
	json_t *copy = json_deep_copy(cell(f, POOL_2));
	double median = ratio * json_double(json_object_get(summary(f, POOL_2), "wall_ns"), "median");

	set_interval(json_object_get(copy, "summary"), "wall_ns", median, median * 0.99, median * 1.01);
	json_array_append_new(json_object_get(f->run, "cells"), copy);
	return copy;
}

static void assert_remarks(struct fixture *f, int (*make)(struct remarks *remarks, const struct rows *rows),
			   const char *subject, const char *words)
{
	struct remarks remarks;

	read_again(f);
	assert_int_equal(make(&remarks, &f->rows), 0);
	assert_int_equal(remarks.count, 1);
	assert_string_equal(remarks.remark[0].subject, subject);
	assert_says(remarks.remark[0].text, words);
	assert_silent(remarks.remark[0].text, "nan");
	remarks_release(&remarks);
}

static void set_chunk(json_t *of, int chunk, int preset)
{
	json_object_set_new(of, "chunk", json_integer(chunk));
	json_object_set_new(of, "preset_chunk", json_integer(preset));
}

static void test_the_best_chunk(void **state)
{
	static const char subject[] = "pool/shm/dynamic with 2 workers";
	struct fixture *f = *state;
	json_t *other;

	set_interval(summary(f, POOL_2), "wall_ns", 314e6, 311e6, 317e6);
	set_chunk(cell(f, POOL_2), 6, 6);
	other = add_like_pool(f, 0.8);
	set_chunk(other, 16, 6);
	assert_remarks(f, remarks_chunks, subject, "16 is best, 1.25 (1.23 to 1.27) times as fast as the preset's 6");
	set_chunk(add_like_pool(f, 0.81), 64, 6);
	assert_remarks(f, remarks_chunks, subject, "; no difference can be told from 64");
	json_array_remove(json_object_get(f->run, "cells"), json_array_size(json_object_get(f->run, "cells")) - 1);
	set_interval(json_object_get(other, "summary"), "wall_ns", 313e6, 310e6, 316e6);
	assert_remarks(f, remarks_chunks, subject,
		       "16 took least time, but no difference can be told from the preset's 6");
	set_interval(json_object_get(other, "summary"), "wall_ns", 400e6, 390e6, 410e6);
	assert_remarks(f, remarks_chunks, subject, "the preset's 6 is best");
	set_chunk(cell(f, POOL_2), 8, 6);
	assert_remarks(f, remarks_chunks, subject, "8 is best of those measured, which the preset is not among");
	json_object_set_new(json_object_get(other, "summary"), "wall_ns", json_real(200e6));
	assert_remarks(f, remarks_chunks, subject, "no difference can be told from 8; too few processes measured it");
}

static void test_one_chunk_is_no_sweep(void **state)
{
	struct fixture *f = *state;
	struct remarks remarks;

	assert_int_equal(remarks_chunks(&remarks, &f->rows), 0);
	assert_int_equal(remarks.count, 0);
	remarks_release(&remarks);
}

static void set_probe_effect(json_t *of, double cost_ns, double low_ns)
{
	json_object_set_new(of, "probe_effect_ns", json_real(cost_ns));
	json_object_set_new(of, "probe_effect_low_ns", json_real(low_ns));
}

/* A cost that may be nothing is not told, however great it looks. */
static void test_what_stamps_cost(void **state)
{
	struct fixture *f = *state;
	json_t *pool = cell(f, POOL_2);

	set_interval(summary(f, POOL_2), "wall_ns", 48e6, 47e6, 49e6); /* 48 items, 2 workers: 2 ms an item */
	set_probe_effect(pool, 670121, 100000);
	assert_remarks(f, remarks_probe, "probe effect", "cost at most 670121 ns, 34 % of an item");
	set_probe_effect(pool, 8000.4, 4000);
	assert_remarks(f, remarks_probe, "probe effect", "cost at most 8000 ns, 0.4 % of an item");
	for (size_t i = 0; i < f->rows.count; i++)
		if (i != POOL_2)
			set_probe_effect(cell(f, i), 45, -1);
	set_probe_effect(pool, 670121, -200000);
	assert_remarks(f, remarks_probe, "probe effect", "their cost is lost in noise");
	set_probe_effect(cell(f, POOL_1), 45, 40);
	assert_remarks(f, remarks_probe, "probe effect", "cost at most 45 ns, ");
}

/* The gain is split into parts that add up: of 8 ms an item 6 are in the work and 1.5 in dispatch. */
static void test_gains_over_a_reference(void **state)
{
	struct fixture *f = *state;
	json_t *pool = cell(f, POOL_2), *reference, *account;
	const char *key;
	json_t *value;

	set_interval(summary(f, POOL_2), "wall_ns", 48e6, 47e6, 49e6); /* 48 items, 2 workers: 2 ms an item */
	reference = add_like_pool(f, 5);
	json_object_set_new(reference, "mode", json_string("other_pool"));
	json_object_set_new(reference, "counterpart", json_string("pool"));
	json_object_foreach(json_object_get(json_object_get(pool, "summary"), "account_ns"), key, value)
		json_object_set_new(json_object_get(json_object_get(reference, "summary"), "account_ns"), key,
				    json_real(0));
	json_object_update(json_object_get(json_object_get(pool, "summary"), "account_ns"),
			   json_object_get(json_object_get(reference, "summary"), "account_ns"));
	account = json_object_get(json_object_get(pool, "summary"), "account_ns");
	json_object_update_new(account, json_pack("{s:f, s:f}", "useful", 86.4e6, "idle", 9.6e6));
	account = json_object_get(json_object_get(reference, "summary"), "account_ns");
	json_object_update_new(account, json_pack("{s:f, s:f, s:f, s:f}", "useful", 86.4e6, "inflation", 288e6,
						  "dispatch", 72e6, "idle", 33.6e6));
	assert_remarks(f, remarks_references, "pool/shm/dynamic beside other_pool/shm/dynamic, 2 workers",
		       "5.00 (4.85 to 5.16) times as fast; for an item a worker takes 8.000 ms less: 6.000 ms less in "
		       "the work (4.33 times as fast), 1.500 ms less in dispatch and copy, 500.0 us less in all else, "
		       "mostly idle");
	set_interval(json_object_get(reference, "summary"), "wall_ns", 48e6, 47e6, 49e6);
	assert_remarks(f, remarks_references, "pool/shm/dynamic beside other_pool/shm/dynamic, 2 workers",
		       "no difference can be told, 1.00 (0.96 to 1.04) times as fast");
}

static void test_references_are_drawn(void **state)
{
	struct fixture *f = *state;
	char *picture;

	for (int i = 0; i < 40; i++) {
		json_t *own = add_like_pool(f, 0.5), *mode = json_sprintf("mode_%02d", i);

		json_object_set_new(own, "mode", mode);
	}
	for (int i = POOL_1; i <= POOL_2; i++)
		json_object_set_new(cell(f, i), "counterpart", json_string("mode_07"));
	set_interval(summary(f, POOL_1), "speedup", 0.01, 0.01, 0.01);
	set_interval(summary(f, POOL_2), "speedup", 0.01, 0.01, 0.01);
	read_again(f);
	write_report(f, true);
	picture = file_text(f->folder, "speedup.svg");
	assert_says(picture, ">pool/shm/dynamic<");
	assert_says(picture, "not drawn:");
	assert_says(picture, "more");
	free(picture);
}

/* Sets what a cell tells of latencies in ns: p50, p99, p99.9 and the first result; 0: it is not known. */
static void set_latencies(struct fixture *f, size_t index, const double ns[4])
{
	static const char *const names[] = { "item_latency_p50_ns", "item_latency_p99_ns", "item_latency_p999_ns",
					     "first_result_ns" };
	json_t *list = json_array();

	for (size_t i = 0; i < 4; i++)
		if (ns[i] > 0)
			json_array_append_new(list, json_pack("{s:s, s:s, s:f}", "name", names[i], "unit", "ns",
							      "value", ns[i]));
	json_object_set_new(summary(f, index), "measures", list);
	read_again(f);
}

static void test_latencies_have_a_table(void **state)
{
	struct fixture *f = *state;
	char *text = table_text(f);

	assert_silent(text, "From submit to result");
	free(text);
	set_latencies(f, POOL_1, (const double[]){ 20e6, 30e6, 0, 25e6 });
	set_latencies(f, POOL_2, (const double[]){ 2e6, 4e6, 88.8e6, 23.4e6 });
	text = table_text(f);
	assert_says(text, "From submit to result");
	assert_says(text, "20.000  30.000       -  25.000"); /* of one unit, so that they can be compared */
	assert_says(text, " 2.000   4.000  88.800  23.400");
	assert_silent(text, "latency"); /* no columns among what else a round told */
	free(text);
	set_latencies(f, POOL_1, (const double[]){ 2e3, 30e6, 0, 25e6 });
	text = table_text(f);
	assert_says(text, "2.000 µs");
	assert_says(text, "88.80 ms");
	free(text);
}

static void test_latencies_are_drawn(void **state)
{
	struct fixture *f = *state;
	char *picture;

	set_latencies(f, POOL_1, (const double[]){ 20e6, 30e6, 0, 25e6 });
	set_latencies(f, POOL_2, (const double[]){ 2e6, 4e6, 88.8e6, 23.4e6 });
	write_report(f, true);
	picture = file_text(f->folder, "latencies.svg");
	assert_says(picture, ">pool/shm/dynamic/2<");
	assert_says(picture, ">88.8 ms<");
	assert_says(picture, ">p99.9<");
	free(picture);
}

/* A median alone is no picture. */
static void test_few_latencies_are_not_drawn(void **state)
{
	struct fixture *f = *state;

	set_latencies(f, POOL_1, (const double[]){ 20e6, 0, 0, 25e6 });
	write_report(f, true);
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 3);
}

static void test_cells_are_named_once(void **state)
{
	struct fixture *f = *state;
	struct remarks remarks;

	for (int i = POOL_1; i <= POOL_2; i++) {
		json_object_set_new(cell(f, i), "status", json_string("not measured"));
		json_object_set_new(cell(f, i), "reason", json_string("a reason"));
	}
	read_again(f);
	assert_int_equal(remarks_missing(&remarks, &f->rows), 0);
	assert_string_equal(remarks.remark[0].text, "a reason");
	assert_string_equal(remarks.remark[0].cells, "pool/shm/dynamic/1+2");
	remarks_release(&remarks);
}

/* ---- Whole runs ---- */

/* Makes 500 cells of one; some have 256 workers. */
static void multiply(struct fixture *f)
{
	json_t *cells = json_object_get(f->run, "cells");

	for (int i = 0; i < 493; i++) {
		json_t *copy = json_deep_copy(cell(f, POOL_2));

		json_array_clear(json_object_get(copy, "samples"));
		json_object_set_new(copy, "workers", json_integer(i % 256 + 1));
		json_object_set_new(copy, "chunk", json_integer(i % 7 + 1));
		json_object_set_new(copy, "schedule", json_string(i % 2 ? "guided" : "static"));
		json_array_append_new(cells, copy);
	}
	read_again(f);
}

static void assert_complete(struct fixture *f, bool plots)
{
	char *page, *text;

	write_report(f, plots);
	page = file_text(f->folder, "report.html");
	text = file_text(f->folder, "report.md");
	assert_says(page, "</html>");
	assert_says(text, "## How to read it");
	assert_silent(page, "{{c");
	assert_silent(page, ">nan<");
	assert_silent(page, "<script");
	assert_silent(text, "<script");
	assert_silent(page, "src=");
	assert_silent(page, "@import");
	if (plots) {
		assert_says(page, "<svg");
		assert_says(text, "](speedup.svg)");
	}
	free(page);
	free(text);
}

static void test_report(void **state)
{
	struct fixture *f = *state;
	char *picture;

	assert_complete(f, true);
	assert_string_equal(f->why, "");
	assert_int_equal(files_in(f->folder, false), 2 + 2 * 3);
	picture = file_text(f->folder, "speedup.svg");
	assert_says(picture, "Speedup over workers");
	assert_says(picture, "processes:item/shm");
	assert_silent(picture, "script>");
	free(picture);
}

static void test_report_without_plots(void **state)
{
	struct fixture *f = *state;

	assert_complete(f, false);
	assert_int_equal(files_in(f->folder, false), 2);
}

static void test_many_cells(void **state)
{
	struct fixture *f = *state;
	char *text;

	multiply(f);
	text = table_text(f);
	assert_fits(text, 120);
	assert_says(text, " of 497; the report has all)");
	free(text);
	assert_complete(f, true);
}

/* Thirds add up to 100 % only if one is rounded up: the picture says what the table says. */
static void set_thirds(struct fixture *f)
{
	json_t *account = json_object_get(summary(f, SEQUENTIAL), "account_ns");

	json_object_clear(account);
	json_object_set_new(account, "useful", json_integer(3334));
	json_object_set_new(account, "inflation", json_integer(3333));
	json_object_set_new(account, "idle", json_integer(3333));
}

static void test_one_cell(void **state)
{
	struct fixture *f = *state;
	json_t *cells = json_object_get(f->run, "cells");
	char *text;

	set_thirds(f);
	write_report(f, true);
	text = file_text(f->folder, "account.svg");
	assert_says(text, "33.4 %");
	free(text);
	text = file_text(f->folder, "report.md");
	assert_says(text, "| 33.4 | 33.3 | 33.3 |");
	free(text);

	while (json_array_size(cells) > 1)
		json_array_remove(cells, 1);
	assert_complete(f, false);
	free(table_text(f));
}

static void test_nothing_measured(void **state)
{
	struct fixture *f = *state;
	char *text;

	for (int i = SEQUENTIAL; i <= PROCESSES_2; i++)
		json_array_remove(json_object_get(f->run, "cells"), SEQUENTIAL);
	write_report(f, true);
	assert_string_equal(f->why, "nothing was measured, so there is nothing to draw");
	text = table_text(f);
	assert_says(text, "nothing could be measured");
	free(text);
}

static void test_values_of_wrong_types(void **state)
{
	struct fixture *f = *state;
	const char *key;
	void *next;
	json_t *value;

	json_object_foreach_safe(cell(f, POOL_2), next, key, value)
		json_object_set_new((json_t *)cell(f, POOL_2), key, json_pack("[{s:s}]", "a", "b"));
	json_object_foreach_safe(summary(f, POOL_1), next, key, value)
		json_object_set_new(summary(f, POOL_1), key, json_string("x"));
	json_object_clear(cell(f, SEQUENTIAL));
	json_object_set_new(f->run, "machine", json_integer(1));
	json_object_set_new(f->run, "command", json_integer(1));
	free(table_text(f));
	write_report(f, true);
}

static void test_gnuplot_is_missing(void **state)
{
	struct fixture *f = *state;
	char *path = strdup(getenv("PATH"));

	setenv("PATH", "/nonexistent", 1);
	write_report(f, true);
	setenv("PATH", path, 1);
	assert_says(f->why, "gnuplot is not installed");
	assert_int_equal(files_in(f->folder, false), 2);
	free(path);
}

/* Makes a program that PATH finds first. */
static void make_program(const struct fixture *f, const char *name, const char *script)
{
	char program[96];
	FILE *out;

	snprintf(program, sizeof(program), "%s/%s", f->folder, name);
	out = fopen(program, "w");
	fprintf(out, "#!/bin/sh\n%s\n", script);
	fclose(out);
	chmod(program, 0755);
	setenv("PATH", f->folder, 1);
}

static void test_characters_without_a_font(void **state)
{
	struct fixture *f = *state;
	char *path = strdup(getenv("PATH")), ascii[] = "a", some[] = "a\xc3\xa9\xe4\xb8\xad", all[] = "a\xc3\xa9\n";

	make_program(f, "fc-list", "echo '20-7e e9 2190-21ff 20'");
	assert_int_equal(fonts_replace(some), 0);
	assert_string_equal(some, "a\xc3\xa9?");
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(fonts_replace(all), 0);
	assert_string_equal(all, "a?\n");
	assert_int_equal(fonts_replace(ascii), 0);
	assert_string_equal(ascii, "a");
	setenv("PATH", path, 1);
	free(path);
}

static void test_gnuplot_fails(void **state)
{
	struct fixture *f = *state;
	char *path = strdup(getenv("PATH"));

	make_program(f, "gnuplot", "echo 'no \033 colour' >&2; exit 3");
	assert_int_equal(report_write_run(f->run, f->folder, true, WHY(f->why)), 1);
	setenv("PATH", path, 1);
	assert_string_equal(f->why, "gnuplot failed: no ? colour (all else is there)");
	make_program(f, "gnuplot", "kill -SEGV $$");
	assert_int_equal(report_write_run(f->run, f->folder, true, WHY(f->why)), 1);
	setenv("PATH", path, 1);
	assert_string_equal(f->why, "gnuplot was killed by SIGSEGV (all else is there)");
	assert_int_equal(files_in(f->folder, false), 3);
	free(path);
}

static void test_a_full_disk(void **state)
{
	struct fixture *f = *state;
	struct rlimit old, none = { 0 };
	char *text;

	put_text(f->folder, "report.md", "old");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	assert_int_equal(report_write_run(f->run, f->folder, false, WHY(f->why)), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	assert_says(f->why, "report.md': File too large");
	text = file_text(f->folder, "report.md");
	assert_string_equal(text, "old");
	free(text);
	assert_int_equal(files_in(f->folder, false), 1);
}

static void test_a_template_with_an_unknown_word(void **state)
{
	struct fixture *f = *state;
	struct page page;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	page_init(&page, "report", strdup("resize"), "ways");
	assert_int_equal(html_write(out, &page, f->folder, "a {{subject}} b {{"), 0);
	fflush(out);
	assert_string_equal(text, "a resize b {{");
	assert_int_equal(html_write(out, &page, f->folder, "{{subjects}}"), -EINVAL);
	page_release(&page);
	fclose(out);
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_share_a_unit),
		cmocka_unit_test(test_numbers_far_apart_have_units_of_their_own),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_control_characters_are_harmless),
		cmocka_unit_test(test_progress),
		TEST(test_names_say_what_is_swept),
		TEST(test_picks_take_the_fastest_in_order),
		TEST(test_accounts_add_up),
		TEST(test_table_at_every_width),
		TEST(test_table_says_all),
		TEST(test_conclusions),
		TEST(test_conclusions_without_a_comparison),
		TEST(test_the_best_chunk),
		TEST(test_one_chunk_is_no_sweep),
		TEST(test_what_stamps_cost),
		TEST(test_gains_over_a_reference),
		TEST(test_references_are_drawn),
		TEST(test_latencies_have_a_table),
		TEST(test_latencies_are_drawn),
		TEST(test_few_latencies_are_not_drawn),
		TEST(test_cells_are_named_once),
		TEST(test_report),
		TEST(test_report_without_plots),
		TEST(test_many_cells),
		TEST(test_one_cell),
		TEST(test_nothing_measured),
		TEST(test_values_of_wrong_types),
		TEST(test_gnuplot_is_missing),
		TEST(test_gnuplot_fails),
		TEST(test_characters_without_a_font),
		TEST(test_a_full_disk),
		TEST(test_a_template_with_an_unknown_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
