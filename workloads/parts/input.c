#include "workloads/parts/input.h"

#include "workloads/parts/files.h"
#include "workloads/parts/values.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_MANIFEST ((size_t)1 << 30) /* bytes of a manifest */

static int add(struct input *input, const char *name)
{
	size_t count = input->count;

	if ((count & (count - 1)) == 0) { /* the array is full: its capacity is `count` rounded up to a power of two */
		size_t capacity = count ? 2 * count : 1;
		char **names = reallocarray(input->names, capacity, sizeof(*names));

		if (!names)
			return -ENOMEM;
		input->names = names;
	}
	input->names[count] = strdup(name);
	if (!input->names[count])
		return -ENOMEM;
	input->count++;
	return 0;
}

static bool has_ending(const char *name, const char *const *endings)
{
	size_t length = strlen(name);

	if (!endings)
		return true;
	for (; *endings; endings++) {
		size_t ending = strlen(*endings);

		if (length >= ending && strcasecmp(name + length - ending, *endings) == 0)
			return true;
	}
	return false;
}

static int probe(int folder, const char *name, const struct input_kind *kind, char why[INPUT_WHY])
{
	int fd = file_open(folder, name), error;

	if (fd < 0) {
		snprintf(why, INPUT_WHY, "%s", strerror(-fd));
		return fd;
	}
	error = kind->probe(fd, why);
	close(fd);
	return error;
}

static bool is_usable(const struct input *input, const char *name, const struct input_kind *kind,
		      const struct workload_options *options)
{
	char why[INPUT_WHY] = "";
	struct stat status;

	if (!has_ending(name, kind->endings))
		return false;
	if (fstatat(input->folder, name, &status, 0) == 0 && !S_ISREG(status.st_mode))
		return false;
	if (probe(input->folder, name, kind, why) == 0)
		return true;
	options->skipped(options->context, name, why);
	return false;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Probes files until there are as many as items. */
static int try_all(struct input *input, const struct input_kind *kind, const struct workload_options *options,
		   struct workload_state *state)
{
	struct dirent **entries;
	int count = scandirat(input->folder, ".", &entries, NULL, by_bytes), error = 0;

	if (count < 0)
		return refuse(state, -errno, "cannot read '%s': %s", input->path, strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		bool enough = options->items && input->count == options->items;

		if (!error && !enough && is_usable(input, name, kind, options))
			error = add(input, name);
		free(entries[i]);
	}
	free(entries);
	if (!error && input->count == 0)
		return refuse(state, -ENOENT, "no %s in '%s'", kind->what, input->path);
	return error;
}

/* A manifest has the folder's path, "all" or "some" (of its files), and the files' names, each ended by a NUL. */
static int manifest_write(const struct input *input, const char *file, const struct workload_options *options)
{
	bool some = options->items && input->count >= options->items;
	int run = folder_open(options->run), error = -ENOMEM;
	struct buffer text = { 0 };
	char draft[128];
	FILE *stream;

	if (run < 0)
		return run;
	stream = open_memstream((char **)&text.data, &text.size);
	if (!stream)
		goto out;
	fprintf(stream, "%s%c%s%c", input->path, 0, some ? "some" : "all", 0);
	for (size_t i = 0; i < input->count; i++)
		fprintf(stream, "%s%c", input->names[i], 0);
	snprintf(draft, sizeof(draft), "%s.%d", file, (int)getpid());
	if (fclose(stream) == 0)
		error = file_replace(run, file, draft, (struct bytes){ text.data, text.size });
	free(text.data);
out:
	close(run);
	return error;
}

static const char *next_string(const char **at, const char *end)
{
	const char *string = *at;

	if (string >= end)
		return "";
	*at += strlen(string) + 1;
	return string;
}

/* Takes over the manifest's names if they are of this folder and enough. */
static int manifest_scan(struct input *input, const struct buffer *text, const struct workload_options *options)
{
	const char *at = text->data, *end = at + text->size;
	bool same = strcmp(next_string(&at, end), input->path) == 0;
	bool all = strcmp(next_string(&at, end), "all") == 0;
	int error = same ? 0 : -ENOENT;

	while (at < end && !error)
		error = add(input, next_string(&at, end));
	if (!error && !all && (options->items == 0 || options->items > input->count))
		error = -ENOENT;
	return error;
}

static int manifest_read(struct input *input, const char *file, const struct workload_options *options)
{
	int run = folder_open(options->run), error;
	struct buffer text;

	if (run < 0)
		return run;
	error = file_read(run, file, MOST_MANIFEST, &text);
	close(run);
	if (!error)
		error = manifest_scan(input, &text, options);
	free(text.data);
	return error;
}

static int use_generated(struct input *input, const struct generated *set, struct workload_state *state)
{
	int error = generated_prepare(set, input->folder, input->path, input->digests, state);

	for (uint32_t i = 0; i < set->count && !error; i++) {
		char name[GENERATED_NAME];

		generated_name(set, i, name);
		error = add(input, name);
	}
	return error;
}

static void forget(struct input *input)
{
	for (size_t i = 0; i < input->count; i++)
		free(input->names[i]);
	free(input->names);
	input->names = NULL;
	input->count = 0;
}

static int find(struct input *input, const struct input_kind *kind, const struct workload_options *options,
		struct workload_state *state)
{
	char manifest[GENERATED_NAME];
	int error;

	snprintf(manifest, sizeof(manifest), "%s.files", kind->generated.folder);
	error = manifest_read(input, manifest, options);
	if (!error && input->digests)
		error = generated_recall(&kind->generated, input->folder, input->digests);
	if (!error)
		return 0;
	forget(input);
	error = input->digests ? use_generated(input, &kind->generated, state) : try_all(input, kind, options, state);
	if (error)
		return error;
	error = manifest_write(input, manifest, options);
	if (error)
		refuse(state, error, "cannot write '%s/%s': %s", options->run, manifest, strerror(-error));
	return error;
}

static int enter_cache(struct input *input, const struct generated *set, const char *cache,
		       struct workload_state *state)
{
	int error;

	input->digests = calloc(set->count, sizeof(*input->digests));
	if (!input->digests || asprintf(&input->path, "%s/%s", cache, set->folder) < 0) {
		input->path = NULL;
		return -ENOMEM;
	}
	error = folder_prepare(AT_FDCWD, input->path);
	return error ? refuse(state, error, "cannot make '%s': %s", input->path, strerror(-error)) : 0;
}

static int enter(struct input *input, const struct generated *set, const struct workload_options *options,
		 struct workload_state *state)
{
	int error = 0;

	if (options->input)
		input->path = strdup(options->input);
	else
		error = enter_cache(input, set, options->cache, state);
	if (error)
		return error;
	if (!input->path)
		return -ENOMEM;
	input->folder = folder_open(input->path);
	if (input->folder < 0)
		return refuse(state, input->folder, "cannot open '%s': %s", input->path, strerror(-input->folder));
	return 0;
}

int input_open(struct input *input, const struct input_kind *kind, const struct workload_options *options,
	       struct workload_state *state)
{
	int error;

	*input = (struct input){ .folder = -1 };
	state->why[0] = '\0';
	error = enter(input, &kind->generated, options, state);
	if (!error)
		error = find(input, kind, options, state);
	if (error && !state->why[0])
		refuse(state, error, "cannot use the input: %s", strerror(-error));
	if (error)
		input_close(input);
	return error;
}

void input_close(struct input *input)
{
	forget(input);
	if (input->folder >= 0)
		close(input->folder);
	free(input->digests);
	free(input->path);
	*input = (struct input){ .folder = -1 };
}
