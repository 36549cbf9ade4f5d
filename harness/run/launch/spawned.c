#include "run/launch/spawned.h"

#include "model/registry.h"
#include "run/crew/describe.h"
#include "run/transports/shared.h"
#include "run/worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What stands in the memfd that a fresh process is handed, before the specification as text. */
struct handover {
	pid_t cell_pid;
	int shared_fd; /* of shared_list() */
	int server_fd; /* where the server takes requests, -1: there is none */
	void *channels;
	bool has_input, talks;
	size_t spec_size;
};

struct launcher_state {
	int handover_fd, shared_fd;
	int server[2]; /* our end, the server's */
	pid_t server_pid;
};

struct worker_request {
	unsigned worker;
	enum worker_task task;
};

static const char *const task_names[] = { [TASK_SERVE] = "serve", [TASK_JOIN] = "join" }; /* of a pool */

/* ---- In the cell process ---- */

static int write_handover(const struct crew *crew, struct launcher_state *l)
{
	char *text = spec_encode(crew->spec);
	struct handover h = {
		.cell_pid = getpid(),
		.shared_fd = shared_list(),
		.server_fd = l->server[1],
		.channels = crew->channels,
		.has_input = crew->has_input,
		.talks = crew->talks,
		.spec_size = text ? strlen(text) : 0,
	};
	int err = text ? h.shared_fd : -ENOMEM;

	err = err < 0 ? err : 0;
	if (!err && (write(l->handover_fd, &h, sizeof(h)) != sizeof(h) ||
		     write(l->handover_fd, text, h.spec_size) != (ssize_t)h.spec_size))
		err = -EIO;
	l->shared_fd = h.shared_fd;
	free(text);
	return err;
}

static int prepare(struct crew *crew, bool has_server)
{
	struct launcher_state *l = crew->own = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->handover_fd = memfd_create("bench-handover", 0);
	l->server[0] = l->server[1] = l->shared_fd = -1;
	if (l->handover_fd < 0)
		return -errno;
	if (has_server) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, l->server))
			return -errno;
		fcntl(l->server[0], F_SETFD, FD_CLOEXEC); /* the server sees its end when we are gone */
	}
	return write_handover(crew, l);
}

int spawned_prepare(struct crew *crew)
{
	return prepare(crew, false);
}

