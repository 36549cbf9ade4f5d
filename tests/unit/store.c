/* The result file: what is written can be read again, and if writing fails the old file stays. */
#include "base/json.h"
#include "base/root.h"
#include "store/run/store.h"
#include "store/values.h"
#include "tests/test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const values[] = { "1000" };
static char *const command[] = { "./bench", "--input", "b\xe4r", NULL };

struct fixture {
	char folder[64], why[256];
	struct cell cell[2];
	struct run_cell run_cell[2];
	struct invocation invocation;
	struct worker_sample worker[2];
	struct sample sample;
	struct run run;
};

static struct sample pool_sample(struct worker_sample worker[2])
{
	struct sample sample = {
		.started_ns = 5, .wall_ns = 1000, .cpu_ns = 1900, .items = 10, .digest = 0xdeadbeef, .workers = 2,
		.worker = worker,
		.total = { .part_ns = { [PART_SPAWN] = 40, [PART_BODY] = 1900 }, .body_cpu_ns = 1850,
			   .body_wait_ns = 50, .counters = { 3, NAN, 0.5 } },
	};

	worker[0] = (struct worker_sample){ .pid = 11, .tid = 12, .items = 10, .bound_to = { { 1u << 3, 1 } },
					    .part_ns = { [PART_BODY] = 950 }, .counters = { 3, NAN, NAN } };
	worker[1] = (struct worker_sample){ .pid = 13, .tid = 13, .counters = { NAN, NAN, NAN } };
	return sample;
}

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	strcpy(f.folder, "/tmp/bench-store-XXXXXX");
	if (!mkdtemp(f.folder))
		return -1;
	f.cell[0] = (struct cell){ .id = "sumsq?n=1000/pool/shm/dynamic:2/2", .workload = "sumsq", .values = values,
				   .mode = "pool", .transport = "shm", .schedule = "dynamic", .chunk = 2, .workers = 2,
				   .bind = "core", .items = 10 };
	f.cell[1] = (struct cell){ .id = "sumsq?n=1000/sequential/-/-/1", .workload = "sumsq", .values = values,
				   .mode = "sequential", .workers = 1, .bind = "core", .items = 10 };
	f.sample = pool_sample(f.worker);
	f.invocation = (struct invocation){ .start_ns = 7, .end_ns = 8 };
	f.run_cell[0] = (struct run_cell){
		.cell = &f.cell[0], .invocations = &f.invocation, .invocation_count = 1, .samples = &f.sample,
		.sample_count = 1, .doubts = 1u << DOUBT_SMT, .counter_count = 3,
		.counters = { { "faults", "1", COUNTER_COUNTED, "" },
			      { "instructions", "1", COUNTER_NOT_AVAILABLE, "no PMU" },
			      { "cycles", "1", COUNTER_MULTIPLEXED, "half of the time" } },
	};
	f.run_cell[1] = (struct run_cell){ .cell = &f.cell[1], .status = CELL_FAILED,
					   .failure = { .kind = FAILURE_SIGNAL, .pid = 99, .signal = 11,
							.exit_status = -1, .item = 4, .after_ns = 6,
							.message = "crashed" } };
	f.run = (struct run){ .command = command, .seed = 1, .started = "2026-01-31T12:00:00Z", .cells = f.run_cell,
			      .cell_count = 2 };
	*state = &f;
	return 0;
}

static void path_in(const struct fixture *f, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", f->folder, name);
}

static int teardown(void **state)
{
	const struct fixture *f = *state;
	char path[128];

	path_in(f, "run.json", path);
	unlink(path);
	return rmdir(f->folder); /* fails, and so does the test, if anything else was left */
}

static json_t *write_and_read(struct fixture *f)
{
	json_t *run;

	if (store_write(&f->run, f->folder, true, WHY(f->why)) != 0)
		fail_msg("%s", f->why);
	run = store_read(f->folder, WHY(f->why));
	if (!run)
		fail_msg("%s", f->why);
	return run;
}

