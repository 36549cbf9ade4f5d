#include "run/python/interpreter.h"

#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND_LOOK_NS 50000000
#define LOOK_EVERY_MS 50 /* for new workers, and so that the supervisor knows who is at which item */

/* ---- Start and end ---- */

static void become_python(int socket, int board, const char *path, const char *folder, pid_t parent)
{
	char main_py[4096], numbers[2][16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	fcntl(socket, F_SETFD, 0);
	fcntl(board, F_SETFD, 0);
	snprintf(main_py, sizeof(main_py), "%s/main.py", folder);
	snprintf(numbers[0], sizeof(*numbers), "%d", socket);
	snprintf(numbers[1], sizeof(*numbers), "%d", board);
	execl(path, path, "-B", main_py, numbers[0], numbers[1], (char *)NULL);
	_exit(127);
}

int python_spawn(struct python *p, const char *path, const char *folder)
{
	pid_t parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	p->pid = fork();
	if (p->pid == 0)
		become_python(fds[1], p->board.fd, path, folder, parent);
	close(fds[1]);
	p->socket = fds[0];
	p->begin = p->end = 0;
	if (p->pid < 0) {
		p->pid = 0;
		close(p->socket);
		return -EAGAIN;
	}
	p->pidfd = pidfd_open(p->pid, 0);
	return 0;
}

static void close_fds(struct python *p)
{
	if (p->pid)
		close(p->socket);
	if (p->pid && p->pidfd >= 0)
		close(p->pidfd);
	p->pid = 0;
}

void python_kill(struct python *p)
{
	if (!p->pid)
		return;
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close_fds(p);
}

/* Says how it ended; `when` what it should have done. */
static int fail_ended(struct crew *crew, const char *when)
{
	struct python *p = crew->own;
	siginfo_t info = { 0 };

	waitid(P_PID, (id_t)p->pid, &info, WEXITED);
	if (info.si_code == CLD_EXITED)
		crew_fail(crew, FAILURE_EXIT, -1, "python3 (pid %d) exited with status %d %s", (int)p->pid,
			  info.si_status, when);
	else
		crew_fail(crew, FAILURE_SIGNAL, -1, "python3 (pid %d) was killed by SIG%s %s", (int)p->pid,
			  sigabbrev_np(info.si_status) ? sigabbrev_np(info.si_status) : "?", when);
	crew->failure.pid = p->pid;
	if (info.si_code == CLD_EXITED)
		crew->failure.exit_status = info.si_status;
	else
		crew->failure.signal = info.si_status;
	close_fds(p);
	return -ECHILD;
}

int python_reap(struct crew *crew)
{
	struct python *p = crew->own;
	siginfo_t info = { 0 };

	waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOWAIT);
	if (info.si_code != CLD_EXITED || info.si_status != 0)
		return fail_ended(crew, "at its end");
	waitpid(p->pid, NULL, 0);
	close_fds(p);
	return 0;
}

/* ---- Workers that die ---- */

/* How a process has ended, as wait() would say, while it is a zombie: the last field of its stat. 0: not known. */
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
	int number = code & 0x7f;
	char how[48] = "has died", where[48] = "between items";

	if (number)
		snprintf(how, sizeof(how), "was killed by SIG%s", sigabbrev_np(number) ? sigabbrev_np(number) : "?");
	else if (code)
		snprintf(how, sizeof(how), "exited with status %d", code >> 8);
	if (item >= 0)
		snprintf(where, sizeof(where), "at item %lld", (long long)item);
	crew_fail(crew, FAILURE_LOST_WORKER, (int)w, "Python's worker %u (pid %d) %s %s", w, (int)pid, how, where);
	crew->failure.pid = pid;
	crew->failure.item = item;
	crew->failure.signal = number;
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

	if (!pid || pid == p->pid || pid == p->watched[w])
		return;
	if (p->pidfds[w] >= 0)
		close(p->pidfds[w]);
	p->pidfds[w] = pidfd_open(pid, 0);
	p->watched[w] = pid;
	p->codes[w] = 0;
}

/* Whether the worker of a slot has ended without leaving. One that was replaced meanwhile has left: its
 * successor writes its pid before it is alive. */
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

/* Whether Python itself was killed; then its workers were, too. */
static bool was_killed(const struct python *p)
{
	siginfo_t info = { 0 };

	return p->pid && waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid &&
	       info.si_code != CLD_EXITED;
}

/* The worker that died first, -1: none. CPython's executor ends the others by SIGTERM. */
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

/* CPython's Pool waits for a dead worker's result for ever. */
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
	/* whose death it was the answer to may not be complete: another worker's (SIGTERM), or Python's own, all of
	 * whose threads must end before it has, while a worker's end comes with that of one of them */
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

/* Sleeps until there is something to receive. */
static int await(struct crew *crew)
{
	struct python *p = crew->own;
	unsigned workers = crew->cell->workers;
	struct pollfd *fds = calloc(workers + 2, sizeof(*fds));
	int err = fds ? 0 : -ENOMEM;

	while (!err) {
		fds[0] = (struct pollfd){ .fd = p->socket, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = p->pidfd, .events = POLLIN };
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

/* What is no line of JSON fits on no screen either. */
static json_t *fail_garbled(struct crew *crew, const char *line)
{
	const struct python *p = crew->own;

	crew_fail(crew, FAILURE_ERROR, -1, "python3 (pid %d) said what is not understood: '%.80s'",
		  (int)p->pid, line);
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

		if (pid != p->pid && atomic_load(&slot->alive))
			sum_ns += process_cpu_ns(pid);
	}
	return sum_ns;
}

uint64_t python_own_cpu_ns(const struct python *p)
{
	return process_cpu_ns(p->pid);
}
