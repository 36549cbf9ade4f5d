#include "workloads/parts/manager_server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096
#define EVENTS 64
#define AT_ONCE 64 /* at most so many requests of a client are read and answered together */

struct client {
	int fd;
	size_t in_size, out_size, out_sent; /* bytes */
	union {
		char in[AT_ONCE * sizeof(struct manager_request)];
		struct manager_request requests[AT_ONCE];
	};
	struct manager_answer answers[AT_ONCE];
};

struct server {
	int listener, epoll, spare; /* `spare` is a descriptor to give up when there are no more */
	struct book *book;
};

/* ---- The client's side ---- */

/* A thousand workers take more descriptors than a process may have by default. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int manager_listen(struct manager_address *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;
	socklen_t size = sizeof(address->name);

	if (fd < 0)
		return -errno;
	raise_descriptors();
	memset(address, 0, sizeof(*address));
	address->name.sun_family = AF_UNIX;
	if (bind(fd, (struct sockaddr *)&address->name, sizeof(sa_family_t)) || listen(fd, BACKLOG) ||
	    getsockname(fd, (struct sockaddr *)&address->name, &size)) {
		err = errno;
		close(fd);
		return -err;
	}
	address->size = size;
	return fd;
}

int manager_connect(const struct manager_address *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	while (connect(fd, (const struct sockaddr *)&address->name, address->size)) {
		err = errno;
		if (err == EINTR)
			continue;
		close(fd);
		return -err;
	}
	return fd;
}

/* Sends or receives all of `size` bytes. */
static int move(int fd, void *data, size_t size, bool send_it)
{
	for (size_t done = 0; done < size;) {
		char *at = (char *)data + done;
		ssize_t n = send_it ? send(fd, at, size - done, MSG_NOSIGNAL) : recv(fd, at, size - done, MSG_WAITALL);

		if (n == 0)
			return -ECONNRESET;
		if (n < 0 && errno != EINTR)
			return errno == EPIPE ? -ECONNRESET : -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int manager_ask(int fd, enum manager_verb verb, uint64_t key, uint64_t *value)
{
	struct manager_request request = { MANAGER_MAGIC, verb, key };
	struct manager_answer answer;
	int err = move(fd, &request, sizeof(request), true);

	err = err ? err : move(fd, &answer, sizeof(answer), false);
	if (err)
		return err;
	if (answer.magic != MANAGER_MAGIC || answer.key != key)
		return -EPROTO;
	*value = answer.value;
	return answer.status;
}

/* ---- The server's side ---- */

static bool watch(const struct server *s, int change, int fd, uint32_t events, struct client *client)
{
	struct epoll_event event = { .events = events, .data.ptr = client };

	return epoll_ctl(s->epoll, change, fd, &event) == 0;
}

static void drop_client(struct client *c)
{
	close(c->fd); /* which takes it out of the epoll set, too */
	free(c);
}

/* Programs of other users can find an abstract address: only processes of this user are let in. */
static bool is_ours(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

static void accept_one(struct server *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct client *c;

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) { /* refuse the client at once */
		close(s->spare);
		close(accept4(s->listener, NULL, NULL, SOCK_CLOEXEC));
		s->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return;
	c = is_ours(fd) ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		close(fd);
		return;
	}
	c->fd = fd;
	if (!watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, c))
		drop_client(c);
}

static struct manager_answer answer_to(struct server *s, const struct manager_request *request)
{
	struct manager_answer answer = { .magic = MANAGER_MAGIC, .key = request->key };

	switch (request->verb) {
	case MANAGER_UPDATE:
		answer.status = book_update(s->book, request->key, &answer.value);
		break;
	case MANAGER_APPEND:
		answer.status = book_append(s->book, request->key, &answer.value);
		break;
	case MANAGER_TOTAL:
		if (request->key < TOTAL_COUNT)
			answer.value = book_total(s->book, (enum total)request->key);
		else
			answer.status = -EINVAL;
		break;
	default:
		book_reset(s->book);
	}
	return answer;
}

/* Answers all complete requests that have come and keeps the rest. Returns false if something is no request. */
static bool answer_all(struct server *s, struct client *c)
{
	size_t count = c->in_size / sizeof(struct manager_request), used = count * sizeof(struct manager_request);

	for (size_t i = 0; i < count; i++) {
		if (c->requests[i].magic != MANAGER_MAGIC || c->requests[i].verb >= MANAGER_VERBS)
			return false;
		c->answers[i] = answer_to(s, &c->requests[i]);
	}
	c->out_size = count * sizeof(struct manager_answer);
	c->out_sent = 0;
	c->in_size -= used;
	memmove(c->in, c->in + used, c->in_size);
	return true;
}

/* Sends what the socket takes. Returns false if the client is gone. */
static bool send_answers(struct client *c)
{
	ssize_t n = send(c->fd, (char *)c->answers + c->out_sent, c->out_size - c->out_sent,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		c->out_sent += (size_t)n;
	return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/* Reads requests only if the client has read all of its answers. Returns false if the client must be cut off. */
static bool serve_client(struct server *s, struct client *c)
{
	bool was_full = c->out_sent < c->out_size, is_full;
	ssize_t n;

	if (!was_full) {
		n = recv(c->fd, c->in + c->in_size, sizeof(c->in) - c->in_size, MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->in_size += (size_t)n;
		if (n == 0 || !answer_all(s, c))
			return false;
	}
	if (c->out_sent < c->out_size && !send_answers(c))
		return false;
	is_full = c->out_sent < c->out_size;
	return is_full == was_full || watch(s, EPOLL_CTL_MOD, c->fd, is_full ? EPOLLOUT : EPOLLIN, c);
}

static void serve_events(struct server *s)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(s->epoll, events, EVENTS, -1);

	for (int i = 0; i < count; i++) {
		struct client *c = events[i].data.ptr;

		if (!c)
			accept_one(s);
		else if (!serve_client(s, c))
			drop_client(c);
	}
}

void manager_serve(int listener, uint64_t keys, uint64_t entries)
{
	struct server s = { .listener = listener, .epoll = epoll_create1(EPOLL_CLOEXEC) };

	s.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	s.book = calloc(1, book_size(keys, entries));
	if (!s.book || !watch(&s, EPOLL_CTL_ADD, listener, EPOLLIN, NULL))
		return; /* the listener ends with this process, so that connecting fails */
	book_init(s.book, keys, entries);
	for (;;)
		serve_events(&s);
}
