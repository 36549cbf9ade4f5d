#include "run/wire/ring.h"

#include "base/clock.h"
#include "base/futex.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_EVERY_MS 100 /* how often who waits looks whether the ring was abandoned without a sound */

static size_t size_of(const struct ring_layout *l)
{
	return sizeof(struct ring_memory) + ((size_t)l->slices + 1) * sizeof(uint64_t) +
	       l->turns * (sizeof(struct ring_turn) + sizeof(struct ring_time));
}

/* Maps a ring of that size. Returns NULL with errno set. */
static struct ring *map(int fd, size_t size, int flags)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	ring->size = size;
	ring->memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
	if (ring->memory != MAP_FAILED)
		return ring;
	free(ring);
	return NULL;
}

void ring_unmap(struct ring *ring)
{
	if (!ring)
		return;
	if (ring->turns != ring_shared_turns(ring))
		free(ring->turns);
	munmap(ring->memory, ring->size);
	free(ring);
}

static struct ring *map_new(int fd, const struct ring_layout *layout)
{
	size_t size = size_of(layout);
	struct ring *ring = ftruncate(fd, (off_t)size) || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) ? NULL :
												  map(fd, size, 0);

	if (!ring)
		return NULL;
	ring->layout = *layout;
	ring->memory->magic = RING_MAGIC;
	ring->memory->size = size;
	ring->memory->layout = *layout;
	ring->turns = calloc(layout->turns, sizeof(*ring->turns));
	if (ring->turns)
		return ring;
	ring_unmap(ring);
	errno = ENOMEM;
	return NULL;
}

struct ring *ring_create(const struct ring_layout *layout, int *fd)
{
	struct ring *ring;

	*fd = memfd_create("bench-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0)
		return NULL;
	ring = map_new(*fd, layout);
	if (!ring)
		close(*fd);
	return ring;
}

static bool has_layout(const struct ring *ring)
{
	const struct ring_layout *l = &ring->layout;

	return ring->memory->magic == RING_MAGIC && l->seats >= 1 && l->seats <= RING_SEATS && l->slices >= 1 &&
	       l->slices <= RING_MOST && l->turns >= 1 && l->turns <= RING_MOST && ring->size == size_of(l) &&
	       ring->memory->size == ring->size;
}

static bool is_sound(const struct ring *ring)
{
	const struct ring_layout *l = &ring->layout;

	for (uint32_t s = 0; s < l->slices; s++)
		if (ring_cuts(ring)[s] >= ring_cuts(ring)[s + 1])
			return false;
	for (uint32_t t = 0; t < l->turns; t++) {
		const struct ring_turn *turn = &ring_shared_turns(ring)[t];

		if (turn->slice >= l->slices || turn->round >= l->rounds || turn->seat >= l->seats)
			return false;
	}
	return true;
}

struct ring *ring_open(int fd)
{
	struct stat st;
	struct ring *ring;

	if (fstat(fd, &st))
		return NULL;
	if ((size_t)st.st_size < sizeof(struct ring_memory)) {
		errno = EPROTO;
		return NULL;
	}
	ring = map(fd, (size_t)st.st_size, MAP_POPULATE);
	if (!ring)
		return NULL;
	ring->layout = ring->memory->layout;
	ring->turns = ring_shared_turns(ring);
	if (has_layout(ring) && is_sound(ring))
		return ring;
	ring_unmap(ring);
	errno = EPROTO;
	return NULL;
}

static void ring_bell(struct ring *ring, unsigned seat)
{
	atomic_fetch_add(&ring->memory->bell[seat], 1);
	futex_wake(&ring->memory->bell[seat], 1);
}

static void ring_all_bells(struct ring *ring)
{
	for (unsigned seat = 0; seat < ring->layout.seats; seat++)
		ring_bell(ring, seat);
}

/* Whose turn it is; NULL: the last one is over. */
static const struct ring_turn *turn_of(const struct ring *ring)
{
	uint32_t step = atomic_load(&ring->memory->step);

	return step < ring->layout.turns ? &ring->turns[step] : NULL;
}

void ring_start(struct ring *ring)
{
	memcpy(ring_shared_turns(ring), ring->turns, ring->layout.turns * sizeof(*ring->turns));
	atomic_store(&ring->memory->since_ns, clock_ns());
	ring_all_bells(ring);
}

const struct ring_turn *ring_await(struct ring *ring, unsigned seat)
{
	for (;;) {
		uint32_t seen = atomic_load(&ring->memory->bell[seat]);
		const struct ring_turn *turn = turn_of(ring);

		if (!turn || atomic_load(&ring->memory->abandoned))
			return NULL;
		if (atomic_load(&ring->memory->since_ns) && turn->seat == seat)
			return turn;
		futex_wait(&ring->memory->bell[seat], seen, LOOK_EVERY_MS);
	}
}

void ring_pass(struct ring *ring, const struct ring_time *time)
{
	uint32_t step = atomic_load(&ring->memory->step);
	unsigned own = ring->turns[step].seat;
	const struct ring_turn *next;

	ring_times(ring)[step] = *time;
	atomic_store(&ring->memory->since_ns, clock_ns());
	atomic_store(&ring->memory->step, step + 1);
	next = turn_of(ring);
	if (!next)
		ring_all_bells(ring);
	else if (next->seat != own)
		ring_bell(ring, next->seat);
}

void ring_abandon(struct ring *ring)
{
	atomic_store(&ring->memory->abandoned, true);
	ring_all_bells(ring);
}

bool ring_is_over(const struct ring *ring)
{
	return atomic_load(&ring->memory->step) >= ring->layout.turns;
}

uint64_t ring_held_since(const struct ring *ring, unsigned seat)
{
	const struct ring_turn *turn = turn_of(ring);

	return !turn || turn->seat == seat ? atomic_load(&ring->memory->since_ns) : 0;
}
