/* The rings of `shm`, but an end that waits looks again and again: no system call while both ends are awake.
 *
 * An end does not spin if both ends were last on the same processor, since it would keep the other end from running and
 * a message would take a time slice. Nor does it spin for ever: after a bounded time it naps until something has come,
 * each time longer, so that waiting for a peer that is dead, stopped or busy for long does not cost a processor. */
#include "base/clock.h"
#include "base/futex.h"
#include "model/transport.h"
#include "run/transports/rings.h"

#include <sched.h>

#define SPIN_NS 100000     /* how long it looks before the first nap */
#define LOOKS_A_CLOCK 64   /* looks for each reading of the clock, which costs as much as a look */
#define NAP_LONGEST_LOG2 6 /* of the nap's length in ms */

static void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static uint32_t *naps_of(struct rings *r, unsigned w, enum transport_end end)
{
	return end == END_PARENT ? &r->naps : &r->channel[w].end[END_WORKER].naps;
}

/* Whether an end that this one waits for may be running on another processor now. Notes the processor of this end. */
static bool is_elsewhere(struct rings *r, unsigned w, enum transport_end end)
{
	unsigned first = end == END_PARENT ? 0 : w, count = end == END_PARENT ? r->workers : 1;
	uint16_t here = (uint16_t)(sched_getcpu() + 1);
	bool elsewhere = false;

	for (unsigned i = first; i < first + count; i++) {
		_Atomic uint16_t *mine = &r->channel[i].end[end].cpu;
		_Atomic uint16_t *others = &r->channel[i].end[rings_other(end)].cpu;

		if (atomic_load_explicit(mine, memory_order_relaxed) != here)
			atomic_store_explicit(mine, here, memory_order_relaxed);
		elsewhere |= atomic_load_explicit(others, memory_order_relaxed) != here;
	}
	return elsewhere;
}

static struct readiness spin(struct rings *r, unsigned w, enum transport_end end, const bool *to_send)
{
	struct readiness found = rings_look(r, w, end, to_send);
	uint64_t until_ns = 0;

	if (found.data || found.room || *naps_of(r, w, end) || !is_elsewhere(r, w, end))
		return found;
	for (unsigned looks = 1; !found.data && !found.room; looks++) {
		pause_briefly();
		found = rings_look(r, w, end, to_send);
		if (looks % LOOKS_A_CLOCK)
			continue;
		if (until_ns == 0)
			until_ns = clock_ns() + SPIN_NS;
		else if (clock_ns() > until_ns)
			break;
	}
	return found;
}

static void nap(struct rings *r, unsigned w, enum transport_end end, uint32_t sleeper, int timeout_ms)
{
	_Atomic uint32_t *word = rings_sleeper(r, w, end);
	uint32_t *naps = naps_of(r, w, end);
	int longest_ms = 1 << (*naps < NAP_LONGEST_LOG2 ? *naps : NAP_LONGEST_LOG2);

	futex_wait(word, sleeper, timeout_ms > 0 && timeout_ms < longest_ms ? timeout_ms : longest_ms);
	*naps = atomic_load(word) == AWAKE ? 0 : *naps + 1;
}

static void wake(struct rings *r, unsigned w, enum transport_end end)
{
	futex_wake(rings_sleeper(r, w, end), 1);
}

static const struct bell bell = { .spin = spin, .sleep = nap, .wake = wake, .ordered = false };

static void *spin_open(unsigned workers)
{
	return rings_open(workers, 0);
}

static ssize_t spin_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	return rings_send(state, w, end, data, size, &bell);
}

static ssize_t spin_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	return rings_receive(state, w, end, data, size, &bell);
}

static bool spin_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	return rings_wait(state, w, end, to_send, timeout_ms, &bell);
}

static void spin_close(void *state)
{
	rings_close(state);
}

const struct transport transport_shm_spin = {
	.name = "shm_spin",
	.summary = "rings in shared memory, looked at again and again: no system call, a busy processor",
	.copies = 2,
	.shared_ranges = true,
	.open = spin_open,
	.send = spin_send,
	.receive = spin_receive,
	.wait = spin_wait,
	.close = spin_close,
};
