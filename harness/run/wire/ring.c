#include "run/wire/ring.h"

#include "base/clock.h"
#include "base/futex.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_EVERY_MS 100 /* how often who waits looks whether the ring was abandoned without a sound */

static size_t size_of(const struct ring_layout *l)
{
	return sizeof(struct ring) + ((size_t)l->slices + 1) * sizeof(uint64_t) +
	       l->turns * (sizeof(struct ring_turn) + sizeof(struct ring_time));
}

struct ring *ring_create(const struct ring_layout *layout, int *fd)
{
	size_t size = size_of(layout);
	struct ring *ring;

	*fd = memfd_create("bench-ring", MFD_CLOEXEC);
	if (*fd < 0)
		return NULL;
	ring = ftruncate(*fd, (off_t)size) ? MAP_FAILED :
					     mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (ring == MAP_FAILED) {
		close(*fd);
		return NULL;
	}
	ring->magic = RING_MAGIC;
	ring->size = size;
	ring->layout = *layout;
	return ring;
}

static bool has_layout(const struct ring *ring)
{
	const struct ring_layout *l = &ring->layout;

	return ring->magic == RING_MAGIC && l->seats >= 1 && l->seats <= RING_SEATS && l->slices >= 1 &&
	       l->slices <= RING_MOST && l->turns >= 1 && l->turns <= RING_MOST && ring->size == size_of(l);
}

static bool is_sound(const struct ring *ring)
{
	const struct ring_layout *l = &ring->layout;

	for (uint32_t s = 0; s < l->slices; s++)
		if (ring_cuts(ring)[s] >= ring_cuts(ring)[s + 1])
			return false;
	for (uint32_t t = 0; t < l->turns; t++) {
		const struct ring_turn *turn = &ring_turns(ring)[t];

		if (turn->slice >= l->slices || turn->round >= l->rounds || turn->seat >= l->seats)
			return false;
	}
	return true;
}

struct ring *ring_open(int fd)
{
	struct stat st;
	struct ring *ring;
	size_t size;

	if (fstat(fd, &st))
		return NULL;
	size = (size_t)st.st_size;
	if (size < sizeof(*ring)) {
		errno = EPROTO;
		return NULL;
	}
	ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (ring == MAP_FAILED)
		return NULL;
	if (ring->size == size && has_layout(ring) && is_sound(ring))
		return ring;
	munmap(ring, size);
	errno = EPROTO;
	return NULL;
}

void ring_unmap(struct ring *ring)
{
	if (ring)
		munmap(ring, ring->size);
}

static void ring_bell(struct ring *ring, unsigned seat)
{
	atomic_fetch_add(&ring->bell[seat], 1);
	futex_wake(&ring->bell[seat], 1);
}

static void ring_all_bells(struct ring *ring)
{
	for (unsigned seat = 0; seat < ring->layout.seats; seat++)
		ring_bell(ring, seat);
}

/* Whose turn it is; NULL: the last one is over. */
static const struct ring_turn *turn_of(const struct ring *ring)
{
	uint32_t step = atomic_load(&ring->step);

	return step < ring->layout.turns ? &ring_turns(ring)[step] : NULL;
}

void ring_start(struct ring *ring)
{
	atomic_store(&ring->since_ns, clock_ns());
	ring_all_bells(ring);
}

const struct ring_turn *ring_await(struct ring *ring, unsigned seat)
{
	for (;;) {
		uint32_t seen = atomic_load(&ring->bell[seat]);
		const struct ring_turn *turn = turn_of(ring);

		if (!turn || atomic_load(&ring->abandoned))
			return NULL;
		if (turn->seat == seat && atomic_load(&ring->since_ns))
			return turn;
		futex_wait(&ring->bell[seat], seen, LOOK_EVERY_MS);
	}
}

void ring_pass(struct ring *ring, const struct ring_time *time)
{
	uint32_t step = atomic_load(&ring->step);
	unsigned own = ring_turns(ring)[step].seat;
	const struct ring_turn *next;

	ring_times(ring)[step] = *time;
	atomic_store(&ring->since_ns, clock_ns());
	atomic_store(&ring->step, step + 1);
	next = turn_of(ring);
	if (!next)
		ring_all_bells(ring);
	else if (next->seat != own)
		ring_bell(ring, next->seat);
}

void ring_abandon(struct ring *ring)
{
	atomic_store(&ring->abandoned, true);
	ring_all_bells(ring);
}

bool ring_is_over(const struct ring *ring)
{
	return atomic_load(&ring->step) >= ring->layout.turns;
}

uint64_t ring_held_since(const struct ring *ring, unsigned seat)
{
	const struct ring_turn *turn = turn_of(ring);

	return turn && turn->seat == seat ? atomic_load(&ring->since_ns) : 0;
}
