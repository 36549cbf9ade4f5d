#include "store/history/internal.h"

#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void history_machine(char *name, size_t size, const json_t *run)
{
	const json_t *machine = json_object_get(run, "machine"), *topology = json_object_get(machine, "topology");
	const char *model = json_text_or(machine, "cpu_model", "");
	const char *below = json_text_or(machine, "virtualisation", "");
	uint64_t processors = json_count(topology, "usable_processors");
	bool virtual = *below && strcmp(below, "none seen") != 0;

	snprintf(name, size, "%s, %" PRIu64 " processor%s, %s%s%s", *model ? model : "unknown processor", processors,
		 processors == 1 ? "" : "s", json_text_or(machine, "architecture", ""), virtual ? ", " : "",
		 virtual ? below : "");
}

/* Returns the value as text and releases the value; NULL for NULL. */
static char *dump(json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	return text;
}

static char *environment_of(const json_t *run)
{
	const char *kernel = json_text_or(json_object_get(run, "machine"), "kernel", "");
	json_t *environment = json_copy(json_object_get(run, "versions")); /* NULL if there are none */

	if (!environment)
		environment = json_object();
	json_object_set_new(environment, "kernel", json_string(kernel));
	return dump(environment);
}

static char *work_of(const json_t *cell)
{
	json_t *work = json_pack("{s:O?, s:O?, s:O?}", "items", json_object_get(cell, "items"), "input",
				 json_object_get(cell, "input"), "params", json_object_get(cell, "params"));
	json_t *picked = json_object_get(cell, "picked");

	if (json_is_array(picked)) /* work of which all items are executed is called as it always was */
		json_object_set(work, "picked", picked);
	return dump(work);
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT);
}

/* Binds the number of this key; if there is none the column stays NULL. */
static void bind_number(sqlite3_stmt *statement, int place, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_number(value))
		sqlite3_bind_double(statement, place, json_number_value(value));
	else
		sqlite3_bind_null(statement, place);
}

/* Returns whether the cell's time means something: all its items had results. */
static bool was_measured(const json_t *cell)
{
	const json_t *wall = json_object_get(json_object_get(cell, "summary"), "wall_ns");
	const json_t *doubts = json_object_get(cell, "doubts");

	return json_says(cell, "status", "ok") && json_double(wall, "median") > 0 &&
	       !json_find(doubts, "code", "incomplete");
}

