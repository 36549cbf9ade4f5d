/* Two pipes for each worker. The kernel copies a payload in and out.
 *
 * The parent's ends do not block, since it serves all workers from one loop. The workers' ends do: a worker waits
 * inside read() and write(), as programs that use pipes do. The parent also keeps the workers' ends open, for the
 * successors of workers that have died. */
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/shared.h"

#include <errno.h>
#include <unistd.h>

struct pipe_channel {
	int down[2], up[2]; /* read end, write end */
};

struct pipes {
	unsigned workers;
	struct pollfd *poll; /* for the parent: every worker's `up` to read, then every worker's `down` to write */
	struct pipe_channel channel[];
};

static void pipe_close(void *state)
{
	struct pipes *p = state;

	for (unsigned w = 0; p && w < p->workers; w++)
		for (int i = 0; i < 2; i++) {
			descriptors_close(&p->channel[w].down[i]);
			descriptors_close(&p->channel[w].up[i]);
		}
	shared_release(p);
}

static int open_channel(struct pipe_channel *c)
{
	if (pipe(c->down) || pipe(c->up))
		return -1;
	return descriptors_set_nonblocking(c->down[1]) || descriptors_set_nonblocking(c->up[0]) ? -1 : 0;
}

static void *pipe_open(unsigned workers)
{
	size_t head = sizeof(struct pipes) + workers * sizeof(struct pipe_channel);
	struct pipes *p = shared_memory(head + 2 * workers * sizeof(struct pollfd));

	if (!p)
		return NULL;
	p->workers = workers;
	p->poll = (struct pollfd *)((char *)p + head);
	descriptors_raise_limit();
	for (unsigned w = 0; w < workers; w++)
		if (open_channel(&p->channel[w])) {
			int err = errno;

			pipe_close(p);
			errno = err;
			return NULL;
		}
	return p;
}

static ssize_t pipe_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct pipe_channel *c = &((struct pipes *)state)->channel[w];

	return descriptors_moved(write(end == END_PARENT ? c->down[1] : c->up[1], data, size));
}

static ssize_t pipe_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct pipe_channel *c = &((struct pipes *)state)->channel[w];
	ssize_t n = read(end == END_PARENT ? c->up[0] : c->down[0], data, size);

	return n == 0 && size ? -EPIPE : descriptors_moved(n);
}

static bool pipe_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct pipes *p = state;

	if (end == END_WORKER)
		return descriptors_readable(p->channel[w].down[0], timeout_ms); /* writes block by themselves */
	for (unsigned i = 0; i < p->workers; i++) {
		p->poll[i].fd = p->channel[i].up[0];
		p->poll[p->workers + i].fd = p->channel[i].down[1];
	}
	return descriptors_wait(p->poll, p->workers, to_send, timeout_ms);
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
