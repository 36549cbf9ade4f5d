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

#define NUMBER 8 /* bytes of a descriptor's number among the arguments */

/* ---- What a cell process needs ---- */

static int fail_start(struct running *r, int err, const char *what)
{
	running_fail(r, FAILURE_ERROR, "%s: %s", what, error_text((char[ERROR_TEXT]){ 0 }, err));
	return err;
}

static int prepare(struct running *r)
{
	char what[400];
	int err = folder_make(r->spec->scratch, 0700), ends[2];

	snprintf(what, sizeof(what), "cannot make '%.300s'", r->spec->scratch);
	if (err < 0)
		return fail_start(r, err, what);
	r->arena = r->spec->arena_fd = arena_create();
	if (r->arena < 0)
		return fail_start(r, r->arena, "cannot make the crew's shared memory");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return fail_start(r, -errno, "cannot open a socket to the cell process");
	r->socket = ends[0];
	r->other_end = ends[1];
	r->text = spec_encode(r->spec);
	return r->text ? 0 : -ENOMEM;
}

/* ---- The program ---- */

/* Lists the descriptors that the program gets, ended by -1. */
static void list_kept(struct running *const all[], size_t count, int *kept)
{
	for (size_t i = 0; i < count; i++) {
		*kept++ = all[i]->other_end;
		*kept++ = all[i]->arena;
		if (all[i]->spec->ring_fd)
			*kept++ = all[i]->spec->ring_fd;
	}
	*kept = -1;
}

/* Writes "0007,0009": arguments of one length move the stack alike. */
static void name_sockets(struct running *const all[], size_t count, char *text)
{
	for (size_t i = 0; i < count; i++)
		text += sprintf(text, "%s%04d", i ? "," : "", all[i]->other_end);
}

static int execute(struct parent *parent, const struct cell_launcher *l, char *sockets, const int *kept)
{
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
	char **argv;
	int err;

	while (l->program[words])
		words++;
	argv = calloc(words + 3, sizeof(*argv));
	if (!argv)
		return -ENOMEM;
	memcpy(argv, l->program, words * sizeof(*argv));
	argv[words] = (char *)"--cell";
	argv[words + 1] = sockets;
	setup.argv = argv;
	err = child_start(&parent->child, &setup);
	free(argv);
	return err;
}

static int start_parent(struct running *const all[], size_t count)
{
	const struct cell_launcher *launcher = all[0]->launcher;
	struct parent *parent = calloc(1, sizeof(*parent));
	int *kept = calloc(3 * count + 1, sizeof(*kept)), err;
	char *sockets = malloc(count * NUMBER);

	err = parent && kept && sockets ? 0 : -ENOMEM;
	if (!err) {
		list_kept(all, count, kept);
		name_sockets(all, count, sockets);
		err = execute(parent, launcher, sockets, kept);
	}
	for (size_t i = 0; i < count && !err; i++) {
		all[i]->parent = parent;
		all[i]->pid = parent->child.pid;
		all[i]->started_ns = all[i]->phase_ns = parent->child.forked_ns;
		parent->cells++;
	}
	if (err)
		free(parent);
	else
		parent->nursery = count > 1 ? parent->child.pid : 0;
	free(kept);
	free(sockets);
	return err;
}

static void send_spec(struct running *r, const double *weights)
{
	frame_send(r->socket, FRAME_SPEC, r->text, strlen(r->text)); /* if it is dead, its end will be noticed */
	frame_send(r->socket, FRAME_WEIGHTS, weights, weights ? COST_RANGES * sizeof(*weights) : 0);
	fcntl(r->socket, F_SETFL, O_NONBLOCK);
}

/* What the program prints is read from now on, or no more since it could not be started. */
static void listen_to(struct running *const all[], size_t count, bool begins)
{
	struct output *said = all[0]->launcher->said;

	for (size_t i = 0; i < count && said; i++)
		begins ? output_begin(said) : output_end(said);
}

void running_start(struct running *const all[], size_t count, const double *weights)
{
	int err = 0;

	listen_to(all, count, true);
	for (size_t i = 0; i < count && !err; i++)
		err = prepare(all[i]);
	err = err ? err : start_parent(all, count);
	for (size_t i = 0; i < count; i++) {
		if (all[i]->other_end >= 0)
			close(all[i]->other_end);
		if (!err)
			send_spec(all[i], weights);
		else
			fail_start(all[i], err, "cannot start the cell process");
		all[i]->state = err ? RUNNING_OVER : RUNNING_BUSY;
		free(all[i]->text);
	}
	if (err)
		listen_to(all, count, false);
}
