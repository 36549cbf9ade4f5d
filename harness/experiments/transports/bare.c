/* The bare loops over the kernel's channels: the system calls, in blocking form, and nothing else. */
#include "experiments/transports/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PACKET ((size_t)192 << 10) /* bytes of a packet */
#define MESSAGE 8192
#define MESSAGES 10

/* The descriptors that each end writes to and reads from. */
struct ends {
	int out[2], in[2]; /* by enum transport_end */
	bool one_a_side;   /* an end has the same descriptor for both */
};

static void ends_close(void *state)
{
	struct ends *e = state;

	for (int end = 0; e && end < 2; end++) {
		close(e->out[end]);
		if (!e->one_a_side)
			close(e->in[end]);
	}
	free(e);
}

static void *pipe_open(const struct transport *transport, const struct endpoints *place)
{
	struct ends *e = calloc(1, sizeof(*e));
	int down[2], up[2];

	(void)transport, (void)place;
	if (!e || pipe(down)) {
		free(e);
		return NULL;
	}
	if (pipe(up)) {
		close(down[0]);
		close(down[1]);
		free(e);
		return NULL;
	}
	*e = (struct ends){ .out = { down[1], up[1] }, .in = { up[0], down[0] } };
	return e;
}

static void *sockets_open(int type)
{
	struct ends *e = calloc(1, sizeof(*e));
	int pair[2];

	if (!e || socketpair(AF_UNIX, type, 0, pair)) {
		free(e);
		return NULL;
	}
	*e = (struct ends){ .out = { pair[0], pair[1] }, .in = { pair[0], pair[1] }, .one_a_side = true };
	return e;
}

static void *stream_open(const struct transport *transport, const struct endpoints *place)
{
	(void)transport, (void)place;
	return sockets_open(SOCK_STREAM);
}

static void *packet_open(const struct transport *transport, const struct endpoints *place)
{
	(void)transport, (void)place;
	return sockets_open(SOCK_SEQPACKET);
}

/* Opens a message queue for both ends. */
static int open_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = MESSAGES, .mq_msgsize = MESSAGE };
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/bench-bare-%d", (int)getpid());
	fd = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	mq_unlink(name);
	return fd;
}

static void *queue_open(const struct transport *transport, const struct endpoints *place)
{
	struct ends *e = calloc(1, sizeof(*e));
	int down = open_queue(), up = open_queue();

	(void)transport, (void)place;
	if (!e || down < 0 || up < 0) {
		int err = errno;

		close(down);
		close(up);
		free(e);
		errno = err;
		return NULL;
	}
	*e = (struct ends){ .out = { down, up }, .in = { up, down } };
	return e;
}

static void queue_close(void *state)
{
	struct ends *e = state;

	if (e) {
		close(e->out[0]);
		close(e->out[1]);
	}
	free(e);
}

static int pipe_send(void *state, enum transport_end end, const void *data, size_t size)
{
	int fd = ((struct ends *)state)->out[end];

	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		data = (const char *)data + (n > 0 ? n : 0);
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int pipe_receive(void *state, enum transport_end end, void *data, size_t size)
{
	int fd = ((struct ends *)state)->in[end];

	while (size) {
		ssize_t n = read(fd, data, size);

		if (n == 0 || (n < 0 && errno != EINTR))
			return n ? -errno : -EPIPE;
		data = (char *)data + (n > 0 ? n : 0);
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int packet_send(void *state, enum transport_end end, const void *data, size_t size)
{
	int fd = ((struct ends *)state)->out[end];

	while (size) {
		ssize_t n = send(fd, data, size < PACKET ? size : PACKET, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		data = (const char *)data + (n > 0 ? n : 0);
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int queue_send(void *state, enum transport_end end, const void *data, size_t size)
{
	mqd_t queue = ((struct ends *)state)->out[end];

	while (size) {
		size_t n = size < MESSAGE ? size : MESSAGE;

		if (mq_send(queue, data, n, 0)) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		data = (const char *)data + n;
		size -= n;
	}
	return 0;
}

static int queue_receive(void *state, enum transport_end end, void *data, size_t size)
{
	mqd_t queue = ((struct ends *)state)->in[end];
	char message[MESSAGE]; /* for shorter ones, since the kernel wants room for the largest */

	while (size) {
		ssize_t n = mq_receive(queue, size < MESSAGE ? message : data, MESSAGE, NULL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && size < MESSAGE)
			memcpy(data, message, (size_t)n);
		data = (char *)data + (n > 0 ? n : 0);
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static const struct way bare_pipe = { "write, read", pipe_open, pipe_send, pipe_receive, ends_close };
static const struct way bare_socket = { "write, read", stream_open, pipe_send, pipe_receive, ends_close };
static const struct way bare_packet = { "send, recv", packet_open, packet_send, pipe_receive, ends_close };
static const struct way bare_queue = { "mq_send, mq_receive", queue_open, queue_send, queue_receive, queue_close };

/* The bare loops of each transport. Transports that are not listed are alternatives to a ring and are compared with
 * that. */
static const struct beside {
	const char *transport;
	const struct way *latency, *throughput;
} beside[] = {
	{ "shm", &bare_futex, &bare_ring },
	{ "shm_spin", &bare_spin, &bare_ring },
	{ "eventfd", &bare_eventfd, &bare_ring },
	{ "pipe", &bare_pipe, &bare_pipe },
	{ "socket", &bare_socket, &bare_socket },
	{ "seqpacket", &bare_packet, &bare_packet },
	{ "mqueue", &bare_queue, &bare_queue },
};

static const struct beside *beside_of(const char *transport)
{
	static const struct beside rest = { NULL, &bare_futex, &bare_ring };

	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (!strcmp(beside[i].transport, transport))
			return &beside[i];
	return &rest;
}

const struct way *bare_for_latency(const char *transport)
{
	return beside_of(transport)->latency;
}

const struct way *bare_for_throughput(const char *transport)
{
	return beside_of(transport)->throughput;
}
