#include "gate/sides/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Returns the path of an entry if it is a regular file; "" if not; NULL without memory. The caller frees it. */
static char *path_of(const char *folder, const char *name)
{
	struct stat status;
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return NULL;
	if (stat(path, &status) || !S_ISREG(status.st_mode))
		path[0] = '\0';
	return path;
}

/* Makes a list of those entries that are files, and frees all entries. */
static char **keep_files(const char *folder, struct dirent **entries, int count)
{
	char **paths = calloc((size_t)count + 1, sizeof(*paths));
	bool complete = paths != NULL;
	size_t kept = 0;

	for (int i = 0; i < count; i++) {
		char *path = complete ? path_of(folder, entries[i]->d_name) : NULL;

		complete = path != NULL;
		if (path && path[0])
			paths[kept++] = path;
		else
			free(path);
		free(entries[i]);
	}
	free(entries);
	if (complete)
		return paths;
	inputs_free(paths);
	return NULL;
}

char **inputs_list(const char *folder, const struct why *why)
{
	char *real = realpath(folder, NULL), **paths = NULL;
	struct dirent **entries;
	int count = real ? scandir(real, &entries, NULL, by_bytes) : -1;

	if (count < 0)
		why_failed(why, errno, "cannot read '%s'", folder);
	else if (!(paths = keep_files(real, entries, count)))
		why_failed(why, ENOMEM, "cannot list '%s'", folder);
	free(real);
	if (!paths || paths[0])
		return paths;
	why_refuse(why, "no file in '%s'", folder);
	inputs_free(paths);
	return NULL;
}

void inputs_free(char **paths)
{
	for (char **path = paths; path && *path; path++)
		free(*path);
	free(paths);
}

size_t inputs_count(char *const *paths)
{
	size_t count = 0;

	while (paths[count])
		count++;
	return count;
}

/* ---- A sample ---- */

struct sized {
	off_t bytes;
	size_t place; /* in the list */
};

static int by_size(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* Marks the files in the middle of `wanted` equal parts of all, in the order of their sizes. */
static void mark(char *const *paths, size_t count, size_t wanted, struct sized *sizes, bool *marked)
{
	for (size_t i = 0; i < count; i++) {
		struct stat status = { 0 };

		sizes[i] = (struct sized){ stat(paths[i], &status) ? 0 : status.st_size, i };
	}
	qsort(sizes, count, sizeof(*sizes), by_size);
	for (size_t i = 0; i < wanted; i++)
		marked[sizes[(2 * i + 1) * count / (2 * wanted)].place] = true;
}

int inputs_keep(char **paths, size_t wanted)
{
	size_t count = inputs_count(paths), kept = 0;
	struct sized *sizes = calloc(count, sizeof(*sizes));
	bool *marked = calloc(count, sizeof(*marked));
	int err = sizes && marked ? 0 : -ENOMEM;

	if (!err)
		mark(paths, count, wanted, sizes, marked);
	for (size_t i = 0; i < count && !err; i++) {
		if (marked[i])
			paths[kept++] = paths[i];
		else
			free(paths[i]);
	}
	if (!err)
		paths[kept] = NULL;
	free(sizes);
	free(marked);
	return err;
}
