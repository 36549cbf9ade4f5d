/* Files that hold a result, named by themselves or by the folder that they are in: how they are read, whatever their
 * kind. `why` gets one line for people, the subject quoted, when something failed. */
#ifndef BENCH_STORE_RESULT_H
#define BENCH_STORE_RESULT_H

#include "base/why.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

/* What makes a document one of a kind. */
struct result_kind {
	const char *file; /* its name in a folder: "gate.json" */
	const char *name; /* "gate": in messages */
	const char *kind; /* what the document says of itself; NULL: nothing */
	int schema;
	const char *(*flaw)(const json_t *document); /* what it lacks; returns NULL: nothing. NULL: has no own rules */
	bool (*is_cell)(const json_t *cell);
	const char *cell_flaw; /* of a document with a cell that is none */
};

/* Sets the file's path. Returns whether a folder was named. */
bool result_path(char path[PATH_MAX], const struct result_kind *kind, const char *folder_or_file);

/* The document, checked down to its cells but not every value, owned by the caller (json_decref). NULL: it cannot be
 * read, or is none of this kind. */
json_t *result_read(const struct result_kind *kind, const char *folder_or_file, const struct why *why);

/* The folder, owned by the caller; NULL: without memory. */
char *result_folder(const char *folder_or_file);

#endif
