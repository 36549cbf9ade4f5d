/* What a history keeps of runs, and which files it refuses. */
#include "store/history/history.h"
#include "tests/test.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

struct box {
	char folder[64], file[80], why[512];
	struct history *history;
};

static int set_up(void **state)
{
	struct box *box = calloc(1, sizeof(*box));

	if (!box)
		return -1;
	snprintf(box->folder, sizeof(box->folder), "/tmp/bench-history-XXXXXX");
	if (!mkdtemp(box->folder))
		return -1;
	snprintf(box->file, sizeof(box->file), "%s/history.db", box->folder);
	*state = box;
	return 0;
}

static void tear_down_history(struct box *box)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[96];

	history_close(box->history);
	box->history = NULL;
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", box->file, ends[i]);
		unlink(name);
	}
}

static int tear_down(void **state)
{
	struct box *box = *state;

	tear_down_history(box);
	rmdir(box->folder);
	free(box);
	return 0;
}

static void open_history(struct box *box, bool add)
{
	history_close(box->history);
	if (history_open(&box->history, box->file, add, WHY(box->why)))
		fail_msg("%s", box->why);
}

/* Opening must fail, for reading and for adding, with this in the message. */
static void assert_refused(struct box *box, const char *expected)
{
	for (int add = 0; add < 2; add++) {
		assert_true(history_open(&box->history, box->file, add, WHY(box->why)) < 0);
		assert_null(box->history);
		if (!strstr(box->why, expected) || !strstr(box->why, box->file) || strchr(box->why, '\n'))
			fail_msg("'%s' in: %s", expected, box->why);
	}
}

static json_t *cell(const char *id, const char *status, double wall_ns, int items)
{
	return json_pack("{s:s, s:s, s:i, s:n, s:{s:s}, s:[], s:[], s:{s:{s:f, s:f, s:f}, s:{s:f}, s:i}}", "id", id,
			 "status", status, "items", items, "input", "params", "size", "300x300", "samples", "doubts",
			 "summary", "wall_ns", "median", wall_ns, "low", wall_ns - 1, "high", wall_ns + 1, "cpu_ns",
			 "median", wall_ns / 2, "rss_bytes", 4096);
}

/* Makes a run, which owns the cells from now on. */
static json_t *run(const char *started, int processors, json_t *cells)
{
	return json_pack("{s:i, s:s, s:i, s:[s], s:{s:s}, s:{s:s, s:s, s:s, s:s, s:{s:i}}, s:o}", "schema", 1,
			 "started", started, "seed", 7, "command", "./bench", "versions", "compiler", "gcc", "machine",
			 "cpu_model", "Chip", "architecture", "x86_64", "host", "here", "virtualisation", "none seen",
			 "topology", "usable_processors", processors, "cells", cells);
}

/* Adds a run to the history, and releases it. */
static struct run_added add(struct box *box, json_t *made, const char *commit, bool dirty)
{
	struct run_added added;

	if (history_add(box->history, made, &(struct run_label){ commit, dirty, NULL }, &added, WHY(box->why)))
		fail_msg("%s", box->why);
	json_decref(made);
	return added;
}

static struct history_list read_list(struct box *box, enum history_measure measure, const char *machine,
				     const char *name)
{
	struct history_list list;

	if (history_read(&list, box->history, measure, machine, name, WHY(box->why)))
		fail_msg("%s", box->why);
	return list;
}

