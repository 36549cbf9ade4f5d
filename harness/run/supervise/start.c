#include "run/supervise/under_way.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/why.h"
#include "run/crew/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Records that the invocation could not be started. Returns `err`, a negative errno. */
static int fail_start(struct running *r, int err, const char *what)
{
	running_fail(r, FAILURE_ERROR, "%s: %s", what, error_text((char[ERROR_TEXT]){ 0 }, err));
	return err;
}

static int start_program(struct running *r, int socket)
{
	const struct cell_launcher *l = r->launcher;
	const int kept[] = { socket, r->arena, r->spec->ring_fd ? r->spec->ring_fd : -1, -1 };
	struct child_setup setup = {
		.environment = l->environment,
		.without = "BENCHMARK_", /* Google Benchmark obeys these variables: a filter would let it run nothing */
		.output = l->said ? l->said->child_fd : STDERR_FILENO,
		.errors = l->said ? l->said->child_fd : STDERR_FILENO,
		.keep = kept,
		.same_addresses = l->same_addresses,
		.kept = true,
	};
	size_t words = 0;
	char number[16], **argv;
	int err;

	while (l->program[words])
		words++;
	argv = calloc(words + 3, sizeof(*argv));
	if (!argv)
		return -ENOMEM;
	snprintf(number, sizeof(number), "%04d", socket); /* arguments of one length move the stack alike */
	memcpy(argv, l->program, words * sizeof(*argv));
	argv[words] = (char *)"--cell";
	argv[words + 1] = number;
	setup.argv = argv;
	err = child_start(&r->child, &setup);
	r->pid = r->child.pid;
	free(argv);
	return err;
}

static void send_spec(struct running *r, const char *text, const double *weights)
{
	frame_send(r->socket, FRAME_SPEC, text, strlen(text)); /* if the child is dead, its end will be noticed */
	frame_send(r->socket, FRAME_WEIGHTS, weights, weights ? COST_RANGES * sizeof(*weights) : 0);
	fcntl(r->socket, F_SETFL, O_NONBLOCK);
}

static int start_child(struct running *r, const double *weights)
{
	struct output *said = r->launcher->said;
	int fds[2], err;
	char *text;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return fail_start(r, -errno, "cannot open a socket to the cell process");
	text = spec_encode(r->spec);
	if (said)
		output_begin(said);
	err = text ? start_program(r, fds[1]) : -ENOMEM;
	r->started_ns = r->phase_ns = r->child.forked_ns;
	close(fds[1]);
	r->socket = fds[0];
	if (err)
		output_end(said);
	else
		send_spec(r, text, weights);
	free(text);
	return err ? fail_start(r, err, "cannot start the cell process") : 0;
}

int running_start(struct running *r, const double *weights)
{
	int err;

	r->started_ns = r->phase_ns = clock_ns();
	err = folder_make(r->spec->scratch, 0700);
	if (err < 0) {
		running_fail(r, FAILURE_ERROR, "cannot make '%.300s': %s", r->spec->scratch,
			     error_text((char[ERROR_TEXT]){ 0 }, err));
		return err;
	}
	r->arena = r->spec->arena_fd = arena_create();
	if (r->arena < 0)
		return fail_start(r, r->arena, "cannot make the crew's shared memory");
	return start_child(r, weights);
}
