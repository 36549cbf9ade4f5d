/* Rings in shared memory: the byte streams of those transports that share memory, without the way in
 * which an end sleeps and is woken, which is the transport's own (struct bell).
 *
 * A channel has two ends. What an end says to the other stands in one cache line that only it writes: how
 * far it has written, how far it has read, and the bytes themselves where they are few and all before
 * them has been read. So a short message and its answer move one line each way.
 *
 * A piece may also go around the ring (memory that the other end reads or maps): an offer, one at a time
 * in each direction, with its place in the stream.
 *
 * All of it, an end's own notes too, lies in shared memory, and every step is made known by one store:
 * whoever is killed half way, its successor, or the parent in its place, goes on from there. */
#ifndef BENCH_RUN_TRANSPORTS_RINGS_H
#define BENCH_RUN_TRANSPORTS_RINGS_H

#include "model/transport.h"

#include <stdatomic.h>
#include <stdint.h>

#define RINGS_SMALL 28              /* bytes that travel in the line itself */
#define RINGS_SLICE ((size_t)32768) /* bytes of a larger piece that are made known together */

/* What the sleeper at an end wants to be woken for. */
enum sleeper { AWAKE, FOR_DATA, FOR_ROOM };

/* Why the last send() from an end moved nothing. */
enum blocked { BLOCKED_NOT, BLOCKED_BY_RING, BLOCKED_BY_OFFER };

/* A piece that goes around the ring. */
struct offer {
	uint64_t at;      /* bytes that the end has written into the ring before it */
	uint64_t size;    /* bytes */
	uint64_t address; /* in the sender */
	uint64_t tag;     /* tells it from one that a dead sender has left */
	pid_t pid;        /* of the sender */
};

struct ring_end {
	/* For the other end: one line, then that of an offer. */
	_Alignas(128) _Atomic uint64_t written; /* bytes since the beginning */
	_Atomic uint64_t read;                  /* as the last but lately taken, of the other end's */
	uint64_t small_at;                      /* place in the stream of `small` */
	_Atomic uint32_t offered, accepted;     /* offers of this end; of the other one */
	uint16_t small_size;
	_Atomic uint16_t cpu; /* that it last waited on, plus 1; 0: not known */
	char small[RINGS_SMALL];
	struct offer offer;
	/* Its own notes. */
	_Alignas(128) uint64_t taken; /* bytes of the other end's */
	uint64_t room_until;          /* what `read` of the other end allows, when last looked at */
	uint64_t offer_taken;         /* bytes of the other end's offer */
	uint64_t offer_tag;           /* of its last offer */
	uint32_t offers_settled;      /* of its own, as known to its caller */
	uint32_t blocked;             /* enum blocked */
	uint32_t naps;                /* in a row */
};

struct ring_channel {
	struct ring_end end[2];                 /* by enum transport_end */
	_Alignas(128) _Atomic uint32_t sleeper; /* the worker as one: enum sleeper; a futex */
};

struct rings {
	unsigned workers;
	size_t size;                            /* of one ring, a power of two */
	char *data;                             /* down and up ring of worker 0, 1, ... */
	void *more;                             /* the transport's own */
	_Alignas(128) _Atomic uint32_t sleeper; /* the parent as one: enum sleeper; a futex */
	uint32_t naps;                          /* of the parent, in a row */
	struct ring_channel channel[];
};

/* What an end waits for: whether something is there, or room. */
struct readiness {
	bool data, room;
};

/* How an end waits. */
struct bell {
	/* Looks for a while, before the end goes to sleep; NULL: once is enough. */
	struct readiness (*spin)(struct rings *rings, unsigned w, enum transport_end end, const bool *to_send);
	/* Wakes the sleeper at `end`. */
	void (*wake)(struct rings *rings, unsigned w, enum transport_end end);
	/* Sleeps until woken, at most `timeout_ms`; not if the sleeper's word is not `sleeper` any more. */
	void (*sleep)(struct rings *rings, unsigned w, enum transport_end end, uint32_t sleeper, int timeout_ms);
	/* A change is ordered before the look for a sleeper. Without, a wake may be missed, and a sleep must
	 * be short; saves the flush of the processor's store buffer, 10 ns. */
	bool ordered;
};

/* Rings for `workers`, and `more` bytes of zeroes behind them. NULL with errno set. */
struct rings *rings_open(unsigned workers, size_t more);
void rings_close(struct rings *rings);

static inline enum transport_end rings_other(enum transport_end end)
{
	return end == END_PARENT ? END_WORKER : END_PARENT;
}

static inline _Atomic uint32_t *rings_sleeper(struct rings *rings, unsigned w, enum transport_end end)
{
	return end == END_PARENT ? &rings->sleeper : &rings->channel[w].sleeper;
}

/* send() and receive() of the transport, as far as the rings go. receive() stops before an offer. */
ssize_t rings_send(struct rings *rings, unsigned w, enum transport_end end, const void *data, size_t size,
		   const struct bell *bell);
ssize_t rings_receive(struct rings *rings, unsigned w, enum transport_end end, void *data, size_t size,
		      const struct bell *bell);

/* Makes known what `end` has read, to a writer that may wait for room. */
void rings_tell_read(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* Offers what stands in the end's `offer` but for its place. */
void rings_make_offer(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* The offer that is next in the stream towards `end`; NULL: none now. */
struct offer *rings_next_offer(struct rings *rings, unsigned w, enum transport_end end);

/* Takes that offer out of the stream. */
void rings_accept_offer(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* Whether `end` has something to receive; whether what blocked its last send() is gone. */
bool rings_hold(const struct rings *rings, unsigned w, enum transport_end end);
bool rings_have_room(const struct rings *rings, unsigned w, enum transport_end end);

/* wait() of the transport. */
bool rings_wait(struct rings *rings, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms,
		const struct bell *bell);

/* One look at all that an end waits for. */
struct readiness rings_look(const struct rings *rings, unsigned w, enum transport_end end, const bool *to_send);

/* The bell that most have: a futex(2) on the sleeper's word. */
extern const struct bell rings_futex_bell;

#endif
