/* Assertions on texts, and files and folders, for tests of reports. */
#ifndef BENCH_TESTS_TEXTS_H
#define BENCH_TESTS_TEXTS_H

#include "tests/test.h"

#include <dirent.h>
#include <unistd.h>

static inline void assert_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("no '%s' in: %s", words, text);
}

/* Asserts that the text does not have the words in it, in upper or lower case. */
static inline void assert_silent(const char *text, const char *words)
{
	if (strcasestr(text, words))
		fail_msg("'%s' in: %s", words, text);
}

/* Writes a file with this text into a folder. */
static inline void put_text(const char *folder, const char *name, const char *text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Returns how many files a folder has, hidden ones included, and removes them if `remove_them` is set. */
static inline size_t files_in(const char *folder, bool remove_them)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(list))) {
		count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
		if (remove_them)
			unlinkat(dirfd(list), entry->d_name, 0);
	}
	closedir(list);
	return count;
}

#endif
