/* The contract of a transport: how ranges, payloads and results cross between processes.
 * One file in run/transports/ defines one.
 *
 * A transport gives every worker one channel, a pair of byte streams: down to the worker, up to the
 * parent. Calls at the parent's end move what fits and return at once, so that the parent serves all
 * its workers from one loop; a payload larger than the transport's own buffer travels in pieces. Calls
 * at a worker's end may block: it has nothing else to do. */
#ifndef BENCH_MODEL_TRANSPORT_H
#define BENCH_MODEL_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum transport_end { END_PARENT, END_WORKER };

struct transport {
	const char *name;
	const char *summary; /* one line for `bench list` */
	unsigned copies;     /* of a payload on its way to the other process */
	size_t piece_bytes;  /* one message of the kernel's holds at most: larger payloads go in pieces; 0: no limit */
	bool shared_ranges;  /* ranges lie in shared memory: workers take them from the arena themselves */

	/* Makes one channel for each worker, before any worker exists; all of them inherit it, also those
	 * that are started afresh, at the same address: the state, and all memory that it points to, comes
	 * from shared_memory() (run/transports/shared.h), and its descriptors outlive exec. In the cell
	 * process, untimed.
	 * Returns the transport's state, or NULL with errno set; ENOTSUP: this system cannot. */
	void *(*open)(unsigned workers);

	/* Moves up to `size` bytes into worker `w`'s channel, from `end` to the other one. Timed.
	 * Returns the bytes moved, 0: none could be moved now, or -errno (-EPIPE: the other side is gone).
	 * After 0 the caller repeats the call with the same data at the same place, unchanged, since the
	 * other side may be reading it there. */
	ssize_t (*send)(void *state, unsigned w, enum transport_end end, const void *data, size_t size);

	/* Moves up to `size` bytes out of the channel, towards `end`. Timed. 0: nothing there now. */
	ssize_t (*receive)(void *state, unsigned w, enum transport_end end, void *data, size_t size);

	/* Sleeps until a channel may be ready again, at most `timeout_ms` (0: only looks); may return early
	 * for no reason. A worker waits for its channel `w`, the parent (w ignored) for all of them.
	 * `to_send`: the parent's array says for which channels it waits for room, too; NULL: for none; a
	 * worker always waits for both. Returns whether it found something to receive: after a worker's
	 * death the parent empties both directions of its channel, at both ends, for the next one. */
	bool (*wait)(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms);

	/* The next `size` bytes towards `end` where they lie, without a copy into the caller's memory: those
	 * of one send() whose size was this. Valid until the next call for this end of the channel. Timed.
	 * NULL with errno 0: they are not there yet, or must be received; with errno set: an error.
	 * NULL: this transport has no such way. */
	const void *(*view)(void *state, unsigned w, enum transport_end end, size_t size);

	/* Releases the state. In the cell process, after the workers have ended; accepts NULL. */
	void (*close)(void *state);
};

#endif
