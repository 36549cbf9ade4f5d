#include "tests/fuzz/fuzz.h"

#include "base/janitor.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ENTRIES 2 /* of a list in a small document */

const char *fuzz_file(const void *data, size_t size)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzz", 0);
	if (fd < 0 || ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

static char folder[] = "/dev/shm/fuzz-bench-XXXXXX"; /* in memory: some drivers write files each time */

static void remove_folder(void)
{
	remove_tree(folder);
}

const char *fuzz_folder(void)
{
	static bool made;

	if (!made && (!mkdtemp(folder) || atexit(remove_folder)))
		abort();
	made = true;
	return folder;
}

FILE *fuzz_nowhere(void)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	return nowhere;
}

static void shorten(json_t *value)
{
	const char *key;
	json_t *entry;
	size_t i;

	while (json_array_size(value) > ENTRIES)
		json_array_remove(value, ENTRIES);
	json_array_foreach(value, i, entry)
		shorten(entry);
	json_object_foreach(value, key, entry)
		shorten(entry);
}

json_t *fuzz_document(const char *name)
{
	const char *root = getenv("BENCH_ROOT");
	char path[PATH_MAX];
	json_t *document;

	snprintf(path, sizeof(path), "%s/tests/data/%s", root ? root : ".", name);
	document = json_load_file(path, 0, NULL);
	if (!document) {
		fprintf(stderr, "cannot read '%s': BENCH_ROOT must name the checkout\n", path);
		exit(2);
	}
	shorten(document);
	return document;
}

void fuzz_add_json(seed_taker *add, void *context, json_t *document)
{
	size_t size = json_dumpb(document, NULL, 0, JSON_COMPACT);
	char *text = malloc(size);

	json_dumpb(document, text, size, JSON_COMPACT);
	add(context, text, size);
	free(text);
	json_decref(document);
}
