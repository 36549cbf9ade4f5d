/* The receiver reads large pieces out of the sender's memory, by process_vm_readv(2): one copy. Small pieces go through
 * the rings of `shm`.
 *
 * The sender offers address and size and must leave the data where it is until it has been read: send() returns 0 until
 * then. Taking an offer of a sender that has died gives -EPIPE; when the parent, at the end of a dead worker, takes its
 * own offer back, the offer counts as never made.
 *
 * A process may read another one's memory where a debugger may attach; the kernel, or whatever confines the program,
 * can forbid that. */
#include "base/child.h"
#include "model/transport.h"
#include "run/transports/rings.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((size_t)32 << 10) /* bytes from which on a system call costs less than a copy */

static ssize_t read_memory(pid_t pid, uint64_t address, void *data, size_t size)
{
	struct iovec here = { data, size }, there = { (void *)(uintptr_t)address, size };

	return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

/* Tries in both directions whether a process may read the other's memory. Both have the word at the same address. */
static bool is_permitted(void)
{
	volatile uint32_t word = 0x62656e63;
	uint32_t copy = 0;
	pid_t parent = getpid(), child;
	int status = 1, go[2];
	char byte;

	if (pipe(go))
		return false;
	child = child_fork(SIGKILL);
	if (child == 0) {
		bool read_it = read_memory(parent, (uintptr_t)&word, &copy, sizeof(copy)) == sizeof(copy);

		close(go[1]);
		(void)!read(go[0], &byte, 1); /* waits until the parent has read */
		_exit(read_it && copy == word ? 0 : 1);
	}
	close(go[0]);
	if (child > 0 && (read_memory(child, (uintptr_t)&word, &copy, sizeof(copy)) != sizeof(copy) || copy != word))
		copy = 0;
	close(go[1]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	return copy == word && status == 0;
}

static void *vm_read_open(unsigned workers)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* needed where only ancestors may; fails where all may */
	if (is_permitted())
		return rings_open(workers, 0);
	errno = ENOTSUP;
	return NULL;
}

/* Says what has become of the offer that was made: 1: there is none, 0: it is not taken yet, `size`: it has been
 * read. */
static ssize_t settle_offer(struct rings *r, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct ring_end *me = &r->channel[w].end[end];
	uint32_t offered = atomic_load(&me->offered);
	bool mine = me->offer.pid == getpid();

	if (mine && atomic_load(&r->channel[w].end[rings_other(end)].accepted) != offered) {
		me->blocked = BLOCKED_BY_OFFER;
		return 0;
	}
	me->offers_settled = offered;
	return mine && me->offer.address == (uintptr_t)data && me->offer.size == size ? (ssize_t)size : 1;
}

static ssize_t vm_read_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct rings *r = state;
	struct ring_end *me = &r->channel[w].end[end];

	if (me->offers_settled != atomic_load_explicit(&me->offered, memory_order_relaxed)) {
		ssize_t n = settle_offer(r, w, end, data, size);

		if (n != 1)
			return n;
	}
	if (size < LARGE)
		return rings_send(r, w, end, data, size, &rings_futex_bell);
	me->offer.pid = getpid();
	me->offer.address = (uintptr_t)data;
	me->offer.size = size;
	me->blocked = BLOCKED_BY_OFFER;
	rings_make_offer(r, w, end, &rings_futex_bell);
	return 0;
}

static ssize_t vm_read_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct rings *r = state;
	struct ring_end *me = &r->channel[w].end[end], *peer = &r->channel[w].end[rings_other(end)];
	const struct offer *offer = size ? rings_next_offer(r, w, end) : NULL;
	/* only after looking for an offer, since bytes that were sent before the offer come first */
	ssize_t n = rings_receive(r, w, end, data, size, &rings_futex_bell);
	size_t left;

	if (n || !offer)
		return n;
	left = offer->size - me->offer_taken;
	n = read_memory(offer->pid, offer->address + me->offer_taken, data, size < left ? size : left);
	if (n < 0 && errno == EINTR)
		return 0;
	me->offer_taken += n > 0 ? (uint64_t)n : 0;
	if (n > 0 && me->offer_taken < offer->size)
		return n;
	if (offer->pid == getpid())
		peer->offers_settled = atomic_load(&peer->offered);
	if (n <= 0)
		n = n < 0 && errno != ESRCH && errno != EFAULT ? -errno : -EPIPE;
	rings_accept_offer(r, w, end, &rings_futex_bell);
	return n;
}

static bool vm_read_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	return rings_wait(state, w, end, to_send, timeout_ms, &rings_futex_bell);
}

static void vm_read_close(void *state)
{
	rings_close(state);
}

const struct transport transport_vm_read = {
	.name = "vm_read",
	.summary = "large payloads read out of the sender's memory, the rest as shm",
	.copies = 1,
	.shared_ranges = true,
	.open = vm_read_open,
	.send = vm_read_send,
	.receive = vm_read_receive,
	.wait = vm_read_wait,
	.close = vm_read_close,
};
