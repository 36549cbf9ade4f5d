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

#define STATUS_LOOKS 50 /* how often it looks for the status of a worker that has died */
#define STATUS_LOOK_NS 10000000
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
static int zombie_status(pid_t pid)
{
	char path[64], text[1024], *last;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (proc_state(pid) != 'Z' || proc_read(path, text, sizeof(text)) <= 0)
		return 0;
	last = strrchr(text, ' ');
	return last ? atoi(last) : 0;
}

/* The same from Python's exitcode. */
static int status_of(int64_t exitcode)
{
	return exitcode < 0 ? (int)-exitcode : W_EXITCODE((int)exitcode, 0);
}

/* Where a worker was and how it has ended, as far as that is known. */
struct loss {
	pid_t pid;
	int64_t item;
	int status; /* as wait() gives it; 0: not known */
};

/* Reads what is known of the worker `pid`, which has died in this slot and may have been replaced meanwhile. */
static struct loss read_loss(const struct board_slot *slot, pid_t pid)
{
	struct loss loss = { pid, atomic_load(&slot->item), status_of(atomic_load(&slot->ended)) };

	if (atomic_load(&slot->lost_pid) == pid)
		return (struct loss){ pid, slot->lost_item, status_of(slot->lost_ended) };
	loss.status = loss.status ? loss.status : zombie_status(pid);
	return loss;
}

/* Between taking the status from the kernel and writing it down Python may be kept waiting. */
static struct loss await_loss(const struct board_slot *slot, pid_t pid)
{
	struct loss loss = read_loss(slot, pid);

	for (int i = 0; i < STATUS_LOOKS && !loss.status; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = STATUS_LOOK_NS }, NULL);
		loss = read_loss(slot, pid);
	}
	return loss;
}

static int fail_lost(struct crew *crew, unsigned w, pid_t pid)
{
	const struct python *p = crew->own;
	struct loss loss = await_loss(&p->board.slot[w], pid);
	char how[CHILD_TEXT] = "has died", where[48] = "between items";

	if (loss.status)
		child_ended_text(how, loss.status);
	if (loss.item >= 0)
		snprintf(where, sizeof(where), "at item %lld", (long long)arena_item(crew->arena, (uint64_t)loss.item));
	crew_fail(crew, FAILURE_LOST_WORKER, (int)w, "Python's worker %u (pid %d) %s %s", w, (int)pid, how, where);
	crew->failure.pid = pid;
	crew->failure.item = loss.item < 0 ? -1 : (int64_t)arena_item(crew->arena, (uint64_t)loss.item);
	crew->failure.signal = WIFSIGNALED(loss.status) ? WTERMSIG(loss.status) : 0;
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
}

/* The worker of a slot that has ended without leaving, but not because Python ended it, as CPython's executor does with
 * the others when one has died. One that was replaced meanwhile has left: its successor writes its pid before it sets
 * `alive`. 0: there is none. */
static pid_t find_lost(struct python *p, unsigned w)
{
	const struct board_slot *slot = &p->board.slot[w];
	pid_t replaced = (pid_t)atomic_load(&slot->lost_pid), pid;

	watch(p, w);
	pid = p->watched[w];
	if (replaced || !pid || (p->pidfds[w] >= 0 && !has_ended(p->pidfds[w])))
		return replaced;
	if (!atomic_load(&slot->alive) || pid != atomic_load(&slot->pid) || pid == atomic_load(&slot->terminated))
		return 0;
	return pid;
}

/* Fails if a worker has died, since CPython's Pool would wait for its result for ever. Workers also die when Python's
 * main process is killed, which may not have ended by then. */
static int check_lost(struct crew *crew)
{
	struct python *p = crew->own;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		pid_t pid = find_lost(p, w);

		if (!pid)
			continue;
		return proc_was_killed(p->child.pid) ? fail_ended(crew, "in the middle") : fail_lost(crew, w, pid);
	}
	return 0;
}

static int check_raised(struct crew *crew)
{
	const struct python *p = crew->own;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct board_slot *slot = &p->board.slot[w];
		int64_t failed = atomic_load(&slot->failed);

		if (failed == 0)
			continue;
		if (failed < 0)
			return crew_fail(crew, FAILURE_ERROR, (int)w, "Python's worker %u cannot begin: %.*s", w,
					 (int)sizeof(slot->why) - 1, slot->why);
		crew_fail(crew, FAILURE_ERROR, (int)w, "%s %lld: in Python: %.*s", crew->workload->item,
			  (long long)arena_item(crew->arena, (uint64_t)failed - 1), (int)sizeof(slot->why) - 1,
			  slot->why);
		crew->failure.item = (int64_t)arena_item(crew->arena, (uint64_t)failed - 1);
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
