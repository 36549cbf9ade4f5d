/* The ring: processes that hand a token to and fro, and what is not taken for a ring. */
#include "run/wire/ring.h"
#include "base/clock.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICES 10
#define ROUNDS 3
#define TURNS (2 * SLICES * ROUNDS)

static const struct ring_layout layout = { .seats = 2, .slices = SLICES, .rounds = ROUNDS, .turns = TURNS };

/* A ring in which two seats take turns, one slice each. */
static struct ring *make(int *fd)
{
	struct ring *ring = ring_create(&layout, fd);

	assert_non_null(ring);
	for (uint64_t s = 0; s <= SLICES; s++)
		ring_cuts(ring)[s] = 3 * s;
	for (uint32_t t = 0; t < TURNS; t++)
		ring->turns[t] = (struct ring_turn){ .slice = t / 2 % SLICES,
						     .round = (uint16_t)(t / 2 / SLICES),
						     .seat = t % 2 };
	return ring;
}

/* A process that notes in each of its turns who it is; it dies in turn `dies`, with the token. Exits with 0 after the
 * last turn, with 1 if the ring was abandoned. */
static pid_t start(int fd, unsigned seat, uint32_t dies)
{
	pid_t pid = fork();
	const struct ring_turn *turn;
	struct ring *ring;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	ring = ring_open(fd);
	while (ring && (turn = ring_await(ring, seat))) {
		const struct ring_time time = { .wall_ns = 100 + seat, .cpu_ns = turn->slice };

		if (turn == &ring->turns[dies])
			raise(SIGKILL);
		ring_pass(ring, &time);
	}
	_exit(ring && ring_is_over(ring) ? 0 : 1);
}

static int status_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void two_take_turns(void **state)
{
	uint64_t from_ns = clock_ns();
	int fd;
	struct ring *ring = make(&fd);
	pid_t a = start(fd, 0, TURNS), b = start(fd, 1, TURNS);

	assert_int_equal(ring_held_since(ring, 0), 0); /* nobody has it before it starts */
	ring_start(ring);
	assert_int_equal(status_of(a), 0);
	assert_int_equal(status_of(b), 0);
	assert_true(ring_is_over(ring));
	for (uint32_t t = 0; t < TURNS; t++) {
		assert_int_equal(ring_times(ring)[t].wall_ns, 100 + t % 2);
		assert_int_equal(ring_times(ring)[t].cpu_ns, t / 2 % SLICES);
	}
	for (unsigned seat = 0; seat < 2; seat++) /* from then on each has its own time to end */
		assert_in_range(ring_held_since(ring, seat), from_ns, clock_ns());
	ring_unmap(ring);
	close(fd);
}

static void who_dies_is_to_blame_and_the_other_is_freed(void **state)
{
	int fd;
	struct ring *ring = make(&fd);
	uint64_t from_ns = clock_ns();
	pid_t a = start(fd, 0, TURNS), b = start(fd, 1, 7);

	ring_start(ring);
	assert_int_equal(status_of(b), SIGKILL);
	assert_int_equal(waitpid(a, NULL, WNOHANG), 0); /* it waits */
	assert_int_equal(ring_held_since(ring, 0), 0);
	assert_true(ring_held_since(ring, 1) >= from_ns);
	assert_true(ring_held_since(ring, 1) <= clock_ns());
	ring_abandon(ring);
	assert_int_equal(WEXITSTATUS(status_of(a)), 1);
	assert_false(ring_is_over(ring));
	ring_unmap(ring);
	close(fd);
}

/* Whether ring_open() takes what is in `fd`. */
static bool opens(int fd)
{
	struct ring *ring = ring_open(fd);
	bool opened = ring;

	if (!ring)
		assert_int_equal(errno, EPROTO);
	ring_unmap(ring);
	return opened;
}

#define REFUSED(ring, fd, place, value)           \
	do {                                      \
		typeof(place) before_ = (place);  \
		(place) = (typeof(place))(value); \
		assert_false(opens(fd));          \
		(place) = before_;                \
		assert_true(opens(fd));           \
	} while (0)

static void what_is_no_ring_is_refused(void **state)
{
	int fd, empty = memfd_create("test", MFD_CLOEXEC);
	struct ring *ring = make(&fd);

	ring_start(ring);
	assert_true(opens(fd));
	assert_false(opens(empty));
	REFUSED(ring, fd, ring->memory->magic, RING_MAGIC + 1);
	REFUSED(ring, fd, ring->memory->size, ring->memory->size - 1);
	REFUSED(ring, fd, ring->memory->layout.seats, 0);
	REFUSED(ring, fd, ring->memory->layout.seats, RING_SEATS + 1);
	REFUSED(ring, fd, ring->memory->layout.seats, 1); /* a turn has another one */
	REFUSED(ring, fd, ring->memory->layout.slices, 0);
	REFUSED(ring, fd, ring->memory->layout.slices, SLICES + 1);
	REFUSED(ring, fd, ring->memory->layout.slices, UINT32_MAX);
	REFUSED(ring, fd, ring->memory->layout.turns, 0);
	REFUSED(ring, fd, ring->memory->layout.turns, UINT32_MAX);
	REFUSED(ring, fd, ring->memory->layout.rounds, ROUNDS - 1);
	REFUSED(ring, fd, ring_shared_turns(ring)[TURNS - 1].slice, SLICES);
	REFUSED(ring, fd, ring_shared_turns(ring)[0].seat, 2);
	REFUSED(ring, fd, ring_shared_turns(ring)[0].round, ROUNDS);
	REFUSED(ring, fd, ring_cuts(ring)[SLICES], ring_cuts(ring)[SLICES - 1]);
	assert_int_equal(write(empty, ring->memory, ring->size), ring->size);
	assert_true(opens(empty));
	assert_int_equal(ftruncate(empty, (off_t)ring->size - 1), 0);
	assert_false(opens(empty));
	ring_unmap(ring);
	close(empty);
	close(fd);
}

/* A side that writes anywhere does not make the supervisor read or write outside, nor can it take memory away. */
static void what_a_side_overwrites_is_not_trusted(void **state)
{
	int fd;
	struct ring *ring = make(&fd);
	const struct ring_turn *last = &ring->turns[TURNS - 1];

	ring_start(ring);
	assert_int_equal(ftruncate(fd, 0), -1);
	memset(ring->memory, 0xff, ring->size);
	assert_memory_equal(&ring->layout, &layout, sizeof(layout));
	assert_int_equal(last->slice, SLICES - 1);
	assert_ptr_equal(ring_times(ring) + TURNS, (char *)ring->memory + ring->size);
	assert_true(ring_is_over(ring));
	ring_abandon(ring);
	ring_unmap(ring);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_take_turns),
		cmocka_unit_test(who_dies_is_to_blame_and_the_other_is_freed),
		cmocka_unit_test(what_is_no_ring_is_refused),
		cmocka_unit_test(what_a_side_overwrites_is_not_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
