#include "store/result.h"

#include "base/json.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool result_path(char path[PATH_MAX], const struct result_kind *kind, const char *folder_or_file)
{
	bool folder = is_folder(folder_or_file);

	snprintf(path, PATH_MAX, "%s%s%s", folder_or_file, folder ? "/" : "", folder ? kind->file : "");
	return folder;
}

/* Whether it is a moment as "2026-01-31T12:00:00Z", or not known. */
static bool is_start(const json_t *started)
{
	const char *text = json_string_value(started), *end;
	struct tm utc = { 0 }, same;

	if (!started || json_is_null(started))
		return true;
	end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc) : NULL;
	if (!end || *end)
		return false;
	same = utc;
	timegm(&same);
	return same.tm_mday == utc.tm_mday; /* strptime() takes the 31st of February */
}

/* What is wrong with a document of this kind; NULL: nothing. */
static const char *flaw_of(const struct result_kind *kind, const json_t *document)
{
	const json_t *schema = json_object_get(document, "schema"), *cells = json_object_get(document, "cells");
	const char *own;
	size_t i;

	if (kind->kind && !json_says(document, "kind", kind->kind))
		return "it is of another kind";
	if (!json_is_integer(schema))
		return "it has no schema";
	if (json_integer_value(schema) != kind->schema)
		return "its schema is not the one that this build reads";
	own = kind->flaw ? kind->flaw(document) : NULL;
	if (own)
		return own;
	if (!is_start(json_object_get(document, "started")))
		return "its start is no date such as 2026-01-31T12:00:00Z";
	if (!json_is_array(cells))
		return "it has no cells";
	for (i = 0; i < json_array_size(cells) && !own; i++)
		own = kind->cell_flaw(json_array_get(cells, i));
	return own;
}

json_t *result_read(const struct result_kind *kind, const char *folder_or_file, const struct why *why)
{
	char path[PATH_MAX];
	const char *flaw;
	json_error_t error;
	json_t *document;

	result_path(path, kind, folder_or_file);
	document = json_load_file(path, 0, &error);
	flaw = !document ? NULL : json_clean(document) ? strerror(ENOMEM) : flaw_of(kind, document);
	if (!document && json_error_code(&error) == json_error_cannot_open_file)
		why_say(why, "cannot read '%s', or %s in it: %s", folder_or_file, kind->file, strerror(errno));
	else if (!document) /* the parser's message is not used: it may repeat control characters of the file */
		why_say(why, "'%s' is not a %s: no JSON at line %d", folder_or_file, kind->name, error.line);
	else if (flaw)
		why_say(why, "'%s' is not a %s: %s", folder_or_file, kind->name, flaw);
	if (!flaw)
		return document;
	json_decref(document);
	return NULL;
}

char *result_folder(const char *folder_or_file)
{
	char *copy = strdup(folder_or_file), *folder;

	if (!copy || is_folder(folder_or_file))
		return copy;
	folder = strdup(dirname(copy));
	free(copy);
	return folder;
}
