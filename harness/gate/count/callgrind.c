#include "gate/count/callgrind.h"

#include "base/program.h"
#include "run/worker/marks.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT "count." /* files are called count.PID for a whole process, count.PID.N for what was marked */
#define LOG "said."

int callgrind_find(const struct why *why)
{
	char *program = program_find("valgrind");
	bool found = program != NULL;

	free(program);
	if (found)
		return 0;
	return why_refuse(why, "--instructions needs the program 'valgrind', which is not there: install the package "
			       "'valgrind', or leave --instructions out");
}

/* ---- The words ---- */

char **callgrind_wrap(char *const *program, const char *folder, enum counted counted)
{
	/* These override what the user has set for valgrind, which would change the count. */
	const char *options[] = {
		"valgrind", "--command-line-only=yes", "--tool=callgrind", "--trace-children=yes", "--vgdb=no", "-q",
		"--log-file=%s/" LOG "%%p", "--callgrind-out-file=%s/" OUT "%%p",
		counted == COUNTED_MARKED ? "--zero-before=" MARK_BEGIN : NULL, "--dump-before=" MARK_END, NULL,
	};
	size_t own = 0, rest = 0;
	char **words;

	while (options[own])
		own++;
	while (program[rest])
		rest++;
	words = calloc(own + rest + 1, sizeof(*words));
	for (size_t i = 0; words && i < own + rest; i++) {
		int length = asprintf(&words[i], i < own ? options[i] : "%s", i < own ? folder : program[i - own]);

		if (length < 0) {
			words[i] = NULL;
			callgrind_forget(words);
			return NULL;
		}
	}
	return words;
}

void callgrind_forget(char **words)
{
	for (char **word = words; word && *word; word++)
		free(*word);
	free(words);
}

/* ---- What callgrind writes ---- */

/* Returns whether a file has counts of that kind: "count.1234" or "count.1234.1". */
static bool is_count(const char *name, enum counted counted)
{
	bool is_part = strncmp(name, OUT, strlen(OUT)) == 0 && strchr(name + strlen(OUT), '.');

	return strncmp(name, OUT, strlen(OUT)) == 0 && is_part == (counted == COUNTED_MARKED);
}

/* Reads the number in the last line, "totals: 1234"; a file without that line is not complete. */
static int read_total(const char *path, uint64_t *total)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	int err = file ? -ENODATA : -errno;

	while (file && err && getline(&line, &size, file) > 0)
		if (sscanf(line, "totals: %" SCNu64, total) == 1)
			err = 0;
	free(line);
	if (file)
		fclose(file);
	return err;
}

int callgrind_collect(const char *folder, enum counted counted, uint64_t *instructions)
{
	DIR *entries = opendir(folder);
	int err = entries ? 0 : -errno;
	const struct dirent *entry;
	bool any = false;

	*instructions = 0;
	while (entries && (entry = readdir(entries))) {
		char path[PATH_MAX];
		uint64_t total;

		if (strncmp(entry->d_name, OUT, strlen(OUT)) && strncmp(entry->d_name, LOG, strlen(LOG)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (!err && is_count(entry->d_name, counted)) {
			err = read_total(path, &total);
			*instructions += err ? 0 : total;
			any = true;
		}
		unlink(path);
	}
	if (entries)
		closedir(entries);
	return err ? err : any ? 0 : -ENODATA;
}

/* Reads the first line that is not empty, without its "==1234== ". */
static void read_first(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	char line[512];

	while (file && !text[0] && fgets(line, sizeof(line), file)) {
		int prefix = 0;

		if (sscanf(line, "%*[=-]%*d%*[=-] %n", &prefix) == EOF || !prefix)
			prefix = 0;
		line[strcspn(line, "\n")] = '\0';
		snprintf(text, size, "%s", line[0] ? line + prefix : "");
	}
	if (file)
		fclose(file);
}

void callgrind_complaint(const char *folder, char *text, size_t size)
{
	DIR *entries = opendir(folder);
	const struct dirent *entry;

	text[0] = '\0';
	while (entries && !text[0] && (entry = readdir(entries))) {
		char path[PATH_MAX];

		if (strncmp(entry->d_name, LOG, strlen(LOG)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		read_first(path, text, size);
	}
	if (entries)
		closedir(entries);
}
