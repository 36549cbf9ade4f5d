#include "store/run/store.h"

#include "base/file.h"
#include "store/run/cell.h"
#include "store/values.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "run.json"
#define ENTRIES_MAX 7000              /* samples and workers; with 20 counters an entry takes 2 kB */

/* How many workers' entries each cell may have, so that the file stays a size that people can handle. */
static size_t workers_listed(const struct run *run)
{
	size_t samples = 0, workers = 0;

	for (size_t i = 0; i < run->cell_count; i++) {
		samples += run->cells[i].sample_count;
		workers += run->cells[i].sample_count * run->cells[i].cell->workers;
	}
	if (samples + workers <= ENTRIES_MAX)
		return SIZE_MAX;
	return samples < ENTRIES_MAX ? (ENTRIES_MAX - samples) / run->cell_count : 0;
}

static void write_run(struct writer *writer, const void *what)
{
	const struct run *run = what;
	size_t listed = workers_listed(run);

	writer_text(writer, "{\n");
	writer_key(writer, "schema", json_integer(STORE_SCHEMA));
	writer_key(writer, "command", value_words(run->command));
	writer_key(writer, "seed", value_count(run->seed));
	writer_key(writer, "started", value_text(run->started));
	writer_key(writer, "interrupted", value_text(run->interrupted));
	writer_key(writer, "versions", value_object_or_empty(run->versions));
	writer_key(writer, "machine", value_object_or_empty(run->machine));
	writer_text(writer, "\"cells\":[");
	for (size_t i = 0; i < run->cell_count; i++) {
		writer_text(writer, i ? ",\n" : "\n");
		cell_json_write(writer, run, &run->cells[i], listed);
	}
	writer_text(writer, "\n]\n}\n");
}

int store_write(const struct run *run, const char *folder, bool last, const struct why *why)
{
	return file_put(folder, FILE_NAME, write_run, run, last, why);
}

static bool is_cell(const json_t *cell)
{
	return json_is_string(json_object_get(cell, "id")) && json_is_string(json_object_get(cell, "status")) &&
	       json_is_array(json_object_get(cell, "samples")) && json_is_object(json_object_get(cell, "summary"));
}

/* Says what keeps `run` from being a run of this schema; NULL: nothing. */
static const char *flaw(const json_t *run)
{
	const json_t *schema = json_object_get(run, "schema"), *cells = json_object_get(run, "cells"), *cell;
	size_t i;

	if (!json_is_integer(schema))
		return "it has no schema";
	if (json_integer_value(schema) != STORE_SCHEMA)
		return "its schema is not the one that this build reads";
	if (!json_is_array(cells))
		return "it has no cells";
	json_array_foreach (cells, i, cell)
		if (!is_cell(cell))
			return "a cell lacks its id, status, samples or summary";
	return NULL;
}

/* The file to read for a run's folder or file, open; NULL with errno set. */
static FILE *open_run(const char *folder_or_file)
{
	int fd = open(folder_or_file, O_RDONLY | O_CLOEXEC), inside;
	struct stat status;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		inside = openat(fd, FILE_NAME, O_RDONLY | O_CLOEXEC);
		close(fd);
		fd = inside;
	}
	return fd < 0 ? NULL : fdopen(fd, "r");
}

json_t *store_read(const char *folder_or_file, const struct why *why)
{
	FILE *file = open_run(folder_or_file);
	const char *wrong;
	json_error_t error;
	json_t *run;

	if (!file) {
		why_say(why, "cannot read '%s', or " FILE_NAME " in it: %s", folder_or_file, strerror(errno));
		return NULL;
	}
	run = json_loadf(file, 0, &error);
	fclose(file);
	wrong = flaw(run);
	if (!run) /* the parser's own words may repeat control characters of the file */
		why_say(why, "'%s' is not a run file: no JSON at line %d", folder_or_file, error.line);
	else if (wrong)
		why_say(why, "'%s' is not a run file: %s", folder_or_file, wrong);
	if (run && !wrong)
		return run;
	json_decref(run);
	return NULL;
}

char *store_folder(const char *folder_or_file)
{
	struct stat status;
	char *copy, *folder;

	if (stat(folder_or_file, &status) == 0 && S_ISDIR(status.st_mode))
		return strdup(folder_or_file);
	copy = strdup(folder_or_file);
	folder = copy ? strdup(dirname(copy)) : NULL;
	free(copy);
	return folder;
}
