#include "run/launch/fresh.h"

#include "base/text.h"
#include "run/crew/describe.h"
#include "run/launch/handover.h"
#include "run/transports/shared.h"
#include "run/worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
	int err;

	options.skipped = nothing_to_say;
	options.shared = find_shared;
	options.server = server_is_there;
	options.waits = worker_waits;
	options.again = true;
	f->crew.workload = spec_check(&f->spec, WHY(why)) ? NULL : spec_workload(&f->spec, WHY(why));
	if (!f->crew.workload || spec_check_values(&f->spec, f->crew.workload, WHY(why)))
		return -ENOENT;
	err = f->crew.workload->open(&options, &f->crew.state);
	return err ? err : picked_open(&f->crew.picked, &f->spec.cell, &f->crew.workload, &f->crew.state, WHY(why));
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

/* Forks twice: when the process in the middle has ended, the worker is a child of the cell process. */
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
				; /* until the process in the middle has ended and the server has closed its end */
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

/* A fresh worker that cannot begin says why in its slot, as any other worker does, if it has come as far as mapping the
 * arena. */
static int give_up(struct fresh *f, unsigned w, int err)
{
	struct slot *slot;

	if (f->crew.state.why[0])
		text_print(stderr, "bench: worker %u: %s\n", w, f->crew.state.why);
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

int fresh_main(int argc, char **argv)
{
	struct fresh *f = calloc(1, sizeof(*f));
	bool serves = argc == 5 && strcmp(argv[3], WHAT_SERVER) == 0;
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
		worker_live(&f->crew, w, strcmp(argv[3], WHAT_JOIN) == 0 ? TASK_JOIN : TASK_SERVE);
	detach(f);
	return status;
}
