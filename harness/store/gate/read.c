#include "store/gate/read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KIND "gate"

/* Sets the path of the gate file of a folder, or of the file itself. */
static void gate_path(char *path, size_t size, const char *folder_or_file)
{
	struct stat status;
	bool folder = stat(folder_or_file, &status) == 0 && S_ISDIR(status.st_mode);

	snprintf(path, size, "%s%s", folder_or_file, folder ? "/" GATE_FILE : "");
}

static bool is_kind(const json_t *document)
{
	const char *kind = json_string_value(json_object_get(document, "kind"));

	return kind && strcmp(kind, KIND) == 0;
}

bool stored_gate_is(const char *folder_or_file)
{
	char path[4096];
	json_t *document;
	bool is;

	gate_path(path, sizeof(path), folder_or_file);
	if (strcmp(path, folder_or_file))
		return access(path, F_OK) == 0;
	document = json_load_file(path, 0, NULL);
	is = is_kind(document);
	json_decref(document);
	return is;
}

static bool is_cell(const json_t *cell)
{
	return json_is_string(json_object_get(cell, "id")) && json_is_string(json_object_get(cell, "verdict")) &&
	       json_is_array(json_object_get(cell, "blocks"));
}

/* Says what keeps it from being a gate of this schema; NULL: nothing. */
static const char *flaw(const json_t *gate)
{
	const json_t *schema = json_object_get(gate, "schema"), *cells = json_object_get(gate, "cells"), *cell;
	size_t i;

	if (!is_kind(gate))
		return "it is of another kind";
	if (!json_is_integer(schema) || json_integer_value(schema) != GATE_SCHEMA)
		return "its schema is not the one that this build reads";
	if (!json_is_string(json_object_get(gate, "verdict")) || !json_is_string(json_object_get(gate, "conclusion")))
		return "it has no verdict";
	if (!json_is_array(cells))
		return "it has no cells";
	json_array_foreach (cells, i, cell)
		if (!is_cell(cell))
			return "a cell lacks its id, verdict or blocks";
	return NULL;
}

json_t *stored_gate_read(const char *folder_or_file, const struct why *why)
{
	json_error_t error;
	const char *wrong;
	char path[4096];
	json_t *gate;

	gate_path(path, sizeof(path), folder_or_file);
	gate = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	wrong = flaw(gate);
	if (!gate && json_error_code(&error) == json_error_cannot_open_file)
		why_say(why, "cannot read '%s': %s", path, strerror(errno));
	else if (!gate) /* the parser's own words may repeat control characters of the file */
		why_say(why, "'%s' is not a gate: no JSON at line %d", path, error.line);
	else if (wrong)
		why_say(why, "'%s' is not a gate: %s", path, wrong);
	if (gate && !wrong)
		return gate;
	json_decref(gate);
	return NULL;
}
