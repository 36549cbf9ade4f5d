/* The ring: the memory in which cell processes hand a token to and fro, and leave what their slices took.
 *
 * A slice is a few whole items. Only the process that has the token executes; the others sleep on a futex. Which
 * process is next, at which slice, was drawn before (a turn), so that nobody else needs to run in between. The
 * supervisor makes the ring, writes the cuts and the turns, and reads the times after the last turn; a cell process
 * maps it and knows its seat. */
#ifndef BENCH_RUN_WIRE_RING_H
#define BENCH_RUN_WIRE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SEATS 3

struct ring_turn {
	uint32_t slice;
	uint16_t round;
	uint16_t seat;
};

struct ring_time {
	uint32_t wall_ns, cpu_ns; /* cpu_ns: of the thread; 0: not read, the slices are short */
	bool slept;               /* the thread gave up its processor within the slice by itself */
};

struct ring; /* mapped by all */

struct ring_layout {
	unsigned seats;
	size_t slices, rounds, turns;
	bool reads_cpu; /* slices are long: the thread's CPU clock is read, too */
};

/* Supervisor: makes a ring with room for this; `*fd` is to be kept open for the cell processes. NULL with errno set. */
struct ring *ring_create(const struct ring_layout *layout, int *fd);

/* Cell process: maps the ring of `fd`. NULL with errno set. */
struct ring *ring_open(int fd);
void ring_unmap(struct ring *ring);

/* Since when the process in `seat` has held the token, CLOCK_MONOTONIC; 0: another one has it, or it is over. Any
 * process may call it: who waits for the token is not to blame for the time that passes. */
uint64_t ring_held_since(const struct ring *ring, unsigned seat);

#endif