/* Returns the value at a path such as "cells 0 samples 0 wall_ns". */
static json_t *at(json_t *value, const char *path)
{
	char words[128], *rest, *word;

	snprintf(words, sizeof(words), "%s", path);
	for (word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		value = json_is_array(value) ? json_array_get(value, strtoul(word, NULL, 10))
					     : json_object_get(value, word);
	if (!value)
		fail_msg("there is no %s", path);
	return value;
}

static void assert_text(json_t *run, const char *path, const char *expected)
{
	assert_string_equal(json_string_value(at(run, path)), expected);
}

static void assert_integer(json_t *run, const char *path, json_int_t expected)
{
	assert_true(json_is_integer(at(run, path)));
	assert_int_equal(json_integer_value(at(run, path)), expected);
}

static void assert_null_at(json_t *run, const char *path)
{
	assert_true(json_is_null(at(run, path)));
}

static void test_round_trip(void **state)
{
	json_t *run = write_and_read(*state);

	assert_integer(run, "schema", 1);
	assert_integer(run, "seed", 1);
	assert_text(run, "command 2", "b\xef\xbf\xbdr");
	assert_null_at(run, "interrupted");
	assert_true(json_is_object(at(run, "machine")));
	assert_text(run, "cells 0 id", "sumsq?n=1000/pool/shm/dynamic:2/2");
	assert_text(run, "cells 0 params n", "1000");
	assert_text(run, "cells 0 per", "worker");
	assert_text(run, "cells 0 status", "ok");
	assert_integer(run, "cells 0 chunk", 2);
	assert_null_at(run, "cells 0 input");
	assert_null_at(run, "cells 0 reason");
	assert_null_at(run, "cells 0 probe_effect_ns");
	assert_integer(run, "cells 0 invocations 0 end_ns", 8);
	assert_null_at(run, "cells 1 transport");
	assert_null_at(run, "cells 1 schedule");
	assert_null_at(run, "cells 1 chunk");
	json_decref(run);
}

static void test_samples(void **state)
{
	json_t *run = write_and_read(*state);

	assert_integer(run, "cells 0 samples 0 wall_ns", 1000);
	assert_text(run, "cells 0 samples 0 digest", "00000000deadbeef");
	assert_true(json_is_false(at(run, "cells 0 samples 0 warmup")));
	assert_integer(run, "cells 0 samples 0 account_ns spawn", 40);
	assert_integer(run, "cells 0 samples 0 account_ns useful", 1900);
	assert_integer(run, "cells 0 samples 0 account_ns unexplained", 60);
	assert_integer(run, "cells 0 samples 0 workers 0 pid", 11);
	assert_integer(run, "cells 0 samples 0 workers 0 bound_to 0", 3);
	assert_integer(run, "cells 0 samples 0 workers 0 bound_to 1", 64);
	assert_int_equal(json_array_size(at(run, "cells 0 samples 0 workers 1 bound_to")), 0);
	assert_int_equal(json_array_size(at(run, "cells 0 samples 0 workers 1 counters")), 0);
	assert_int_equal(json_array_size(at(run, "cells 0 samples 0 counters")), 2);
	assert_text(run, "cells 0 samples 0 counters 1 status", "multiplexed");
	json_decref(run);
}

static void test_summary_and_doubts(void **state)
{
	json_t *run = write_and_read(*state);

	assert_integer(run, "cells 0 summary rounds", 1);
	assert_integer(run, "cells 0 summary wall_ns median", 1000);
	assert_integer(run, "cells 0 summary wall_ns level", 0);
	assert_null_at(run, "cells 0 summary speedup");
	assert_null_at(run, "cells 0 summary rss_bytes");
	assert_integer(run, "cells 0 summary crew_ns start median", 7);
	assert_null_at(run, "cells 0 summary pop computational");
	assert_integer(run, "cells 0 summary counters 0 value", 3);
	assert_text(run, "cells 0 summary counters 1 status", "not available");
	assert_text(run, "cells 0 summary counters 1 reason", "no PMU");
	assert_null_at(run, "cells 0 summary counters 1 value");
	assert_text(run, "cells 0 doubts 0 code", "too_short");
	assert_text(run, "cells 0 doubts 2 code", "smt");
	assert_null_at(run, "cells 1 summary wall_ns");
	assert_null_at(run, "cells 1 summary account_ns useful");
	json_decref(run);
}

static void test_failures(void **state)
{
	json_t *run = write_and_read(*state);

	assert_text(run, "cells 1 status", "failed");
	assert_text(run, "cells 1 failure kind", "signal");
	assert_integer(run, "cells 1 failure signal", 11);
	assert_null_at(run, "cells 1 failure exit_status");
	assert_integer(run, "cells 1 failure item", 4);
	assert_text(run, "cells 1 failure message", "crashed");
	assert_null_at(run, "cells 0 failure");
	json_decref(run);
}

/* There are 60 samples of 256 workers. Of 7000 entries 6940 are left for workers, which is enough for 27 samples. */
static void test_the_file_stays_small(void **state)
{
	struct fixture *f = *state;
	struct sample *samples = calloc(60, sizeof(*samples));
	struct worker_sample *workers = calloc(256, sizeof(*workers));
	json_t *run;

	assert_true(samples && workers);
	for (uint32_t i = 0; i < 60; i++)
		samples[i] = (struct sample){ .invocation = i, .wall_ns = 1000, .workers = 256, .worker = workers };
	f->cell[0].workers = 256;
	f->run_cell[0].samples = samples;
	f->run_cell[0].sample_count = 60;
	f->run.cell_count = 1;
	run = write_and_read(f);
	assert_int_equal(json_array_size(at(run, "cells 0 samples")), 60);
	assert_int_equal(json_array_size(at(run, "cells 0 samples 26 workers")), 256);
	assert_int_equal(json_array_size(at(run, "cells 0 samples 27 workers")), 0);
	json_decref(run);
	free(samples);
	free(workers);
}

static void test_unknown_numbers_are_null(void **state)
{
	json_t *null = value_number(NAN), *infinite = value_number(-INFINITY);
	json_t *whole = value_number(3), *half = value_number(0.5);

	assert_true(json_is_null(null) && json_is_null(infinite));
	assert_true(json_is_integer(whole));
	assert_true(json_is_real(half));
	assert_true(json_is_null(value_interval(INTERVAL_UNKNOWN)));
	json_decref(whole);
	json_decref(half);
}

static void test_text_is_mended(void **state)
{
	static const char *const pairs[][2] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x99\x82", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x99\x82" },
		{ "\xff", "\xef\xbf\xbd" },
		{ "a\xc3", "a\xef\xbf\xbd" },
		{ "\xc3\xa4\x80z", "\xc3\xa4\xef\xbf\xbdz" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },                 /* an overlong slash */
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* half of a surrogate pair */
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		json_t *text = value_text(pairs[i][0]);

		assert_string_equal(json_string_value(text), pairs[i][1]);
		json_decref(text);
	}
}

