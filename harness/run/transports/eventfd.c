/* The rings of `shm`, but waiting by eventfd(2), as programs do that also wait for other descriptors.
 *
 * A worker sleeps in a blocking read of its own eventfd. The parent has one eventfd and waits for it with a time limit,
 * edge-triggered, so that it never has to read it: one system call, as for the worker. */
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/rings.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bells {
	int parent, epoll;
	int worker[];
};

static void ring(struct rings *r, unsigned w, enum transport_end end)
{
	const struct bells *b = r->more;
	const uint64_t one = 1;

	if (write(end == END_PARENT ? b->parent : b->worker[w], &one, sizeof(one)) < 0)
		return; /* the counter is full, so it was never read: the end is awake */
}

static void sleep_until_rung(struct rings *r, unsigned w, enum transport_end end, uint32_t sleeper, int timeout_ms)
{
	const struct bells *b = r->more;
	struct epoll_event event;
	uint64_t times;

	(void)sleeper; /* a wake before the sleep ends the sleep, too */
	if (end == END_PARENT)
		epoll_wait(b->epoll, &event, 1, timeout_ms);
	else if (timeout_ms < 0 || descriptors_readable(b->worker[w], timeout_ms))
		(void)!read(b->worker[w], &times, sizeof(times));
}

static const struct bell bell = { .sleep = sleep_until_rung, .wake = ring, .ordered = true };

static void eventfd_close(void *state)
{
	struct rings *r = state;
	struct bells *b = r ? r->more : NULL;

	for (unsigned w = 0; r && w < r->workers; w++)
		descriptors_close(&b->worker[w]);
	if (r) {
		descriptors_close(&b->parent);
		descriptors_close(&b->epoll);
	}
	rings_close(r);
}

static int open_bells(struct bells *b, unsigned workers)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	descriptors_raise_limit();
	b->parent = eventfd(0, 0);
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (b->parent < 0 || b->epoll < 0 || epoll_ctl(b->epoll, EPOLL_CTL_ADD, b->parent, &event))
		return -1;
	for (unsigned w = 0; w < workers; w++) {
		b->worker[w] = eventfd(0, 0);
		if (b->worker[w] < 0)
			return -1;
	}
	return 0;
}

static void *eventfd_open(unsigned workers)
{
	struct rings *r = rings_open(workers, sizeof(struct bells) + workers * sizeof(int));
	int err;

	if (!r || open_bells(r->more, workers) == 0)
		return r;
	err = errno;
	eventfd_close(r);
	errno = err;
	return NULL;
}

static ssize_t eventfd_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	return rings_send(state, w, end, data, size, &bell);
}

/* A worker waits in here, by one read of its eventfd, for data that are not there yet. */
static ssize_t eventfd_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	ssize_t n = rings_receive(state, w, end, data, size, &bell);

	while (n == 0 && size && end == END_WORKER) {
		rings_wait(state, w, end, NULL, -1, &bell);
		n = rings_receive(state, w, end, data, size, &bell);
	}
	return n;
}

static bool eventfd_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	return rings_wait(state, w, end, to_send, timeout_ms, &bell);
}

const struct transport transport_eventfd = {
	.name = "eventfd",
	.summary = "rings in shared memory, an eventfd when idle",
	.copies = 2,
	.shared_ranges = true,
	.open = eventfd_open,
	.send = eventfd_send,
	.receive = eventfd_receive,
	.wait = eventfd_wait,
	.close = eventfd_close,
};
