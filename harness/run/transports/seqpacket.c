/* For each worker a pair of connected sockets that keep the boundaries of packets. The kernel copies a payload in and
 * out, in packets that are sent and received whole.
 *
 * If a receiver asks for less than a packet, the rest lies in shared memory until it is asked for. This is one more
 * copy, but only of the bytes that were not asked for at once. */
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/shared.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define PACKET_MAX (192u << 10) /* bytes; the kernel's own limit is its usual buffer of a socket, 208 KiB */
#define PACKET_MIN (16u << 10)
#define RESTS_MAX (1u << 25) /* bytes of all rests together, as long as packets have PACKET_MIN */

/* The rest of a packet that was received at one end of a channel and not asked for yet. Only `left` says whether there
 * is any, so that a worker that is killed between two stores leaves nothing half done. */
struct seqpacket_rest {
	size_t size, left; /* the rest is the last `left` of `size` bytes */
	char *data;
};

struct seqpacket_channel {
	int pair[2]; /* by enum transport_end */
	struct seqpacket_rest rest[2];
};

struct packets {
	unsigned workers;
	size_t packet;       /* most bytes of one packet */
	struct pollfd *poll; /* for the parent: every worker's socket to read from, then every one to write to */
	struct seqpacket_channel channel[];
};

static void seqpacket_close(void *state)
{
	struct packets *p = state;

	for (unsigned w = 0; p && w < p->workers; w++) {
		descriptors_close(&p->channel[w].pair[END_PARENT]);
		descriptors_close(&p->channel[w].pair[END_WORKER]);
	}
	shared_release(p);
}

static void *seqpacket_open(unsigned workers)
{
	size_t head = sizeof(struct packets) + workers * sizeof(struct seqpacket_channel), packet = PACKET_MAX;
	size_t polls = 2 * workers * sizeof(struct pollfd);
	struct packets *p;

	while (packet > PACKET_MIN && 2 * packet * workers > RESTS_MAX)
		packet /= 2;
	p = shared_memory(head + polls + 2 * packet * workers);
	if (!p)
		return NULL;
	p->workers = workers;
	p->packet = packet;
	p->poll = (struct pollfd *)((char *)p + head);
	descriptors_raise_limit();
	for (unsigned w = 0; w < workers; w++) {
		for (int end = 0; end < 2; end++)
			p->channel[w].rest[end].data = (char *)p + head + polls + packet * (2 * w + (unsigned)end);
		if (descriptors_socketpair(p->channel[w].pair, SOCK_SEQPACKET)) {
			int err = errno;

			seqpacket_close(p);
			errno = err;
			return NULL;
		}
	}
	return p;
}

static ssize_t seqpacket_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	const struct packets *p = state;

	if (size == 0)
		return 0; /* an empty packet would look like the end of the stream */
	size = size < p->packet ? size : p->packet;
	return descriptors_moved(send(p->channel[w].pair[end], data, size, MSG_NOSIGNAL));
}

static ssize_t seqpacket_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct packets *p = state;
	struct seqpacket_rest *rest = &p->channel[w].rest[end];
	struct iovec parts[2] = { { data, size }, { rest->data, p->packet } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n;

	if (rest->left) {
		size = size < rest->left ? size : rest->left;
		memcpy(data, rest->data + (rest->size - rest->left), size);
		rest->left -= size;
		return (ssize_t)size;
	}
	n = size ? recvmsg(p->channel[w].pair[end], &message, 0) : 0;
	if (n <= 0)
		return n == 0 && size ? -EPIPE : descriptors_moved(n);
	if ((size_t)n <= size)
		return n;
	rest->size = (size_t)n - size;
	rest->left = rest->size;
	return (ssize_t)size;
}

static bool seqpacket_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct packets *p = state;
	bool rests = end == END_WORKER && p->channel[w].rest[end].left;

	if (end == END_WORKER)
		return rests || descriptors_readable(p->channel[w].pair[end], timeout_ms);
	for (unsigned i = 0; i < p->workers; i++) {
		p->poll[i].fd = p->poll[p->workers + i].fd = p->channel[i].pair[END_PARENT];
		rests |= p->channel[i].rest[END_PARENT].left != 0;
	}
	return rests || descriptors_wait(p->poll, p->workers, to_send, timeout_ms);
}

const struct transport transport_seqpacket = {
	.name = "seqpacket",
	.summary = "a pair of sockets that keep the bounds of messages, for each worker",
	.copies = 2,
	.piece_bytes = PACKET_MAX,
	.open = seqpacket_open,
	.send = seqpacket_send,
	.receive = seqpacket_receive,
	.wait = seqpacket_wait,
	.close = seqpacket_close,
};
