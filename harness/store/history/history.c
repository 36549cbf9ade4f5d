#include "store/history/internal.h"

#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION 0x62656e63 /* tells this file from other databases */
#define WAIT_MS 60000
#define TEXT(value) #value
#define NUMBER(macro) TEXT(macro)

static const char tables[] =
	"CREATE TABLE machine (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE cell (id INTEGER PRIMARY KEY, name TEXT NOT NULL, work TEXT NOT NULL, UNIQUE (name, work));"
	"CREATE TABLE run (id INTEGER PRIMARY KEY, started TEXT NOT NULL, seed INTEGER NOT NULL, command TEXT NOT NULL,"
	" host TEXT NOT NULL, machine INTEGER NOT NULL REFERENCES machine, \"commit\" TEXT, dirty INTEGER NOT NULL,"
	" environment TEXT NOT NULL, UNIQUE (started, seed, command, host));"
	"CREATE TABLE value (cell INTEGER NOT NULL REFERENCES cell, run INTEGER NOT NULL REFERENCES run,"
	" wall_ns REAL NOT NULL, wall_low_ns REAL, wall_high_ns REAL, cpu_ns REAL, rss_bytes REAL,"
	" PRIMARY KEY (cell, run)) WITHOUT ROWID;"
	"PRAGMA application_id = " NUMBER(APPLICATION) ";"
	"PRAGMA user_version = " NUMBER(HISTORY_SCHEMA) ";";

int history_fail(const struct history *history, const char *doing, const struct why *why)
{
	const int code = sqlite3_errcode(history->file) & 0xff, system = sqlite3_system_errno(history->file);
	const char *reason = sqlite3_errmsg(history->file);
	int err = EIO;

	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
		reason = "it is damaged, or no history: move it away, and add the runs again";
		err = EINVAL;
	} else if (code == SQLITE_FULL) {
		err = ENOSPC;
		reason = strerror(err);
	} else if (code == SQLITE_BUSY) {
		err = EBUSY;
		reason = "other processes kept it locked for a minute: try again";
	} else if (code == SQLITE_READONLY || (code == SQLITE_CANTOPEN && access(history->name, F_OK) == 0 &&
					       (system == ENOENT || system == EROFS || system == EACCES))) {
		/* Readers, too, need files beside it, which is what SQLite may have failed to open. */
		err = EROFS;
		reason = "it or its folder is read-only: copy it, or name another by --database";
	} else if ((code == SQLITE_CANTOPEN || code == SQLITE_IOERR) && system) {
		err = system;
		reason = strerror(err);
	}
	why_say(why, "cannot %s '%s': %s", doing, history->name, reason);
	return -err;
}

int history_execute(const struct history *history, const char *sql)
{
	return sqlite3_exec(history->file, sql, NULL, NULL, NULL);
}

int history_prepare(const struct history *history, sqlite3_stmt **statement, const char *sql)
{
	return sqlite3_prepare_v2(history->file, sql, -1, statement, NULL);
}

/* Sets *number to the only number that a query yields. */
static int ask(const struct history *history, const char *sql, int *number)
{
	sqlite3_stmt *statement;
	int code = history_prepare(history, &statement, sql);

	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		*number = sqlite3_column_int(statement, 0);
	return code == SQLITE_OK ? sqlite3_finalize(statement) : code;
}

/* Finds out whether the file is empty, or says why it is no history that can be used. */
static int check(const struct history *history, bool *empty, const struct why *why)
{
	int application = 0, schema = 0, objects = 0;

	if (ask(history, "PRAGMA application_id", &application) || ask(history, "PRAGMA user_version", &schema) ||
	    ask(history, "SELECT count(*) FROM sqlite_master", &objects))
		return history_fail(history, "read", why);
	*empty = objects == 0;
	if (*empty || (application == APPLICATION && schema == HISTORY_SCHEMA))
		return 0;
	if (application != APPLICATION)
		why_say(why, "'%s' is a database, but no history of bench", history->name);
	else
		why_say(why, "'%s' has schema %d, and this bench knows schema %d: use the bench that made it",
			history->name, schema, HISTORY_SCHEMA);
	return -EINVAL;
}

/* Does check() inside one transaction, since another process may be making the tables. */
static int check_at_once(const struct history *history, bool *empty, const struct why *why)
{
	int err = history_execute(history, "BEGIN") ? history_fail(history, "read", why) : 0;

	err = err ? err : check(history, empty, why);
	if (!err && history_execute(history, "COMMIT"))
		err = history_fail(history, "read", why);
	return err;
}

/* Tries again and again, since SQLite does not wait for the lock that WAL mode needs. */
static int use_wal(const struct history *history)
{
	int code = SQLITE_BUSY;

	for (int waited = 0; code == SQLITE_BUSY && waited < WAIT_MS; waited += 10) {
		code = history_execute(history, "PRAGMA journal_mode = WAL");
		if (code == SQLITE_BUSY)
			sqlite3_sleep(10);
	}
	return code;
}

