/* A folder for one test, with the folders that a workload's open() is given, cache, run and scratch, and `pics` for
 * input files. sandbox_init() makes it, sandbox_release() removes it with all that is in it. */
#ifndef BENCH_TESTS_SANDBOX_H
#define BENCH_TESTS_SANDBOX_H

#include "workloads/parts/files.h"
#include "workloads/workload.h"
#include "tests/test.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SANDBOX_PATH 128
#define SANDBOX_PIECES 256 /* at most so many pieces of shared memory, and servers, until sandbox_release() */

struct sandbox_piece {
	void *at;
	size_t size;
};

struct sandbox {
	char root[SANDBOX_PATH], cache[SANDBOX_PATH], run[SANDBOX_PATH], scratch[SANDBOX_PATH], pics[SANDBOX_PATH];
	struct workload_options options;
	const char *values[8];
	size_t skipped;      /* files reported since sandbox_init() */
	char last_file[300]; /* the last file reported */
	char last_why[300];
	struct sandbox_piece pieces[SANDBOX_PIECES]; /* what shared() has made */
	size_t piece_count, found;                   /* `found` pieces were returned again */
	pid_t servers[SANDBOX_PIECES];
	size_t server_count;
};

/* How often threads of this process have waited, and how many wait now. At file scope, since waits() has no context. */
static _Atomic long sandbox_waited, sandbox_waiting;

static inline void sandbox_skipped(void *context, const char *file, const char *why)
{
	struct sandbox *box = context;

	box->skipped++;
	snprintf(box->last_file, sizeof(box->last_file), "%s", file);
	snprintf(box->last_why, sizeof(box->last_why), "%s", why);
}

/* With options.again it returns the pieces that exist, in their order, from `found` on. */
static inline void *sandbox_shared(void *context, size_t size)
{
	struct sandbox *box = context;
	struct sandbox_piece *piece = &box->pieces[box->piece_count];

	if (box->options.again)
		return box->pieces[box->found++].at;
	assert_true(box->piece_count < SANDBOX_PIECES);
	piece->size = size;
	piece->at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (piece->at == MAP_FAILED)
		return NULL;
	box->piece_count++;
	return piece->at;
}

static inline int sandbox_server(void *context, void (*serve)(void *argument), void *argument)
{
	struct sandbox *box = context;
	pid_t parent = getpid(), pid;

	if (box->options.again)
		return 0;
	assert_true(box->server_count < SANDBOX_PIECES);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			serve(argument);
		_exit(0);
	}
	if (pid > 0)
		box->servers[box->server_count++] = pid;
	return pid < 0 ? -errno : 0;
}

static inline void sandbox_waits(enum wait what)
{
	if (what != WAIT_OVER)
		atomic_fetch_add(&sandbox_waited, 1);
	atomic_fetch_add(&sandbox_waiting, what == WAIT_OVER ? -1 : 1);
}

/* A clock that each call moves on. */
static inline uint64_t sandbox_now_ns(void)
{
	static _Atomic uint64_t now_ns;

	return atomic_fetch_add(&now_ns, 1);
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
	if (!temporary || strlen(temporary) > 40) /* the path of a socket has 107 bytes at most */
		temporary = "/tmp";
	snprintf(box->root, sizeof(box->root), "%.40s/bench-test-XXXXXX", temporary);
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
		.shared = sandbox_shared,
		.server = sandbox_server,
		.waits = sandbox_waits,
		.now_ns = sandbox_now_ns,
	};
}

static inline int sandbox_remove(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path);
}

static inline void sandbox_release(struct sandbox *box)
{
	for (size_t i = 0; i < box->server_count; i++) {
		kill(box->servers[i], SIGKILL);
		waitpid(box->servers[i], NULL, 0);
	}
	for (size_t i = 0; i < box->piece_count; i++)
		munmap(box->pieces[i].at, box->pieces[i].size);
	assert_int_equal(atomic_load(&sandbox_waiting), 0);
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

/* Opens the workload with the options of the box; that must succeed. */
static inline void sandbox_open(struct sandbox *box, const struct workload *workload, struct workload_state *state)
{
	memset(state, 0, sizeof(*state));
	if (workload->open(&box->options, state) != 0)
		fail_msg("%s: %s", workload->name, state->why);
}

/* Opens the workload with the options of the box; that must fail with `error`, and the message must have `words`. */
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

/* Returns the content of a file; the caller frees the data. */
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
