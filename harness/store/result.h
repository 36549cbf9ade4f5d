/* Reading files that hold a result, of whatever kind. The user names the file or the folder in which it is. If
 * something fails, `why` gets one line for people, with the subject quoted. */
#ifndef BENCH_STORE_RESULT_H
#define BENCH_STORE_RESULT_H

#include "base/why.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

/* A kind of result and what its documents must be like. */
struct result_kind {
	const char *file; /* the file's name in a folder: "gate.json" */
	const char *name; /* the kind's name in messages: "gate" */
	const char *kind; /* the string that the document has as its "kind"; NULL: it has none */
	int schema;

	/* Returns what is wrong with the document by the rules of its kind, or NULL. The slot is NULL if there are
	 * none. */
	const char *(*flaw)(const json_t *document);

	/* Returns what is wrong with a cell by the rules of its kind, or NULL. */
	const char *(*cell_flaw)(const json_t *cell);
};

/* Sets `path` to the file's path. Returns whether a folder was named. */
bool result_path(char path[PATH_MAX], const struct result_kind *kind, const char *folder_or_file);

/* Reads a document, cleans its strings by json_clean(), and checks it down to its cells, but not every value. The
 * caller owns it (json_decref). NULL with `why`: it cannot be read, or is not of this kind. */
json_t *result_read(const struct result_kind *kind, const char *folder_or_file, const struct why *why);

/* The path of the folder, owned by the caller; NULL without memory. */
char *result_folder(const char *folder_or_file);

#endif
