/* Large pieces travel in memory of their own, which is handed over as a descriptor: the sender writes the data into a
 * memfd(2), seals it and passes it through a socket; a receiver that can use the data in place maps it (view()), any
 * other one reads it, which is a second copy. Small pieces go through the rings of `shm`.
 *
 * At most one descriptor is on its way in each direction of a channel: a sender has to wait until it is taken. Each
 * descriptor is used once and closed by both ends. */
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/rings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define LARGE ((size_t)256 << 10) /* bytes from which on a descriptor costs less than a copy */

/* A piece that has come at one end. It belongs to one process and is lost when that process dies. */
struct memfd_piece {
	pid_t pid;  /* the process that has it */
	int fd;     /* the memfd that is being read; 0: none */
	void *view; /* where it is mapped for view(); NULL: it is not */
	size_t view_size;
};

struct memfd_channel {
	int pair[2]; /* the sockets that carry the descriptors, by enum transport_end */
	struct memfd_piece piece[2];
};

static struct memfd_channel *channel_of(struct rings *r, unsigned w)
{
	return (struct memfd_channel *)r->more + w;
}

static void memfd_close(void *state)
{
	struct rings *r = state;

	for (unsigned w = 0; r && w < r->workers; w++) {
		struct memfd_channel *c = channel_of(r, w);

		descriptors_close(&c->pair[END_PARENT]);
		descriptors_close(&c->pair[END_WORKER]);
		if (c->piece[END_PARENT].fd)
			descriptors_close(&c->piece[END_PARENT].fd);
		if (c->piece[END_PARENT].view)
			munmap(c->piece[END_PARENT].view, c->piece[END_PARENT].view_size);
	}
	rings_close(r);
}

static void *memfd_open(unsigned workers)
{
	struct rings *r = rings_open(workers, workers * sizeof(struct memfd_channel));

	if (!r)
		return NULL;
	descriptors_raise_limit();
	for (unsigned w = 0; w < workers; w++)
		if (descriptors_socketpair(channel_of(r, w)->pair, SOCK_SEQPACKET)) {
			int err = errno;

			memfd_close(r);
			errno = err;
			return NULL;
		}
	return r;
}

