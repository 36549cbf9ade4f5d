/* Our side of tests/peers/resize.py: the workload `resize` without the harness, on one core.
 *
 * resize FOLDER: FOLDER has the folders cache, run and scratch. Then, for each line of input:
 *   round      does all images and answers with the nanoseconds that it took
 *   pixels N   answers with the pixels of image N before they are encoded, 4 bytes each */
#include "workloads/parts/files.h"
#include "workloads/parts/jpeg.h"
#include "workloads/workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIDE 300

extern const struct workload workload_resize;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void skipped(void *context, const char *file, const char *why)
{
	(void)context;
	fail(file, why);
}

static const char *below(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		fail(folder, "no memory");
	return path;
}

static void round_of(const struct workload_state *state)
{
	char payload[64];
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (uint64_t i = 0; i < state->items; i++) {
		struct buffer out = { .data = payload, .capacity = sizeof(payload) };
		int error = workload_resize.work(state->data, i, (struct bytes){ 0 }, &out);

		if (error)
			fail("work", strerror(-error));
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%" PRId64 "\n", (int64_t)(end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec);
}

static void pixels_of(int folder, unsigned number)
{
	static uint8_t pixels[4 * SIDE * SIDE];
	struct image large, small = { SIDE, SIDE, pixels };
	struct buffer file;
	char name[64];
	int error;

	snprintf(name, sizeof(name), "photograph-%02u.jpg", number);
	error = file_read(folder, name, SIZE_MAX, &file);
	if (!error)
		error = jpeg_decode((struct bytes){ file.data, file.size }, 2 * SIDE, 2 * SIDE, &large, NULL);
	if (!error)
		error = resample(&large, &small);
	if (error)
		fail(name, strerror(-error));
	fwrite(pixels, 1, sizeof(pixels), stdout);
	free(large.pixels);
	free(file.data);
}

int main(int argc, char **argv)
{
	static const char *const values[] = { "file", "300x300", "75", "" };
	struct workload_options options = { .values = values, .skipped = skipped };
	struct workload_state state;
	char line[64];
	int folder;

	if (argc != 2)
		fail("usage", "resize FOLDER");
	options.cache = below(argv[1], "cache");
	options.run = below(argv[1], "run");
	options.scratch = below(argv[1], "scratch");
	if (workload_resize.open(&options, &state) != 0)
		fail("resize", state.why);
	folder = folder_open(below(options.cache, "resize-v1"));
	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, "round\n") == 0)
			round_of(&state);
		else if (strncmp(line, "pixels ", 7) == 0)
			pixels_of(folder, (unsigned)atoi(line + 7));
		else
			fail("not understood", line);
		fflush(stdout);
	}
	workload_resize.close(state.data);
	return 0;
}