/* Executes a statement that yields no rows, and resets it for its next use. */
static int step(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	sqlite3_reset(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int add_machine(const struct history *history, const char *name)
{
	sqlite3_stmt *insert;
	int code = history_prepare(history, &insert, "INSERT OR IGNORE INTO machine (name) VALUES (?1)");

	if (code)
		return code;
	bind_text(insert, 1, name);
	code = step(insert);
	sqlite3_finalize(insert);
	return code;
}

/* Binds what a run is recognised by. */
static void bind_key(sqlite3_stmt *statement, const json_t *run, const char *command)
{
	bind_text(statement, 1, json_text_or(run, "started", ""));
	sqlite3_bind_int64(statement, 2, json_integer_value(json_object_get(run, "seed")));
	bind_text(statement, 3, command);
	bind_text(statement, 4, json_text_or(json_object_get(run, "machine"), "host", ""));
}

/* Adds the run without its cells, and sets *id; to 0 if the history has the run already. */
static int add_run(const struct history *history, const json_t *run, const struct run_label *label, const char *machine,
		   sqlite3_int64 *id)
{
	char *environment = environment_of(run), *command = dump(json_incref(json_object_get(run, "command")));
	sqlite3_stmt *insert = NULL;
	int code = SQLITE_NOMEM;

	*id = 0;
	if (environment && command)
		code = history_prepare(
			history, &insert,
			"INSERT OR IGNORE INTO run (started, seed, command, host, machine, \"commit\", dirty,"
			" environment) SELECT ?1, ?2, ?3, ?4, id, ?6, ?7, ?8 FROM machine WHERE name = ?5");
	if (!code) {
		bind_key(insert, run, command);
		bind_text(insert, 5, machine);
		bind_text(insert, 6, label->commit); /* NULL if it is not known */
		sqlite3_bind_int(insert, 7, label->dirty);
		bind_text(insert, 8, environment);
		code = step(insert);
	}
	if (!code && sqlite3_changes(history->file))
		*id = sqlite3_last_insert_rowid(history->file);
	sqlite3_finalize(insert);
	free(environment);
	free(command);
	return code;
}

/* Reads how a run is labelled that the history has already. */
static int read_label(const struct history *history, const json_t *run, struct run_added *added)
{
	char *command = dump(json_incref(json_object_get(run, "command")));
	sqlite3_stmt *query = NULL;
	int code = history_prepare(history, &query,
				   "SELECT name, \"commit\", dirty FROM run JOIN machine ON machine.id = machine WHERE"
				   " started = ?1 AND seed = ?2 AND command = ?3 AND host = ?4");

	if (!code) {
		bind_key(query, run, command);
		code = sqlite3_step(query);
	}
	if (code == SQLITE_ROW) {
		const char *commit = (const char *)sqlite3_column_text(query, 1);

		snprintf(added->machine, sizeof(added->machine), "%s", (const char *)sqlite3_column_text(query, 0));
		snprintf(added->commit, sizeof(added->commit), "%s", commit ? commit : "");
		added->dirty = sqlite3_column_int(query, 2);
	}
	sqlite3_finalize(query);
	free(command);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

static int add_value(sqlite3_stmt *insert_cell, sqlite3_stmt *insert_value, const json_t *cell, sqlite3_int64 run)
{
	const json_t *summary = json_object_get(cell, "summary"), *wall = json_object_get(summary, "wall_ns");
	char *work = work_of(cell);
	int code = SQLITE_NOMEM;

	if (work) {
		bind_text(insert_cell, 1, json_text_or(cell, "id", ""));
		bind_text(insert_cell, 2, work);
		bind_text(insert_value, 1, json_text_or(cell, "id", ""));
		bind_text(insert_value, 2, work);
		sqlite3_bind_int64(insert_value, 3, run);
		bind_number(insert_value, 4, wall, "median");
		bind_number(insert_value, 5, wall, "low");
		bind_number(insert_value, 6, wall, "high");
		bind_number(insert_value, 7, json_object_get(summary, "cpu_ns"), "median");
		bind_number(insert_value, 8, summary, "rss_bytes");
		code = step(insert_cell);
	}
	free(work);
	return code ? code : step(insert_value);
}

static int add_values(const struct history *history, const json_t *run, sqlite3_int64 id)
{
	sqlite3_stmt *insert_cell = NULL, *insert_value = NULL;
	const json_t *cell;
	size_t i;
	int code = history_prepare(history, &insert_cell, "INSERT OR IGNORE INTO cell (name, work) VALUES (?1, ?2)");

	if (!code)
		code = history_prepare(history, &insert_value,
				       "INSERT INTO value SELECT id, ?3, ?4, ?5, ?6, ?7, ?8 FROM cell"
				       " WHERE name = ?1 AND work = ?2");
	json_array_foreach(json_object_get(run, "cells"), i, cell)
		if (!code && was_measured(cell))
			code = add_value(insert_cell, insert_value, cell, id);
	sqlite3_finalize(insert_cell);
	sqlite3_finalize(insert_value);
	return code;
}

static void count_cells(struct run_added *added, const json_t *run)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(run, "cells"), i, cell)
		*(was_measured(cell) ? &added->cells : &added->left_out) += 1;
}

int history_add(struct history *history, const json_t *run, const struct run_label *label, struct run_added *added,
		const struct why *why)
{
	sqlite3_int64 id = 0;
	int code, err;

	*added = (struct run_added){ .already = false };
	count_cells(added, run);
	if (label->machine)
		snprintf(added->machine, sizeof(added->machine), "%s", label->machine);
	else
		history_machine(added->machine, sizeof(added->machine), run);
	if (!added->cells)
		return 0;
	code = history_execute(history, "BEGIN IMMEDIATE");
	if (!code)
		code = add_machine(history, added->machine);
	if (!code)
		code = add_run(history, run, label, added->machine, &id);
	added->already = !code && !id;
	if (!code)
		code = id ? add_values(history, run, id) : read_label(history, run, added);
	if (!code)
		code = history_execute(history, added->already ? "ROLLBACK" : "COMMIT");
	if (!code)
		return 0;
	err = history_fail(history, "write", why);
	history_execute(history, "ROLLBACK"); /* which fails if SQLite has rolled back already */
	return err;
}
