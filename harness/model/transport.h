/* The contract of a transport: how ranges, payloads and results cross between processes. One file in run/transports/
 * defines one.
 *
 * A transport gives every worker one channel, which is a pair of byte streams: down to the worker, up to the parent.
 * Calls at the parent's end move what fits and return at once, so that the parent serves all its workers from one loop;
 * a payload larger than the transport's own buffer travels in pieces. Calls at a worker's end may block, since a worker
 * has nothing else to do. */
#ifndef BENCH_MODEL_TRANSPORT_H
#define BENCH_MODEL_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum transport_end { END_PARENT, END_WORKER };

struct transport {
	const char *name;
	const char *summary; /* one line for `bench list` */
	unsigned copies;     /* how often a payload is copied on its way to the other process */
	size_t piece_bytes;  /* capacity of a message of the kernel: larger payloads go in pieces; 0: no limit */
	bool shared_ranges;  /* ranges lie in shared memory: workers take them from the arena themselves */

	/* Makes one channel for each worker, before any worker exists. All workers, also those that are started afresh,
	 * inherit the state at the same address: so the state, and all memory that it points to, must come from
	 * shared_memory() (run/transports/shared.h), and its descriptors must outlive exec. Called in the cell process,
	 * untimed. Returns the transport's state, or NULL with errno set; ENOTSUP: this system does not support it. */
	void *(*open)(unsigned workers);

	/* Moves up to `size` bytes into worker `w`'s channel, from `end` to the other one. Timed.
	 * Returns the bytes moved, 0: none could be moved now, or -errno (-EPIPE: the other side is gone).
	 * After 0 the caller repeats the call with the same data at the same place, unchanged, since the
	 * other side may be reading it there. */
	ssize_t (*send)(void *state, unsigned w, enum transport_end end, const void *data, size_t size);

	/* Moves up to `size` bytes that were sent to `end` out of the channel. Timed. Returns the bytes moved, 0:
	 * nothing is there now, or -errno, as send() does. */
	ssize_t (*receive)(void *state, unsigned w, enum transport_end end, void *data, size_t size);

	/* Sleeps until a channel may be ready again, at most `timeout_ms` (0: only looks); may return early for no
	 * reason. A worker waits for its channel `w`, the parent for all channels and ignores `w`. The array `to_send`
	 * says for which channels the parent also waits for room; NULL: for none. A worker always waits for data and
	 * for room. Returns whether there is something to receive: the parent relies on it when a worker has died and
	 * it empties both directions of the channel, at both ends, for the successor. */
	bool (*wait)(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms);

	/* Returns the next `size` bytes for `end` where they lie, without a copy into the caller's memory; they are
	 * those of one send() of exactly that size. Valid until the next call for this end of the channel. Timed.
	 * Returns NULL with errno 0: they are not there yet, or must be received; NULL with errno set: an error. The
	 * slot is NULL where a transport cannot do this. */
	const void *(*view)(void *state, unsigned w, enum transport_end end, size_t size);

	/* Releases the state. Called in the cell process, after the workers have ended; accepts NULL. */
	void (*close)(void *state);
};

#endif
