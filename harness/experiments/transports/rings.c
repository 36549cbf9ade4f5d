/* The bare loops over shared memory: a message of one cache line goes through a mailbox, a larger one through a ring,
 * copied in and out. The loops differ in how an end waits. They share no code with the transports: they are what
 * somebody would write who needs only such a loop. */
#include "experiments/transports/internal.h"

#include "base/futex.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define RING ((size_t)1 << 18)    /* bytes */
#define SLICE ((size_t)32768)     /* bytes that are published together */
#define LOOKS_BEFORE_YIELDING 1024 /* if both ends may run at once */

enum waiting { WAIT_SPIN, WAIT_FUTEX, WAIT_EVENTFD };

struct mailbox {
	_Alignas(128) _Atomic uint32_t letters;
	char letter[60];
};

struct plain_ring {
	_Alignas(128) _Atomic uint64_t written;
	_Alignas(128) _Atomic uint64_t read;
	_Alignas(128) char data[RING];
};

struct memory {
	enum waiting waiting;
	bool mailboxes; /* short messages go through mailboxes, which works only if each message is answered */
	unsigned looks; /* before an end that spins gives way */
	int eventfd[2]; /* by the end that waits on it */
	struct bell {
		_Alignas(128) _Atomic uint32_t rung;
	} bell[2];
	struct mailbox mailbox[2]; /* towards each end */
	uint32_t letters_read[2];
	struct plain_ring ring[2];
};

static void memory_close(void *state)
{
	struct memory *m = state;

	if (m && m->waiting == WAIT_EVENTFD) {
		close(m->eventfd[0]);
		close(m->eventfd[1]);
	}
	if (m)
		munmap(m, sizeof(*m));
}

static void *memory_open(const struct endpoints *place, enum waiting waiting, bool mailboxes)
{
	const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
	struct memory *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, flags, -1, 0);

	if (m == MAP_FAILED)
		return NULL;
	m->waiting = waiting;
	m->mailboxes = mailboxes;
	m->looks = place->one_processor ? 1 : LOOKS_BEFORE_YIELDING;
	for (int end = 0; end < 2 && waiting == WAIT_EVENTFD; end++)
		m->eventfd[end] = eventfd(0, 0);
	return m;
}

static void *open_spin(const struct transport *transport, const struct endpoints *place)
{
	(void)transport;
	return memory_open(place, WAIT_SPIN, true);
}

static void *open_futex(const struct transport *transport, const struct endpoints *place)
{
	(void)transport;
	return memory_open(place, WAIT_FUTEX, true);
}

static void *open_eventfd(const struct transport *transport, const struct endpoints *place)
{
	(void)transport;
	return memory_open(place, WAIT_EVENTFD, true);
}

static void *open_ring(const struct transport *transport, const struct endpoints *place)
{
	(void)transport;
	return memory_open(place, WAIT_SPIN, false);
}

static inline void give_way(const struct memory *m, unsigned looks)
{
	if (looks % m->looks == 0)
		sched_yield();
#if defined(__x86_64__) || defined(__i386__)
	else
		__builtin_ia32_pause();
#endif
}

/* Call it after every change, to wake the other end. */
static inline void ring_bell(struct memory *m, enum transport_end end)
{
	const uint64_t one = 1;

	if (m->waiting == WAIT_FUTEX) {
		atomic_fetch_add(&m->bell[end].rung, 1);
		futex_wake(&m->bell[end].rung, 1);
	} else if (m->waiting == WAIT_EVENTFD) {
		(void)!write(m->eventfd[end], &one, sizeof(one));
	}
}

static inline uint32_t listen_for(struct memory *m, enum transport_end end)
{
	return m->waiting == WAIT_FUTEX ? atomic_load(&m->bell[end].rung) : 0;
}

/* Waits until something may have changed since listen_for(). */
static inline void await_bell(struct memory *m, enum transport_end end, uint32_t heard, unsigned looks)
{
	uint64_t times;

	if (m->waiting == WAIT_SPIN)
		give_way(m, looks);
	else if (m->waiting == WAIT_FUTEX)
		futex_wait(&m->bell[end].rung, heard, -1);
	else
		(void)!read(m->eventfd[end], &times, sizeof(times));
}

static enum transport_end other(enum transport_end end)
{
	return end == END_PARENT ? END_WORKER : END_PARENT;
}

static int memory_send(void *state, enum transport_end end, const void *data, size_t size)
{
	struct memory *m = state;
	struct plain_ring *r = &m->ring[other(end)];
	struct mailbox *box = &m->mailbox[other(end)];
	uint64_t at = atomic_load_explicit(&r->written, memory_order_relaxed);

	if (m->mailboxes && size <= sizeof(box->letter)) {
		memcpy(box->letter, data, size);
		atomic_fetch_add_explicit(&box->letters, 1, memory_order_release);
		ring_bell(m, other(end));
		return 0;
	}
	for (unsigned looks = 1; size; looks++) {
		uint32_t heard = listen_for(m, end);
		size_t room = RING - (at - atomic_load_explicit(&r->read, memory_order_acquire));
		size_t n = size < room ? size : room, offset = at % RING;

		n = n < SLICE ? n : SLICE;
		n = n < RING - offset ? n : RING - offset;
		if (n == 0) {
			await_bell(m, end, heard, looks);
			continue;
		}
		memcpy(r->data + offset, data, n);
		atomic_store_explicit(&r->written, at += n, memory_order_release);
		ring_bell(m, other(end));
		data = (const char *)data + n;
		size -= n;
	}
	return 0;
}

static int receive_letter(struct memory *m, enum transport_end end, void *data, size_t size)
{
	struct mailbox *box = &m->mailbox[end];
	uint32_t read = m->letters_read[end];

	for (unsigned looks = 1;; looks++) {
		uint32_t heard = listen_for(m, end);

		if (atomic_load_explicit(&box->letters, memory_order_acquire) != read)
			break;
		await_bell(m, end, heard, looks);
	}
	m->letters_read[end] = read + 1;
	memcpy(data, box->letter, size);
	return 0;
}

static int memory_receive(void *state, enum transport_end end, void *data, size_t size)
{
	struct memory *m = state;
	struct plain_ring *r = &m->ring[end];
	uint64_t at = atomic_load_explicit(&r->read, memory_order_relaxed);

	if (m->mailboxes && size <= sizeof(m->mailbox[end].letter))
		return receive_letter(m, end, data, size);
	for (unsigned looks = 1; size; looks++) {
		uint32_t heard = listen_for(m, end);
		size_t there = atomic_load_explicit(&r->written, memory_order_acquire) - at;
		size_t n = size < there ? size : there, offset = at % RING;

		n = n < RING - offset ? n : RING - offset;
		if (n == 0) {
			await_bell(m, end, heard, looks);
			continue;
		}
		memcpy(data, r->data + offset, n);
		atomic_store_explicit(&r->read, at += n, memory_order_release);
		ring_bell(m, other(end));
		data = (char *)data + n;
		size -= n;
	}
	return 0;
}

#define OVER_MEMORY .send = memory_send, .receive = memory_receive, .close = memory_close
const struct way bare_spin = { .name = "flag, spinning", .open = open_spin, OVER_MEMORY };
const struct way bare_futex = { .name = "flag and futex", .open = open_futex, OVER_MEMORY };
const struct way bare_eventfd = { .name = "flag and eventfd", .open = open_eventfd, OVER_MEMORY };
const struct way bare_ring = { .name = "plain ring", .open = open_ring, OVER_MEMORY };
