/* Two rings in shared memory for each worker; an idle end sleeps on a futex. A payload is copied in and copied out. */
#include "model/transport.h"
#include "run/transports/rings.h"

static void *shm_open_rings(unsigned workers)
{
	return rings_open(workers, 0);
}

static ssize_t shm_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	return rings_send(state, w, end, data, size, &rings_futex_bell);
}

static ssize_t shm_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	return rings_receive(state, w, end, data, size, &rings_futex_bell);
}

static bool shm_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	return rings_wait(state, w, end, to_send, timeout_ms, &rings_futex_bell);
}

static void shm_close(void *state)
{
	rings_close(state);
}

const struct transport transport_shm = {
	.name = "shm",
	.summary = "rings in shared memory, a futex when idle",
	.copies = 2,
	.shared_ranges = true,
	.open = shm_open_rings,
	.send = shm_send,
	.receive = shm_receive,
	.wait = shm_wait,
	.close = shm_close,
};