void spawned_release(struct crew *crew)
{
	struct launcher_state *l = crew->own;

	if (!l)
		return;
	for (int i = 0; i < 2; i++)
		if (l->server[i] >= 0)
			close(l->server[i]);
	while (l->server_pid && waitpid(l->server_pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (l->handover_fd >= 0)
		close(l->handover_fd);
	if (l->shared_fd >= 0)
		close(l->shared_fd);
	free(l);
	crew->own = NULL;
}

/* Starts this very program as a worker or as the server, be it deleted. Under Valgrind the link leads to Valgrind, but
 * reading it is answered as for the program. Returns its pid or -errno. */
static pid_t start_afresh(const struct crew *crew, const char *what, unsigned w)
{
	const struct launcher_state *l = crew->own;
	char fd[16], worker[16], program[PATH_MAX] = "/proc/self/exe";
	char *argv[] = { (char *)"bench", (char *)"--worker", fd, (char *)what, worker, NULL };
	ssize_t length = crew->spec->instructions ? readlink("/proc/self/exe", program, sizeof(program) - 1) : -1;
	pid_t pid;
	int err;

	if (length > 0)
		program[length] = '\0';
	snprintf(fd, sizeof(fd), "%d", l->handover_fd);
	snprintf(worker, sizeof(worker), "%u", w);
	err = posix_spawn(&pid, program, NULL, NULL, argv, environ);
	return err ? -err : pid;
}

int spawned_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	pid_t pid = start_afresh(crew, task_names[task], w);

	if (pid < 0)
		return pid;
	crew->pids[w] = pid;
	return 0;
}

static int start_server(struct crew *crew)
{
	struct launcher_state *l = crew->own;
	pid_t ready;

	prctl(PR_SET_CHILD_SUBREAPER, 1); /* workers come to us when the one that forked them has ended */
	l->server_pid = start_afresh(crew, "server", 0);
	if (l->server_pid < 0) {
		ready = l->server_pid;
		l->server_pid = 0;
		return ready;
	}
	close(l->server[1]);
	l->server[1] = -1;
	return recv(l->server[0], &ready, sizeof(ready), 0) == sizeof(ready) ? 0 : -EPIPE;
}

int spawned_start_server(struct crew *crew)
{
	int err = prepare(crew, true);

	return err ? err : start_server(crew);
}

int spawned_launch_by_server(struct crew *crew, unsigned w, enum worker_task task)
{
	struct launcher_state *l = crew->own;
	struct worker_request request = { w, task };
	pid_t pid;

	if (send(l->server[0], &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request))
		return -errno;
	if (recv(l->server[0], &pid, sizeof(pid), 0) != sizeof(pid))
		return -EPIPE;
	if (pid < 0)
		return pid;
	crew->pids[w] = pid;
	return 0;
}

/* ---- In the fresh process ---- */

struct fresh {
	struct handover handover;
	struct spec spec;
	struct crew crew;
};

static int read_handover(struct fresh *f, int fd)
{
	const struct handover *h = &f->handover;
	struct stat st;
	char *text;
	int err;

	if (pread(fd, &f->handover, sizeof(f->handover), 0) != sizeof(f->handover) || fstat(fd, &st) ||
	    (size_t)st.st_size != sizeof(*h) + h->spec_size)
		return -EPROTO;
	text = malloc(h->spec_size);
	if (!text)
		return -ENOMEM;
	err = pread(fd, text, h->spec_size, sizeof(*h)) == (ssize_t)h->spec_size ? 0 : -EPROTO;
	err = err ? err : spec_decode(&f->spec, text, h->spec_size);
	free(text);
	return err;
}

static int map_arena(struct fresh *f)
{
	struct stat st;
	void *at;

	if (fstat(f->spec.arena_fd, &st))
		return -errno;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, f->spec.arena_fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	f->crew.arena = at;
	f->crew.submissions = arena_submissions(at);
	return 0;
}

static void *find_shared(void *context, size_t size)
{
	(void)context;
	return shared_memory(size);
}

static int server_is_there(void *context, void (*serve)(void *argument), void *argument)
{
	(void)context, (void)serve, (void)argument;
	return 0;
}

static void nothing_to_say(void *context, const char *file, const char *why)
{
	(void)context, (void)file, (void)why;
}

static int open_again(struct fresh *f)
{
	struct workload_options options = spec_options(&f->spec);
	char why[512];

	options.skipped = nothing_to_say;
	options.shared = find_shared;
	options.server = server_is_there;
	options.waits = worker_waits;
	options.again = true;
	f->crew.workload = spec_workload(&f->spec, WHY(why));
	return f->crew.workload ? f->crew.workload->open(&options, &f->crew.state) : -ENOENT;
}

static int attach(struct fresh *f, int fd)
{
	int err = read_handover(f, fd);

	err = err ? err : shared_attach(f->handover.shared_fd);
	err = err ? err : open_again(f);
	err = err ? err : map_arena(f);
	if (err)
		return err;
	crew_describe(&f->crew, &f->spec);
	f->crew.channels = f->handover.channels;
	f->crew.has_input = f->handover.has_input;
	f->crew.talks = f->handover.talks;
	return 0;
}

static void detach(struct fresh *f)
{
	const struct workload *workload = f->crew.workload;

	if (workload && workload->close && f->crew.state.data)
		workload->close(f->crew.state.data);
	arena_unmap(f->crew.arena);
	spec_release(&f->spec);
	free(f);
}

/* Forks twice: when the one in the middle has ended, the worker is the cell's. */
static pid_t fork_for_cell(struct fresh *f, const struct worker_request *r)
{
	pid_t middle, worker;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	middle = fork();
	if (middle == 0) {
		worker = fork();
		if (worker == 0) {
			close(ends[1]);
			while (read(ends[0], &middle, sizeof(middle)) > 0)
				; /* until the one in the middle, and the server's end, are closed */
			close(f->handover.server_fd);
			close(ends[0]);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() == f->handover.cell_pid)
				worker_live(&f->crew, r->worker, r->task);
			_exit(0);
		}
		worker = worker < 0 ? -errno : worker;
		send(f->handover.server_fd, &worker, sizeof(worker), MSG_NOSIGNAL);
		_exit(0);
	}
	if (middle > 0)
		waitpid(middle, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	return middle < 0 ? -errno : 0;
}

static void serve_forks(struct fresh *f)
{
	pid_t said = 0;
	struct worker_request r;

	send(f->handover.server_fd, &said, sizeof(said), MSG_NOSIGNAL);
	while (recv(f->handover.server_fd, &r, sizeof(r), 0) == sizeof(r)) {
		said = fork_for_cell(f, &r);
		if (said < 0)
			send(f->handover.server_fd, &said, sizeof(said), MSG_NOSIGNAL);
	}
}

/* A fresh worker that cannot begin says why in its slot, as any other does, if it came as far as the arena. */
static int give_up(struct fresh *f, unsigned w, int err)
{
	struct slot *slot;

	if (f->crew.state.why[0])
		fprintf(stderr, "bench: worker %u: %s\n", w, f->crew.state.why);
	if (!f->crew.arena && map_arena(f))
		return 1;
	slot = arena_slot(f->crew.arena, w);
	slot->error_item = ITEM_NONE;
	atomic_store(&slot->pid, getpid());
	atomic_store(&slot->error, -err);
	atomic_store(&f->crew.arena->abort, true);
	worker_count_as_done(f->crew.arena, w);
	return 1;
}

static int complain(void)
{
	fputs("bench: --worker is for the cell process only\n", stderr);
	return 2;
}

int spawned_main(int argc, char **argv)
{
	struct fresh *f = calloc(1, sizeof(*f));
	bool serves = argc == 5 && strcmp(argv[3], "server") == 0;
	unsigned w = argc == 5 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
	int err, status = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!f || argc != 5) {
		free(f);
		return complain();
	}
	err = attach(f, (int)strtol(argv[2], NULL, 10));
	if (!f->spec.json)
		status = complain();
	else if (getppid() != f->handover.cell_pid)
		status = 1;
	else if (err)
		status = serves ? 1 : give_up(f, w, err);
	else if (serves)
		serve_forks(f);
	else
		worker_live(&f->crew, w, strcmp(argv[3], task_names[TASK_JOIN]) == 0 ? TASK_JOIN : TASK_SERVE);
	detach(f);
	return status;
}