/* Returns the file as it is, to compare it later. */
static json_t *old_file(struct fixture *f)
{
	json_t *old = write_and_read(f);

	f->run.seed++;
	return old;
}

static void assert_unchanged(struct fixture *f, json_t *old)
{
	json_t *now = store_read(f->folder, WHY(f->why));
	DIR *folder = opendir(f->folder);
	struct dirent *entry;
	int entries = 0;

	assert_true(json_equal(old, now));
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		entries += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(folder);
	assert_int_equal(entries, 1);
	json_decref(old);
	json_decref(now);
}

/* A link that somebody has prepared under the name of the new file is removed, not followed. */
static void test_a_prepared_link(void **state)
{
	struct fixture *f = *state;
	char path[128], target[128], text[8] = "";
	FILE *file;

	path_in(f, "target", target);
	path_in(f, ".run.json.new", path);
	file = fopen(target, "w+");
	fputs("mine", file);
	assert_int_equal(symlink("target", path), 0);
	assert_int_equal(store_write(&f->run, f->folder, false, WHY(f->why)), 0);
	rewind(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, "mine");
	assert_int_equal(unlink(target), 0);
	assert_int_equal(access(path, F_OK), -1);
}

/* What has the name of the new file cannot be removed. */
static void test_a_file_that_cannot_be_made(void **state)
{
	struct fixture *f = *state;
	json_t *old = old_file(f);
	char path[128];

	path_in(f, ".run.json.new", path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(store_write(&f->run, f->folder, false, WHY(f->why)), -EISDIR);
	assert_non_null(strstr(f->why, "run.json': Is a directory"));
	assert_int_equal(rmdir(path), 0);
	assert_unchanged(f, old);
}

/* A part of the new file is written before the limit is reached. */
static void test_a_file_that_may_not_grow(void **state)
{
	struct fixture *f = *state;
	json_t *old = old_file(f);
	struct rlimit limit, small;

	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 1000;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(store_write(&f->run, f->folder, false, WHY(f->why)), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_DFL);
	assert_unchanged(f, old);
}

static void test_a_missing_folder(void **state)
{
	struct fixture *f = *state;
	char path[128];

	path_in(f, "missing", path);
	assert_int_equal(store_write(&f->run, path, false, WHY(f->why)), -ENOENT);
	assert_non_null(strstr(f->why, "cannot write '/tmp/bench-store-"));
	assert_null(store_read(path, WHY(f->why)));
	assert_non_null(strstr(f->why, "cannot read '/tmp/bench-store-"));
	assert_null(store_read(f->folder, WHY(f->why)));
	assert_non_null(strstr(f->why, "No such file or directory"));
}

/* Whether both are the same, numbers but for a share of 1e-9: they are computed anew. */
static bool are_same(json_t *before, json_t *after)
{
	const char *key;
	json_t *value;
	bool same = true;

	if (json_is_number(before) && json_is_number(after)) {
		double one = json_number_value(before), other = json_number_value(after);

		return fabs(one - other) <= 1e-9 * fabs(one);
	}
	if (!json_is_object(before))
		return json_equal(before, after);
	json_object_foreach(before, key, value)
		same &= are_same(value, json_object_get(after, key));
	return same;
}

static void assert_same(json_t *before, json_t *after)
{
	const char *key;
	json_t *value;

	json_object_foreach(before, key, value) {
		char *own = json_dumps(value, JSON_ENCODE_ANY);
		char *other = json_dumps(json_object_get(after, key), JSON_ENCODE_ANY);

		if (!are_same(value, json_object_get(after, key)))
			fail_msg("%s: %s is not %s", key, other ? other : "nothing", own);
		free(own);
		free(other);
	}
}

/* A run that was measured has the same numbers when it is read: the summary follows from what is stored. */
static void test_a_run_keeps_its_numbers(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 64], root[PATH_MAX];
	json_t *stored, *read, *cell;
	size_t k;

	snprintf(path, sizeof(path), "%s/results/reference/run.json", project_root(root));
	stored = json_load_file(path, 0, NULL);
	read = store_read(path, WHY(f->why));
	assert_non_null(stored);
	assert_non_null(read);
	json_array_foreach(json_object_get(read, "cells"), k, cell) {
		json_t *before = json_array_get(json_object_get(stored, "cells"), k);

		assert_same(json_object_get(before, "summary"), json_object_get(cell, "summary"));
		assert_true(json_equal(json_object_get(before, "doubts"), json_object_get(cell, "doubts")));
	}
	json_decref(stored);
	json_decref(read);
}