/* Returns a sealed memfd that holds the data; or -errno. */
static int make_memory(const char *data, size_t size)
{
	int fd = memfd_create("bench-piece", MFD_CLOEXEC | MFD_ALLOW_SEALING), err;

	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, data + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			goto fail;
		done += (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return fd;
fail:
	err = errno;
	close(fd);
	return -err;
}

union descriptor_space {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static ssize_t pass_descriptor(int socket, int fd, uint64_t tag)
{
	union descriptor_space space = { .bytes = { 0 } };
	struct iovec body = { &tag, sizeof(tag) };
	struct msghdr message = {
		.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = space.bytes,
		.msg_controllen = sizeof(space.bytes),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	return descriptors_moved(sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT));
}

/* Returns the next descriptor that has come; 0: none. A descriptor is sent before it is offered, so nobody waits
 * here. */
static int receive_descriptor(int socket, uint64_t *tag)
{
	union descriptor_space space;
	struct iovec body = { tag, sizeof(*tag) };
	struct msghdr message = {
		.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = space.bytes,
		.msg_controllen = sizeof(space.bytes),
	};
	const struct cmsghdr *head;
	int fd = 0;

	if (recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
		return 0;
	head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

static ssize_t memfd_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct rings *r = state;
	struct ring_end *me = &r->channel[w].end[end];
	const struct ring_end *peer = &r->channel[w].end[rings_other(end)];
	ssize_t n;
	int fd;

	if (size < LARGE)
		return rings_send(r, w, end, data, size, &rings_futex_bell);
	if (atomic_load(&me->offered) != atomic_load(&peer->accepted)) {
		me->blocked = BLOCKED_BY_OFFER;
		return 0;
	}
	fd = make_memory(data, size);
	if (fd < 0)
		return fd;
	me->offer.size = size;
	me->offer.tag = ++me->offer_tag;
	n = pass_descriptor(channel_of(r, w)->pair[end], fd, me->offer.tag);
	close(fd);
	if (n <= 0)
		return n;
	rings_make_offer(r, w, end, &rings_futex_bell);
	me->blocked = BLOCKED_NOT;
	return (ssize_t)size;
}

/* Unmaps the last piece that view() has returned. */
static void end_view(struct memfd_piece *piece)
{
	if (piece->view && piece->pid == getpid())
		munmap(piece->view, piece->view_size);
	piece->view = NULL;
}

/* Takes the offered piece into this process. Returns false if it is lost, since a process that had taken it has
 * died. */
static bool take_piece(struct rings *r, unsigned w, enum transport_end end, const struct offer *offer)
{
	struct memfd_piece *piece = &channel_of(r, w)->piece[end];
	uint64_t tag = 0;
	int fd;

	if (piece->fd && piece->pid == getpid())
		return true;
	while ((fd = receive_descriptor(channel_of(r, w)->pair[end], &tag)) && tag != offer->tag)
		close(fd); /* its sender was killed before it could offer it */
	piece->fd = 0;
	piece->pid = getpid();
	piece->fd = fd;
	r->channel[w].end[end].offer_taken = 0;
	return fd != 0;
}

static void leave_piece(struct rings *r, unsigned w, enum transport_end end)
{
	if (channel_of(r, w)->piece[end].fd)
		descriptors_close(&channel_of(r, w)->piece[end].fd);
	rings_accept_offer(r, w, end, &rings_futex_bell);
}

static ssize_t receive_offer(struct rings *r, unsigned w, enum transport_end end, const struct offer *offer, void *data,
			     size_t size)
{
	uint64_t *taken = &r->channel[w].end[end].offer_taken;
	size_t left = offer->size - *taken;
	ssize_t n = pread(channel_of(r, w)->piece[end].fd, data, size < left ? size : left, (off_t)*taken);

	if (n < 0)
		return descriptors_moved(n);
	*taken += (uint64_t)n;
	if (*taken == offer->size)
		leave_piece(r, w, end);
	return n;
}

static ssize_t memfd_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct rings *r = state;
	const struct offer *offer;
	ssize_t n;

	end_view(&channel_of(r, w)->piece[end]);
	while ((n = rings_receive(r, w, end, data, size, &rings_futex_bell)) == 0 && size &&
	       (offer = rings_next_offer(r, w, end))) {
		if (take_piece(r, w, end, offer))
			return receive_offer(r, w, end, offer, data, size);
		leave_piece(r, w, end);
	}
	return n;
}

static const void *memfd_view(void *state, unsigned w, enum transport_end end, size_t size)
{
	struct rings *r = state;
	struct memfd_piece *piece = &channel_of(r, w)->piece[end];
	const struct offer *offer = rings_next_offer(r, w, end);
	void *view;

	errno = 0;
	end_view(piece);
	if (!offer || offer->size != size || !take_piece(r, w, end, offer) || r->channel[w].end[end].offer_taken)
		return NULL;
	view = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, piece->fd, 0);
	if (view == MAP_FAILED)
		return NULL;
	piece->view_size = size;
	piece->view = view;
	leave_piece(r, w, end);
	return view;
}

static bool memfd_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	return rings_wait(state, w, end, to_send, timeout_ms, &rings_futex_bell);
}

const struct transport transport_memfd = {
	.name = "memfd",
	.summary = "large payloads as sealed memory whose descriptor is passed, the rest as shm",
	.copies = 1,
	.shared_ranges = true,
	.open = memfd_open,
	.send = memfd_send,
	.receive = memfd_receive,
	.wait = memfd_wait,
	.view = memfd_view,
	.close = memfd_close,
};
