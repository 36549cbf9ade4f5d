#include "workloads/parts/contents.h"

#include "workloads/parts/files.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int load(struct contents *c, size_t i)
{
	int error = file_read(c->input.folder, c->input.names[i], CONTENTS_MOST, c->loaded + i);

	c->largest = c->loaded[i].size > c->largest ? c->loaded[i].size : c->largest;
	return error;
}

static int measure(struct contents *c, size_t i)
{
	struct stat status;

	if (fstatat(c->input.folder, c->input.names[i], &status, 0) != 0)
		return -errno;
	c->largest = (size_t)status.st_size > c->largest ? (size_t)status.st_size : c->largest;
	return 0;
}

static int look_at_files(struct contents *c, struct workload_state *state)
{
	const struct input *input = &c->input;

	for (size_t i = 0; i < input->count; i++) {
		int error = c->loaded ? load(c, i) : measure(c, i);

		if (error)
			return refuse(state, error, "cannot read '%s/%s': %s", input->path, input->names[i],
				      strerror(-error));
	}
	return 0;
}

int contents_open(struct contents *c, const struct input_kind *kind, const char *io,
		  const struct workload_options *options, struct workload_state *state)
{
	bool memory = strcmp(io, "memory") == 0;
	int error;

	*c = (struct contents){ .input.folder = -1 };
	if (!memory && strcmp(io, "file") != 0)
		return refuse(state, -EINVAL, "io must be file or memory, not '%s'", io);
	error = input_open(&c->input, kind, options, state);
	if (error)
		return error;
	if (memory) {
		c->loaded = calloc(c->input.count, sizeof(*c->loaded));
		error = c->loaded ? 0 : refuse(state, -ENOMEM, "no memory");
	}
	if (!error)
		error = look_at_files(c, state);
	if (error)
		contents_close(c);
	return error;
}

void contents_close(struct contents *c)
{
	for (size_t i = 0; c->loaded && i < c->input.count; i++)
		free(c->loaded[i].data);
	free(c->loaded);
	c->loaded = NULL;
	input_close(&c->input);
}

struct bytes contents_input(const struct contents *c, uint64_t item)
{
	const struct buffer *file = c->loaded ? c->loaded + item % c->input.count : NULL;

	return file ? (struct bytes){ file->data, file->size } : (struct bytes){ 0 };
}

int contents_get(const struct contents *c, uint64_t item, struct bytes in, struct buffer *file, struct bytes *content)
{
	int error;

	*file = (struct buffer){ 0 };
	*content = in;
	if (c->loaded)
		return 0;
	error = file_read(c->input.folder, c->input.names[item % c->input.count], CONTENTS_MOST, file);
	*content = (struct bytes){ file->data, file->size };
	return error;
}
