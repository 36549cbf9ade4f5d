/* A folder for one test, with what a workload's open() is given: cache, run and scratch, and `pics`
 * for input files. Made by sandbox_init(), removed with all in it by sandbox_release(). */
#ifndef BENCH_TESTS_SANDBOX_H
#define BENCH_TESTS_SANDBOX_H

#include "workloads/files.h"
#include "workloads/workload.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SANDBOX_PATH 128

struct sandbox {
	char root[SANDBOX_PATH], cache[SANDBOX_PATH], run[SANDBOX_PATH], scratch[SANDBOX_PATH], pics[SANDBOX_PATH];
	struct workload_options options;
	const char *values[8];
	size_t skipped;      /* files reported since sandbox_init() */
	char last_file[300]; /* the last of them */
	char last_why[300];
};

static inline void sandbox_skipped(void *context, const char *file, const char *why)
{
	struct sandbox *box = context;

	box->skipped++;
	snprintf(box->last_file, sizeof(box->last_file), "%s", file);
	snprintf(box->last_why, sizeof(box->last_why), "%s", why);
}

static inline void sandbox_folder(const struct sandbox *box, char path[SANDBOX_PATH], const char *name)
{
	snprintf(path, SANDBOX_PATH, "%.64s/%.32s", box->root, name);
	assert_int_equal(mkdir(path, 0777), 0);
}

static inline void sandbox_init(struct sandbox *box)
{
	const char *temporary = getenv("TMPDIR");

	memset(box, 0, sizeof(*box));
	snprintf(box->root, sizeof(box->root), "%.40s/bench-test-XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(box->root));
	sandbox_folder(box, box->cache, "cache");
	sandbox_folder(box, box->run, "run");
	sandbox_folder(box, box->scratch, "scratch");
	sandbox_folder(box, box->pics, "pics");
	box->options = (struct workload_options){
		.values = box->values,
		.cache = box->cache,
		.run = box->run,
		.scratch = box->scratch,
		.skipped = sandbox_skipped,
		.context = box,
	};
}

static inline int sandbox_remove(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path);
}

static inline void sandbox_release(struct sandbox *box)
{
	assert_int_equal(nftw(box->root, sandbox_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void sandbox_presets(struct sandbox *box, const struct workload *workload)
{
	for (size_t i = 0; workload->params && workload->params[i].name; i++)
		box->values[i] = workload->params[i].preset;
}

static inline void sandbox_set(struct sandbox *box, const struct workload *workload, const char *name,
			       const char *value)
{
	for (size_t i = 0; workload->params[i].name; i++) {
		if (strcmp(workload->params[i].name, name) == 0)
			box->values[i] = value;
	}
}

/* Opens with what is set; it must succeed. */
static inline void sandbox_open(struct sandbox *box, const struct workload *workload, struct workload_state *state)
{
	memset(state, 0, sizeof(*state));
	if (workload->open(&box->options, state) != 0)
		fail_msg("%s: %s", workload->name, state->why);
}

/* Opens with what is set; it must fail with `error`, and say why with these words. */
static inline void sandbox_refused(struct sandbox *box, const struct workload *workload, int error, const char *words)
{
	struct workload_state state = { 0 };

	assert_int_equal(workload->open(&box->options, &state), error);
	if (!strstr(state.why, words))
		fail_msg("'%s' does not say '%s'", state.why, words);
	assert_null(strchr(state.why, '\n'));
}

static inline void sandbox_write(const char *folder, const char *name, const void *data, size_t size)
{
	int fd = folder_open(folder);

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, name, (struct bytes){ data, size }), 0);
	close(fd);
}

/* The content of a file, to be freed by the caller. */
static inline struct buffer sandbox_read(const char *folder, const char *name)
{
	int fd = folder_open(folder);
	struct buffer file;

	assert_true(fd >= 0);
	assert_int_equal(file_read(fd, name, SIZE_MAX, &file), 0);
	close(fd);
	return file;
}

#endif
