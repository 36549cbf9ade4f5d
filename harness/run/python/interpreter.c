#include "run/python/interpreter.h"

#include "base/proc.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND_LOOK_NS 50000000
#define LOOK_EVERY_MS 50 /* how often it looks for new workers and at which item each worker is */

/* ---- Start and end ---- */

int python_spawn(struct python *p, const char *path, const char *folder)
{
	char main_py[4096], numbers[2][16];
	char *argv[] = { (char *)path, "-B", main_py, numbers[0], numbers[1], NULL };
	struct child_setup setup = { .argv = argv, .output = STDOUT_FILENO, .errors = STDERR_FILENO, .closed = true };
	int fds[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	snprintf(main_py, sizeof(main_py), "%s/main.py", folder);
	snprintf(numbers[0], sizeof(*numbers), "%d", fds[1]);
	snprintf(numbers[1], sizeof(*numbers), "%d", p->board.fd);
	setup.keep = (const int[]){ fds[1], p->board.fd, -1 };
	err = child_start(&p->child, &setup);
	close(fds[1]);
	p->socket = fds[0];
	p->begin = p->end = 0;
	if (err)
		close(p->socket);
	return err;
}

void python_kill(struct python *p)
{
	if (p->child.pid)
		close(p->socket);
	child_end(&p->child, NULL);
}

/* Waits until the process has ended. Returns its status. */
static int end_of(struct python *p)
{
	child_wait(&p->child, 0, -1);
	close(p->socket);
	return child_end(&p->child, NULL);
}

/* Records how a process has ended; `when`: in which phase. */
static int fail_by_status(struct crew *crew, pid_t pid, int status, const char *when)
{
	char how[CHILD_TEXT];

	crew_fail(crew, WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT, -1, "python3 (pid %d) %s %s", (int)pid,
		  child_ended_text(how, status), when);
	crew->failure.pid = pid;
	if (WIFSIGNALED(status))
		crew->failure.signal = WTERMSIG(status);
	else
		crew->failure.exit_status = WEXITSTATUS(status);
	return -ECHILD;
}

static int fail_ended(struct crew *crew, const char *when)
{
	struct python *p = crew->own;
	pid_t pid = p->child.pid;

	return fail_by_status(crew, pid, end_of(p), when);
}

int python_reap(struct crew *crew)
{
	struct python *p = crew->own;
	pid_t pid = p->child.pid;
	int status = end_of(p);

	return status ? fail_by_status(crew, pid, status, "at its end") : 0;
}

/* ---- Workers that die ---- */

/* How a process that is a zombie has ended, as wait() would give it: the last field of its stat. 0: not known. */
static int exit_code(pid_t pid)
{
	char path[64], text[1024], *last;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (proc_state(pid) != 'Z' || proc_read(path, text, sizeof(text)) <= 0)
		return 0;
	last = strrchr(text, ' ');
	return last ? atoi(last) : 0;
}

static int fail_lost(struct crew *crew, unsigned w, int32_t pid, int64_t item, int code)
{
	char how[CHILD_TEXT] = "has died", where[48] = "between items";

	if (code)
		child_ended_text(how, code);
	if (item >= 0)
		snprintf(where, sizeof(where), "at item %lld", (long long)item);
	crew_fail(crew, FAILURE_LOST_WORKER, (int)w, "Python's worker %u (pid %d) %s %s", w, (int)pid, how, where);
	crew->failure.pid = pid;
	crew->failure.item = item;
	crew->failure.signal = WIFSIGNALED(code) ? WTERMSIG(code) : 0;
	return -ECHILD;
}

static bool has_ended(int pidfd)
{
	struct pollfd fd = { .fd = pidfd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/* Watches the worker that has slot `w` now. */
static void watch(struct python *p, unsigned w)
{
	int32_t pid = (int32_t)atomic_load(&p->board.slot[w].pid);

	if (!pid || pid == p->child.pid || pid == p->watched[w])
		return;
	if (p->pidfds[w] >= 0)
		close(p->pidfds[w]);
	p->pidfds[w] = pidfd_open(pid, 0);
	p->watched[w] = pid;
	p->codes[w] = 0;
}

/* Whether the worker of a slot has ended without leaving. A worker that was replaced meanwhile has left: its successor
 * writes its pid before it sets `alive`. */
static bool is_lost(struct python *p, unsigned w)
{
	const struct board_slot *slot = &p->board.slot[w];

	watch(p, w);
	if (!p->watched[w] || (p->pidfds[w] >= 0 && !has_ended(p->pidfds[w])))
		return false;
	if (!atomic_load(&slot->alive) || p->watched[w] != atomic_load(&slot->pid))
		return false;
	p->codes[w] = p->codes[w] ? p->codes[w] : exit_code(p->watched[w]);
	return true;
}

/* Whether Python's main process was killed; then its workers are killed, too. */
static bool was_killed(const struct python *p)
{
	siginfo_t info = { 0 };

	return p->child.pid && waitid(P_PID, (id_t)p->child.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid && info.si_code != CLD_EXITED;
}

/* Returns the worker that has died first; -1: none has. CPython's executor ends the others by SIGTERM. */
static int find_lost(const struct crew *crew)
{
	struct python *p = crew->own;
	int lost = -1;

	for (unsigned w = 0; w < crew->cell->workers; w++)
		if (is_lost(p, w) &&
		    (lost < 0 || p->codes[lost] == SIGTERM || (!p->codes[lost] && p->codes[w] != SIGTERM)))
			lost = (int)w;
	return lost;
}

/* Fails if a worker has died, since CPython's Pool would wait for its result for ever. */
static int check_lost(struct crew *crew)
{
	struct python *p = crew->own;
	int lost = find_lost(crew);

	if (was_killed(p))
		return fail_ended(crew, "in the middle");
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct board_slot *slot = &p->board.slot[w];
		int32_t replaced = (int32_t)atomic_load(&slot->lost_pid);

		if (replaced)
			return fail_lost(crew, w, replaced, slot->lost_item, 0);
	}
	if (lost < 0)
		return 0;
	/* This worker may have died because another one has (SIGTERM), or because Python's main process has, and that
	 * death may become visible later: a process has ended only when all its threads have, but the workers die with
	 * one of them. */
	nanosleep(&(struct timespec){ .tv_nsec = SECOND_LOOK_NS }, NULL);
	if (was_killed(p))
		return fail_ended(crew, "in the middle");
	lost = find_lost(crew);
	if (lost < 0)
		return 0;
	return fail_lost(crew, (unsigned)lost, p->watched[lost], atomic_load(&p->board.slot[lost].item),
			 p->codes[lost]);
}

static int check_raised(struct crew *crew)
{
	const struct python *p = crew->own;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct board_slot *slot = &p->board.slot[w];
		int64_t item = atomic_load(&slot->failed) - 1;

		if (item < 0)
			continue;
		crew_fail(crew, FAILURE_ERROR, (int)w, "%s %lld: in Python: %.*s", crew->workload->item,
			  (long long)item, (int)sizeof(slot->why) - 1, slot->why);
		crew->failure.item = item;
		return -ECHILD;
	}
	return 0;
}

int python_look(struct crew *crew)
{
	const struct python *p = crew->own;

	board_mirror(&p->board, crew);
	if (p->ends)
		return 0;
	return check_raised(crew) ? -ECHILD : check_lost(crew);
}

/* ---- Talk ---- */

/* Waits until there is something to receive. */
static int await(struct crew *crew)
{
	struct python *p = crew->own;
	unsigned workers = crew->cell->workers;
	struct pollfd *fds = calloc(workers + 2, sizeof(*fds));
	int err = fds ? 0 : -ENOMEM;

	while (!err) {
		fds[0] = (struct pollfd){ .fd = p->socket, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = p->child.fd, .events = POLLIN };
		for (unsigned w = 0; w < workers; w++)
			fds[2 + w] = (struct pollfd){
				.fd = atomic_load(&p->board.slot[w].alive) ? p->pidfds[w] : -1,
				.events = POLLIN,
			};
		poll(fds, workers + 2, LOOK_EVERY_MS);
		if (fds[0].revents)
			break;
		err = python_look(crew);
		if (!err && fds[1].revents)
			err = fail_ended(crew, "in the middle");
	}
	free(fds);
	return err;
}

/* Receives up to `size` bytes. Returns how many, or -ECHILD. */
static ssize_t receive_some(struct crew *crew, void *data, size_t size)
{
	const struct python *p = crew->own;
	ssize_t got;

	if (await(crew))
		return -ECHILD;
	got = recv(p->socket, data, size, 0);
	if (got > 0)
		return got;
	return python_look(crew) ? -ECHILD : fail_ended(crew, "in the middle");
}

int python_receive(struct crew *crew, void *data, size_t size)
{
	struct python *p = crew->own;
	char *to = data;

	while (size) {
		size_t ready = p->end - p->begin < size ? p->end - p->begin : size;
		ssize_t got;

		memcpy(to, p->inbox + p->begin, ready);
		p->begin += ready;
		to += ready;
		size -= ready;
		if (size == 0)
			break;
		got = receive_some(crew, p->inbox, sizeof(p->inbox));
		if (got < 0)
			return -ECHILD;
		p->begin = 0;
		p->end = (size_t)got;
	}
	return 0;
}

static int send_all(struct crew *crew, const char *data, size_t size)
{
	const struct python *p = crew->own;

	while (size) {
		ssize_t sent = send(p->socket, data, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return check_lost(crew) ? -ECHILD : fail_ended(crew, "in the middle");
		data += sent;
		size -= (size_t)sent;
	}
	return 0;
}

int python_say(struct crew *crew, json_t *line)
{
	char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
	int err = text ? send_all(crew, text, strlen(text)) : -ENOMEM;

	json_decref(line);
	free(text);
	return err ? err : send_all(crew, "\n", 1);
}

/* Fails, and shows only the beginning of what was received instead of a line of JSON. */
static json_t *fail_garbled(struct crew *crew, const char *line)
{
	const struct python *p = crew->own;

	crew_fail(crew, FAILURE_ERROR, -1, "python3 (pid %d) said what is not understood: '%.80s'",
		  (int)p->child.pid, line);
	return NULL;
}

json_t *python_hear(struct crew *crew)
{
	char line[4096];
	size_t size = 0;
	json_t *json;

	do {
		if (size == sizeof(line) - 1 || python_receive(crew, line + size, 1))
			break;
	} while (line[size++] != '\n');
	line[size] = '\0';
	if (crew->failed)
		return NULL;
	json = json_loads(line, 0, NULL);
	if (!json_is_object(json)) {
		json_decref(json);
		line[strcspn(line, "\n")] = '\0';
		return fail_garbled(crew, line);
	}
	return json;
}

/* ---- CPU time ---- */

static uint64_t process_cpu_ns(pid_t pid)
{
	clockid_t clock;

	return pid && clock_getcpuclockid(pid, &clock) == 0 ? clock_read_ns(clock) : 0;
}

uint64_t python_workers_cpu_ns(const struct crew *crew)
{
	const struct python *p = crew->own;
	uint64_t sum_ns = 0;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct board_slot *slot = &p->board.slot[w];
		pid_t pid = (pid_t)atomic_load(&slot->pid);

		if (pid != p->child.pid && atomic_load(&slot->alive))
			sum_ns += process_cpu_ns(pid);
	}
	return sum_ns;
}

uint64_t python_own_cpu_ns(const struct python *p)
{
	return process_cpu_ns(p->child.pid);
}
