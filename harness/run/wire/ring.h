/* The ring: the memory in which cell processes hand a token to and fro, and leave what their slices took.
 *
 * A slice is a few whole items. Only the process that has the token executes; the others sleep, each on a futex of its
 * own. Which process is next, at which slice, was drawn before (a turn), so that nobody else needs to run in between.
 * The supervisor makes the ring, writes the cuts and the turns, and reads the times after the last turn; a cell process
 * maps it and knows its seat.
 *
 *   struct ring_memory | cuts, one more than slices | turns | times, one for each turn
 *
 * All can write to all of it. So each process keeps its own layout, and the supervisor its own turns: whatever a broken
 * side writes, nobody reads outside.
 *
 * Builds of different age may share a ring: what changes in it needs another RING_MAGIC. */
#ifndef BENCH_RUN_WIRE_RING_H
#define BENCH_RUN_WIRE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_MAGIC 0x62656e6372303031u
#define RING_SEATS 3
#define RING_MOST (1u << 24) /* slices and turns */

struct ring_turn {
	uint32_t slice;
	uint16_t round;
	uint8_t seat;
	bool again; /* the slice is executed once more in its round: its answers do not count */
};

struct ring_time {
	uint64_t wall_ns, cpu_ns; /* cpu_ns: of the thread */
	bool slept;               /* the thread gave up its processor within the slice by itself */
};

struct ring_layout {
	uint32_t seats, slices, rounds, turns;
};

struct ring_memory {
	uint64_t magic, size;
	struct ring_layout layout;
	_Atomic bool abandoned; /* a process has left before its last turn: nobody waits any more */
	_Atomic bool settles;   /* the workload looks at all items after a round: no slice may be executed again */
	_Alignas(64) _Atomic uint32_t step; /* number of the turn under way; layout.turns: it is over */
	_Atomic uint64_t since_ns;          /* when that turn began, CLOCK_MONOTONIC; 0: ring_start() was not called */
	_Alignas(64) _Atomic uint32_t bell[RING_SEATS]; /* futexes */
};

/* What a process knows of a ring. */
struct ring {
	struct ring_memory *memory; /* shared */
	size_t size;
	struct ring_layout layout;
	struct ring_turn *turns; /* a cell process's are those in the memory */
};

/* First item of each slice; the last cut, at `slices`, is the number of items. */
static inline uint64_t *ring_cuts(const struct ring *ring)
{
	return (uint64_t *)(ring->memory + 1);
}

/* The turns in the memory, to which ring_start() writes those of the supervisor. */
static inline struct ring_turn *ring_shared_turns(const struct ring *ring)
{
	return (struct ring_turn *)(ring_cuts(ring) + ring->layout.slices + 1);
}

/* What each turn took, in the order of the turns. */
static inline struct ring_time *ring_times(const struct ring *ring)
{
	return (struct ring_time *)(ring_shared_turns(ring) + ring->layout.turns);
}

/* Supervisor: makes a ring of this layout, zeroed, which nobody can make shorter. The cell processes are to get `*fd`,
 * which is close-on-exec. NULL with errno set. */
struct ring *ring_create(const struct ring_layout *layout, int *fd);

/* Cell process: maps the ring of `fd`, all of it there, if it is one, and its cuts and turns are within it. NULL with
 * errno set: EPROTO, or why it cannot be mapped. */
struct ring *ring_open(int fd);
void ring_unmap(struct ring *ring); /* NULL is allowed */

/* Supervisor: shares its turns, and gives the token to the process of the first one. Call it when all rest that have a
 * seat. */
void ring_start(struct ring *ring);

/* Cell process: sleeps until `seat` has the token. Returns its turn; NULL: the last turn is over, or the ring is
 * abandoned. */
const struct ring_turn *ring_await(struct ring *ring, unsigned seat);

/* Cell process: notes what its turn took and gives the token to the process of the next turn. */
void ring_pass(struct ring *ring, const struct ring_time *time);

/* Any process: nobody shall wait for the token any more. */
void ring_abandon(struct ring *ring);

/* Whether all turns were executed. */
bool ring_is_over(const struct ring *ring);

/* Since when the process in `seat` has held the token, CLOCK_MONOTONIC; 0: another one has it. When all turns are over,
 * since when they are, for each process. Any process may call it: who waits for the token is not to blame for the time
 * that passes. */
uint64_t ring_held_since(const struct ring *ring, unsigned seat);

#endif