static void test_keeps_what_was_measured(void **state)
{
	struct box *box = *state;
	struct run_added added;
	struct history_list list;
	struct history_point *point;

	open_history(box, true);
	added = add(box,
		    run("2026-01-02T00:00:00Z", 2,
			json_pack("[o, o]", cell("a/pool", "ok", 2e6, 48), cell("b/pool", "failed", 0, 48))),
		    "c2", true);
	assert_false(added.already);
	assert_int_equal(added.cells, 1);
	assert_int_equal(added.left_out, 1);
	assert_string_equal(added.machine, "Chip, 2 processors, x86_64");
	add(box, run("2026-01-01T00:00:00Z", 2, json_pack("[o]", cell("a/pool", "ok", 1e6, 48))), NULL, false);
	open_history(box, false);
	list = read_list(box, HISTORY_WALL, NULL, NULL);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.series[0].cell, "a/pool");
	assert_int_equal(json_integer_value(json_object_get(list.series[0].work, "items")), 48);
	assert_int_equal(list.series[0].points, 2);
	point = list.series[0].point; /* in the order of their start, not of being added */
	assert_string_equal(point[0].started, "2026-01-01T00:00:00Z");
	assert_null(point[0].commit);
	assert_string_equal(point[1].commit, "c2");
	assert_true(point[1].dirty && !point[0].dirty);
	assert_true(point[1].value == 2e6 && point[1].low == 2e6 - 1 && point[1].high == 2e6 + 1);
	assert_non_null(strstr(point[1].environment, "\"compiler\":\"gcc\""));
	history_list_release(&list);
	list = read_list(box, HISTORY_CPU, NULL, NULL);
	assert_true(list.series[0].point[1].value == 1e6 && isnan(list.series[0].point[1].low));
	history_list_release(&list);
}

static void test_twice_is_once(void **state)
{
	struct box *box = *state;
	struct history_list list;

	open_history(box, true);
	for (int i = 0; i < 3; i++) {
		struct run_added added =
			add(box, run("2026-01-01T00:00:00Z", 2, json_pack("[o]", cell("a", "ok", 1e6, 48))),
			    i ? "other" : "first", false);

		assert_int_equal(added.already, i > 0);
	}
	list = read_list(box, HISTORY_WALL, NULL, NULL);
	assert_int_equal(list.series[0].points, 1);
	assert_string_equal(list.series[0].point[0].commit, "first");
	history_list_release(&list);
}

static void test_series_are_not_mixed(void **state)
{
	struct box *box = *state;
	struct history_list list;

	open_history(box, true);
	add(box, run("2026-01-01T00:00:00Z", 2, json_pack("[o, o]", cell("a", "ok", 1, 48), cell("b", "ok", 2, 48))),
	    NULL, false);
	add(box, run("2026-01-02T00:00:00Z", 4, json_pack("[o]", cell("a", "ok", 3, 48))), NULL, false);
	add(box, run("2026-01-03T00:00:00Z", 2, json_pack("[o]", cell("a", "ok", 4, 96))), NULL, false);
	list = read_list(box, HISTORY_WALL, NULL, NULL);
	assert_int_equal(list.count, 4); /* two machines; cell a of the first with 48 and with 96 items */
	history_list_release(&list);
	list = read_list(box, HISTORY_WALL, "Chip, 4 processors, x86_64", NULL);
	assert_int_equal(list.count, 1);
	assert_true(list.series[0].point[0].value == 3);
	history_list_release(&list);
	list = read_list(box, HISTORY_WALL, NULL, "b");
	assert_int_equal(list.count, 1);
	history_list_release(&list);
	list = read_list(box, HISTORY_WALL, NULL, "*");
	assert_int_equal(list.count, 4);
	history_list_release(&list);
	list = read_list(box, HISTORY_WALL, NULL, "c");
	assert_int_equal(list.count, 0);
	history_list_release(&list);
}

static void test_incomplete_rounds_say_nothing(void **state)
{
	struct box *box = *state;
	json_t *incomplete = cell("a", "ok", 1e6, 48);
	struct run_added added;

	json_object_set_new(incomplete, "doubts", json_pack("[{s:s}]", "code", "incomplete"));
	open_history(box, true);
	added = add(box, run("2026-01-01T00:00:00Z", 2, json_pack("[o]", incomplete)), NULL, false);
	assert_int_equal(added.cells, 0);
	assert_int_equal(added.left_out, 1);
}