/* Whatever the file says of its samples, the numbers that are shown are theirs. */
static void test_the_summary_is_that_of_the_samples(void **state)
{
	struct fixture *f = *state;
	json_t *run = write_and_read(f), *cell, *summary;
	char path[128];

	cell = json_array_get(json_object_get(run, "cells"), 0);
	json_object_set_new(json_array_get(json_object_get(cell, "samples"), 0), "wall_ns", json_integer(3000000));
	json_object_set_new(json_object_get(cell, "summary"), "own", json_string("kept"));
	path_in(f, "run.json", path);
	assert_int_equal(json_dump_file(run, path, 0), 0);
	json_decref(run);
	run = store_read(path, WHY(f->why));
	cell = json_array_get(json_object_get(run, "cells"), 0);
	summary = json_object_get(cell, "summary");
	assert_true(json_double(json_object_get(summary, "wall_ns"), "median") == 3e6);
	assert_string_equal(json_text(summary, "own"), "kept");
	assert_non_null(json_find(json_object_get(cell, "doubts"), "code", "account_unexplained"));
	json_decref(run);
}

#define CELL(sample) "{\"id\": \"x\", \"status\": \"ok\", \"summary\": {}, \"samples\": [" sample "]}"

static void test_what_is_no_run_file(void **state)
{
	static const char *const texts[][2] = {
		{ "", "no JSON at line 1" },
		{ "{\n\x1b[31m", "no JSON at line 2" },
		{ "[]", "it has no schema" },
		{ "{\"schema\": \"1\"}", "it has no schema" },
		{ "{\"schema\": 2, \"cells\": []}", "its schema is not" },
		{ "{\"schema\": 1}", "it has no cells" },
		{ "{\"schema\": 1, \"cells\": [3]}", "a cell lacks" },
		{ "{\"schema\": 1, \"cells\": [{\"id\": \"x\"}]}", "a cell lacks" },
		{ "{\"schema\": 1, \"started\": \"not a date\", \"cells\": []}", "its start is no date" },
		{ "{\"schema\": 1, \"started\": \"2026-02-31T12:00:00Z\", \"cells\": []}", "its start is no date" },
		{ "{\"schema\": 1, \"started\": 7, \"cells\": []}", "its start is no date" },
		{ "{\"schema\": 1, \"cells\": [" CELL("{\"wall_ns\": 0}") "]}", "not above 0" },
		{ "{\"schema\": 1, \"cells\": [" CELL("{\"wall_ns\": -5}") "]}", "not above 0" },
		{ "{\"schema\": 1, \"cells\": [" CELL("{}") "]}", "a round has no time" },
		{ "{\"schema\": 1, \"cells\": [" CELL("{\"wall_ns\": 5, \"cpu_ns\": -1}") "]}", "is below 0" },
		{ "{\"schema\": 1, \"cells\": [" CELL("{\"wall_ns\": 5, \"round\": \"1\"}") "]}", "is below 0" },
	};
	struct fixture *f = *state;
	char path[128];

	path_in(f, "run.json", path);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(texts[i][0], file);
		fclose(file);
		assert_null(store_read(path, WHY(f->why)));
		assert_non_null(strstr(f->why, "run.json' is not a run file: "));
		assert_non_null(strstr(f->why, texts[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_and_doubts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_file_stays_small, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_prepared_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_file_that_cannot_be_made, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_file_that_may_not_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_missing_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_run_keeps_its_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_summary_is_that_of_the_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_run_file, setup, teardown),
		cmocka_unit_test(test_unknown_numbers_are_null),
		cmocka_unit_test(test_text_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
