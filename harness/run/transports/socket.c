/* A pair of connected stream sockets for each worker. The kernel copies a payload in and out.
 *
 * As with pipes, the workers' ends block and the parent's do not; the parent keeps both. */
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/shared.h"

#include <errno.h>
#include <sys/socket.h>

struct sockets {
	unsigned workers;
	struct pollfd *poll; /* for the parent: every worker's socket to read from, then every one to write to */
	int pair[][2];       /* by enum transport_end */
};

static void socket_close(void *state)
{
	struct sockets *s = state;

	for (unsigned w = 0; s && w < s->workers; w++) {
		descriptors_close(&s->pair[w][END_PARENT]);
		descriptors_close(&s->pair[w][END_WORKER]);
	}
	shared_release(s);
}

static void *socket_open(unsigned workers)
{
	size_t head = sizeof(struct sockets) + workers * sizeof(int[2]);
	struct sockets *s = shared_memory(head + 2 * workers * sizeof(struct pollfd));

	if (!s)
		return NULL;
	s->workers = workers;
	s->poll = (struct pollfd *)((char *)s + head);
	descriptors_raise_limit();
	for (unsigned w = 0; w < workers; w++)
		if (descriptors_socketpair(s->pair[w], SOCK_STREAM)) {
			int err = errno;

			socket_close(s);
			errno = err;
			return NULL;
		}
	return s;
}

static ssize_t socket_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	const struct sockets *s = state;

	return descriptors_moved(send(s->pair[w][end], data, size, MSG_NOSIGNAL));
}

static ssize_t socket_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	const struct sockets *s = state;
	ssize_t n = recv(s->pair[w][end], data, size, 0);

	return n == 0 && size ? -EPIPE : descriptors_moved(n);
}

static bool socket_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct sockets *s = state;

	if (end == END_WORKER)
		return descriptors_readable(s->pair[w][END_WORKER], timeout_ms); /* sends block by themselves */
	for (unsigned i = 0; i < s->workers; i++)
		s->poll[i].fd = s->poll[s->workers + i].fd = s->pair[i][END_PARENT];
	return descriptors_wait(s->poll, s->workers, to_send, timeout_ms);
}

const struct transport transport_socket = {
	.name = "socket",
	.summary = "a pair of stream sockets for each worker",
	.copies = 2,
	.open = socket_open,
	.send = socket_send,
	.receive = socket_receive,
	.wait = socket_wait,
	.close = socket_close,
};
