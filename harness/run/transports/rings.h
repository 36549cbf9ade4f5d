/* Rings in shared memory: the byte streams of the transports that share memory. How an end sleeps and is woken is up to
 * the transport (struct bell).
 *
 * A channel has two ends. What an end tells the other end stands in one cache line that only it writes: how far it has
 * written, how far it has read, and, if all earlier bytes have been read and the new ones are few, these bytes
 * themselves. So a short message and its answer move one line each way.
 *
 * A piece of data may also bypass the ring, in memory that the other end reads or maps: the sender makes an offer,
 * which has its place in the stream; there is one at a time in each direction.
 *
 * Everything, also the notes that an end keeps for itself, lies in shared memory, and every step takes effect by one
 * store: when a process is killed half way, its successor, or the parent in its place, goes on from there. */
#ifndef BENCH_RUN_TRANSPORTS_RINGS_H
#define BENCH_RUN_TRANSPORTS_RINGS_H

#include "model/transport.h"

#include <stdatomic.h>
#include <stdint.h>

#define RINGS_SMALL 28              /* bytes that travel in the cache line itself */
#define RINGS_SLICE ((size_t)32768) /* bytes of a larger piece that are made visible together */

/* What the sleeper at an end wants to be woken for. */
enum sleeper { AWAKE, FOR_DATA, FOR_ROOM };

/* Why the last send() from an end moved nothing. */
enum blocked { BLOCKED_NOT, BLOCKED_BY_RING, BLOCKED_BY_OFFER };

/* A piece that bypasses the ring. */
struct offer {
	uint64_t at;      /* its place in the stream: bytes that the end has written into the ring before */
	uint64_t size;    /* bytes of the piece */
	uint64_t address; /* of the piece, in the sender's memory */
	uint64_t tag;     /* tells this offer from one that a dead sender has left */
	pid_t pid;        /* the sender's */
};

struct ring_end {
	/* Read by the other end: one cache line, then that of an offer. */
	_Alignas(128) _Atomic uint64_t written; /* bytes since the beginning */
	_Atomic uint64_t read;                  /* how much of the other end's bytes this end has read, as last told */
	uint64_t small_at;                      /* place of `small` in the stream */
	_Atomic uint32_t offered,
		accepted; /* how many offers this end has made, and how many of the other end it has accepted */
	uint16_t small_size;
	_Atomic uint16_t cpu; /* processor on which this end last waited, plus 1; 0: not known */
	char small[RINGS_SMALL];
	struct offer offer;
	/* Notes that the end keeps for itself. */
	_Alignas(128) uint64_t taken; /* bytes of the other end that it has read */
	uint64_t room_until;          /* how far it may write, by the other end's `read` when last looked at */
	uint64_t offer_taken;         /* bytes that it has taken of the other end's offer */
	uint64_t offer_tag;           /* tag of its last offer */
	uint32_t offers_settled;      /* how many of its offers its caller knows to be settled */
	uint32_t blocked;             /* enum blocked */
	uint32_t naps;                /* how many it has taken in a row */
};

struct ring_channel {
	struct ring_end end[2];                 /* by enum transport_end */
	_Alignas(128) _Atomic uint32_t sleeper; /* the worker's enum sleeper; a futex */
};

struct rings {
	unsigned workers;
	size_t size;                            /* bytes of one ring, a power of two */
	char *data;                             /* the down and the up ring of worker 0, then those of worker 1, ... */
	void *more;                             /* memory for the transport itself */
	_Alignas(128) _Atomic uint32_t sleeper; /* the parent's enum sleeper; a futex */
	uint32_t naps;                          /* how many the parent has taken in a row */
	struct ring_channel channel[];
};

/* What an end may wait for: data to receive, and room to send. */
struct readiness {
	bool data, room;
};

/* How an end of a channel waits and is woken. */
struct bell {
	/* Looks for a while before the end goes to sleep; NULL: it looks once. */
	struct readiness (*spin)(struct rings *rings, unsigned w, enum transport_end end, const bool *to_send);
	/* Wakes the sleeper at `end`. */
	void (*wake)(struct rings *rings, unsigned w, enum transport_end end);
	/* Sleeps until woken, at most `timeout_ms`; does not sleep if the word of the sleeper is not `sleeper` any
	 * more. */
	void (*sleep)(struct rings *rings, unsigned w, enum transport_end end, uint32_t sleeper, int timeout_ms);
	/* Whether a change is ordered before the look for a sleeper. If not, a wake may be missed, so that sleeps must
	 * be short; but the flush of the processor's store buffer is saved, 10 ns. */
	bool ordered;
};

/* Makes the rings for `workers`, and `more` zeroed bytes for the transport itself. NULL with errno set. */
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

/* send() and receive() of a transport for data in the rings. rings_receive() stops before an offer. */
ssize_t rings_send(struct rings *rings, unsigned w, enum transport_end end, const void *data, size_t size,
		   const struct bell *bell);
ssize_t rings_receive(struct rings *rings, unsigned w, enum transport_end end, void *data, size_t size,
		      const struct bell *bell);

/* Tells the other end, which may wait for room, how much `end` has read. */
void rings_tell_read(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* Makes the offer that the caller has filled into the end's `offer`; sets only its place in the stream. */
void rings_make_offer(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* Returns the offer if it comes next in the stream towards `end`; NULL: there is none now. */
struct offer *rings_next_offer(struct rings *rings, unsigned w, enum transport_end end);

/* Takes that offer out of the stream. */
void rings_accept_offer(struct rings *rings, unsigned w, enum transport_end end, const struct bell *bell);

/* rings_hold(): whether `end` has something to receive; rings_have_room(): whether what blocked its last send() is
 * gone. */
bool rings_hold(const struct rings *rings, unsigned w, enum transport_end end);
bool rings_have_room(const struct rings *rings, unsigned w, enum transport_end end);

/* wait() of a transport. */
bool rings_wait(struct rings *rings, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms,
		const struct bell *bell);

/* Looks once at everything that an end waits for. */
struct readiness rings_look(const struct rings *rings, unsigned w, enum transport_end end, const bool *to_send);

/* The bell of most transports: futex(2) on the word of the sleeper. */
extern const struct bell rings_futex_bell;

#endif