/* Makes the tables, unless another process has made them meanwhile. */
static int create(const struct history *history, const struct why *why)
{
	bool empty = false;
	int err;

	if (use_wal(history) || history_execute(history, "BEGIN IMMEDIATE"))
		return history_fail(history, "write", why);
	err = check(history, &empty, why);
	if (!err && empty && history_execute(history, tables))
		err = history_fail(history, "write", why);
	if (!err && history_execute(history, "COMMIT"))
		err = history_fail(history, "write", why);
	return err;
}

/* Refuses what SQLite would not take for a file, or what keeps nothing. */
static int check_name(const char *file, const struct why *why)
{
	struct stat status;

	if (!file[0] || strcmp(file, ":memory:") == 0 || strncmp(file, "file:", 5) == 0)
		return why_refuse(why, "'%s' is no path to SQLite, but memory or a URI: name a file, such as 'h.db'",
				  file);
	if (stat(file, &status) == 0 && !S_ISREG(status.st_mode))
		return why_refuse(why, "cannot open '%s': it is no regular file", file);
	if (file_check_link(file))
		return why_refuse(why, "cannot open '%s': it is the link of another user", file);
	return 0;
}

static int open_file(struct history *history, const char *name, int flags, bool *empty, const struct why *why)
{
	if (sqlite3_open_v2(name, &history->file, flags, NULL))
		return history_fail(history, "open", why);
	sqlite3_busy_timeout(history->file, WAIT_MS);
	return check_at_once(history, empty, why);
}

/* Whether a file of changes lies beside it that SQLite has not yet brought into the file itself. */
static bool has_changes_beside(const char *file)
{
	char beside[PATH_MAX];
	struct stat status;

	snprintf(beside, sizeof(beside), "%s-wal", file);
	return stat(beside, &status) == 0 && status.st_size > 0;
}

/* The file as a URI which tells SQLite that nobody writes to it; owned by the caller, NULL without memory. */
static char *still_uri(const char *file)
{
	char *uri = NULL;
	size_t size;
	FILE *out = open_memstream(&uri, &size);

	if (!out)
		return NULL;
	fputs(file[0] == '/' ? "file://" : "file:", out);
	for (; *file; file++)
		fprintf(out, isalnum((unsigned char)*file) || strchr("/._-", *file) ? "%c" : "%%%02X",
			(unsigned char)*file);
	fputs("?immutable=1", out);
	return fclose(out) == 0 ? uri : NULL;
}

/* Opens the file for a reader who may not write to its folder, in which SQLite wants to make files beside it. */
static int open_still(struct history *history, bool *empty, const struct why *why)
{
	char *uri = still_uri(history->name);
	int err = -ENOMEM;

	sqlite3_close(history->file);
	history->file = NULL;
	history->still = stat(history->name, &history->before) == 0;
	if (uri)
		err = open_file(history, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, empty, why);
	free(uri);
	return err;
}

int history_check_still(const struct history *history, const struct why *why)
{
	const struct stat *before = &history->before;
	struct stat now;

	if (!history->still || (stat(history->name, &now) == 0 && now.st_ino == before->st_ino &&
				now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
				now.st_mtim.tv_nsec == before->st_mtim.tv_nsec))
		return 0;
	why_say(why, "cannot read '%s': another process has just written to it: try again", history->name);
	return -EAGAIN;
}

int history_open(struct history **history, const char *file, bool add, const struct why *why)
{
	const int flags = add ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
	struct history *opened = calloc(1, sizeof(*opened));
	bool empty = false;
	int err = opened && (opened->name = strdup(file)) ? check_name(file, why) : -ENOMEM;

	*history = NULL;
	if (err == -ENOMEM) {
		why_say(why, "cannot open '%s': %s", file, strerror(-err));
	} else if (!err && !add && access(file, F_OK) != 0) {
		err = -errno;
		why_say(why, "cannot open '%s': %s (`bench history add RUN` begins a history)", file, strerror(-err));
	}
	if (!err)
		err = open_file(opened, file, flags, &empty, why);
	if (err == -EROFS && !add && has_changes_beside(file))
		why_say(why, "cannot read '%s': '%s-wal' has changes to it, which only who may write there can read",
			file, file);
	else if (err == -EROFS && !add)
		err = open_still(opened, &empty, why);
	if (!err && empty && !add) {
		why_say(why, "'%s' is empty (`bench history add RUN` begins a history)", file);
		err = -ENODATA;
	}
	if (!err && add)
		err = create(opened, why);
	if (err)
		history_close(opened);
	else
		*history = opened;
	return err;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	sqlite3_close(history->file);
	free(history->name);
	free(history);
}
