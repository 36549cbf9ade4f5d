/* Two pipes for each worker. The kernel copies a payload in and out.
 *
 * The parent's ends do not block, since it serves all workers from one loop. The workers' ends do: a
 * worker waits inside read() and write(), as programs that use pipes do. */
#include "plan/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct channel {
	int down[2], up[2]; /* read end, write end */
};

struct pipes {
	unsigned workers;
	struct pollfd *poll; /* of the parent: up of every worker, then down of every worker */
	struct channel channel[];
};

static void pipe_close(void *state)
{
	struct pipes *p = state;

	if (!p)
		return;
	for (unsigned w = 0; w < p->workers; w++)
		for (int i = 0; i < 2; i++) {
			close(p->channel[w].down[i]);
			close(p->channel[w].up[i]);
		}
	free(p->poll);
	free(p);
}

static int set_nonblocking(int fd)
{
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* 256 workers need 1024 descriptors, which is the usual soft limit. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int open_channel(struct channel *c)
{
	if (pipe2(c->down, O_CLOEXEC))
		return -1;
	if (pipe2(c->up, O_CLOEXEC) == 0) {
		if (set_nonblocking(c->down[1]) == 0 && set_nonblocking(c->up[0]) == 0)
			return 0;
		close(c->up[0]);
		close(c->up[1]);
	}
	close(c->down[0]);
	close(c->down[1]);
	return -1;
}

static void *pipe_open(unsigned workers)
{
	struct pipes *p = calloc(1, sizeof(*p) + workers * sizeof(p->channel[0]));

	if (!p)
		return NULL;
	raise_descriptor_limit();
	p->poll = calloc(2 * (size_t)workers, sizeof(*p->poll));
	if (!p->poll)
		goto fail;
	for (; p->workers < workers; p->workers++)
		if (open_channel(&p->channel[p->workers]))
			goto fail;
	return p;
fail:
	pipe_close(p); /* keeps errno: closing what is open does not fail */
	return NULL;
}

static ssize_t moved(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static ssize_t pipe_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct channel *c = &((struct pipes *)state)->channel[w];

	return moved(write(end == END_PARENT ? c->down[1] : c->up[1], data, size));
}

static ssize_t pipe_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct channel *c = &((struct pipes *)state)->channel[w];
	ssize_t n = read(end == END_PARENT ? c->up[0] : c->down[0], data, size);

	return n == 0 ? -EPIPE : moved(n);
}

static bool pipe_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct pipes *p = state;

	if (end == END_WORKER) {
		struct pollfd mine = { .fd = p->channel[w].down[0], .events = POLLIN };

		return poll(&mine, 1, timeout_ms) > 0; /* its writes block by themselves */
	}
	for (unsigned i = 0; i < p->workers; i++) {
		p->poll[i] = (struct pollfd){ .fd = p->channel[i].up[0], .events = POLLIN };
		p->poll[p->workers + i] = (struct pollfd){
			.fd = to_send && to_send[i] ? p->channel[i].down[1] : -1,
			.events = POLLOUT,
		};
	}
	return poll(p->poll, to_send ? 2 * p->workers : p->workers, timeout_ms) > 0;
}

const struct transport transport_pipe = {
	.name = "pipe",
	.summary = "two pipes for each worker",
	.copies = 2,
	.open = pipe_open,
	.send = pipe_send,
	.receive = pipe_receive,
	.wait = pipe_wait,
	.close = pipe_close,
};