static void test_searches_each_series(void **state)
{
	struct box *box = *state;
	struct change_search search = CHANGE_SEARCH_PRESET;
	struct history_list list;

	open_history(box, true);
	for (int i = 0; i < 40; i++) {
		char started[24];

		snprintf(started, sizeof(started), "2026-01-01T00:%02d:00Z", i);
		add(box,
		    run(started, 2,
			json_pack("[o, o]", cell("a", "ok", 1e6 + i % 3, 48),
				  cell("b", "ok", (i < 25 ? 1e6 : 1.1e6) + 1000 * (i % 3), 48))),
		    NULL, false);
	}
	list = read_list(box, HISTORY_WALL, NULL, NULL);
	assert_int_equal(history_search(&list, &search), 0);
	assert_int_equal(list.series[0].changes, 0);
	assert_int_equal(list.series[1].changes, 1);
	assert_int_equal(list.series[1].change[0].at, 25);
	history_list_release(&list);
}

static void make_database(const struct box *box, const char *sql)
{
	sqlite3 *file;

	assert_int_equal(sqlite3_open(box->file, &file), SQLITE_OK);
	assert_int_equal(sqlite3_exec(file, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(file);
}

static void test_refuses_other_files(void **state)
{
	struct box *box = *state;
	FILE *file = fopen(box->file, "w");

	for (int i = 0; i < 1000; i++)
		fprintf(file, "this is no database\n");
	fclose(file);
	assert_refused(box, "it is damaged, or no history: move it away");
	unlink(box->file);
	make_database(box, "CREATE TABLE t (x)");
	assert_refused(box, "is a database, but no history of bench");
	unlink(box->file);
	open_history(box, true);
	history_close(box->history);
	box->history = NULL;
	make_database(box, "PRAGMA user_version = 99");
	assert_refused(box, "has schema 99, and this bench knows schema 1");
}

static void test_missing_history(void **state)
{
	struct box *box = *state;

	assert_int_equal(history_open(&box->history, box->file, false, WHY(box->why)), -ENOENT);
	assert_non_null(strstr(box->why, "No such file"));
	assert_int_equal(access(box->file, F_OK), -1); /* looking makes none */
	fclose(fopen(box->file, "w"));
	assert_int_equal(history_open(&box->history, box->file, false, WHY(box->why)), -ENODATA);
	assert_non_null(strstr(box->why, "is empty"));
	open_history(box, true); /* an empty file becomes one */
	tear_down_history(box);
	snprintf(box->file, sizeof(box->file), "%s/no/history.db", box->folder);
	assert_int_equal(history_open(&box->history, box->file, true, WHY(box->why)), -ENOENT);
	assert_non_null(strstr(box->why, "No such file"));
}

/* A reader who may not write to the folder does not get what was half new. */
static void test_notices_a_writer(void **state)
{
	struct box *box = *state;
	struct history_list list;
	uid_t user = geteuid();

	open_history(box, true);
	add(box, run("2026-01-01T00:00:00Z", 2, json_pack("[o]", cell("a/pool", "ok", 1e6, 48))), NULL, false);
	history_close(box->history);
	box->history = NULL;
	assert_int_equal(chmod(box->folder, 0555), 0);
	assert_int_equal(user ? 0 : seteuid(65534), 0);
	open_history(box, false);
	assert_int_equal(seteuid(user), 0);
	assert_int_equal(chmod(box->folder, 0755), 0);
	list = read_list(box, HISTORY_WALL, NULL, NULL);
	assert_int_equal(list.count, 1);
	history_list_release(&list);
	make_database(box, "UPDATE value SET wall_ns = 1");
	assert_int_equal(history_read(&list, box->history, HISTORY_WALL, NULL, NULL, WHY(box->why)), -EAGAIN);
	assert_non_null(strstr(box->why, "try again"));
	history_list_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keeps_what_was_measured, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_twice_is_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_series_are_not_mixed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_incomplete_rounds_say_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_searches_each_series, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_other_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_history, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_notices_a_writer, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
