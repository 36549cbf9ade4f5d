/* What is found out from the times of a ring's turns: common noise is taken out, and what one side leaves to the other
 * is told from what both cost each other. */
#include "gate/pairs/steady.h"
#include "base/random.h"
#include "gate/pairs/footprint.h"
#include "gate/pairs/turns.h"
#include "tests/test.h"

#include <unistd.h>

#define SLICES 100
#define ROUNDS 12

#define assert_near(value, expected, distance) assert_true(fabs((value) - (expected)) <= (distance))

/* Makes a ring whose turns are drawn by `t`. */
static struct ring *make(const struct turns *t, uint64_t *random)
{
	struct ring_layout layout = {
		.seats = t->seats, .slices = t->slices, .rounds = t->rounds, .turns = (uint32_t)turns_count(t)
	};
	struct ring *ring;
	int fd;

	ring = ring_create(&layout, &fd);
	assert_non_null(ring);
	close(fd);
	turns_draw(t, random, ring->turns);
	return ring;
}

/* A slice's own time, ns. */
static double own_ns(uint32_t slice)
{
	return 50e3 + 1e3 * slice;
}

static double sum_of(const struct ring *ring, const double *times, unsigned seat)
{
	double sum_ns = 0;

	for (uint32_t i = 0; i < ring->layout.turns; i++)
		sum_ns += ring->turns[i].seat == seat ? times[i] : 0;
	return sum_ns;
}

/* The machine is slower for a while, and drifts; B is slower by so much. */
static void take_out(double slower)
{
	struct turns t = { .seats = 3, .slices = SLICES, .rounds = ROUNDS };
	uint64_t random = 1;
	struct ring *ring = make(&t, &random);
	uint32_t count = ring->layout.turns;
	double *times;

	for (uint32_t i = 0; i < count; i++) {
		double noise = (i / 300 % 3 == 1 ? 1.3 : 1) * (1 + 0.1 * i / count);
		double side = ring->turns[i].seat == 1 ? slower : 1;
		uint64_t ns = (uint64_t)(own_ns(ring->turns[i].slice) * noise * side);

		ring_times(ring)[i] = (struct ring_time){ .wall_ns = 2 * ns, .cpu_ns = ns };
	}
	times = steady_times(ring, JUDGED_CPU);
	assert_non_null(times);
	assert_near(sum_of(ring, times, 1) / sum_of(ring, times, 0), slower, 0.001 * slower);
	assert_near(sum_of(ring, times, 2) / sum_of(ring, times, 0), 1, 0.001);
	for (uint32_t i = 30; i < 60; i++) /* the noise is constant there, up to 0.1 % */
		for (uint32_t k = 330; k < 360; k++)
			if (ring->turns[i].seat == 0 && ring->turns[k].seat == 0)
				assert_near(times[i] / own_ns(ring->turns[i].slice),
						    times[k] / own_ns(ring->turns[k].slice), 0.02);
	free(times);
	times = steady_times(ring, JUDGED_WALL);
	assert_near(sum_of(ring, times, 1) / sum_of(ring, times, 0), slower, 0.001 * slower);
	free(times);
	ring_unmap(ring);
}

static void common_noise_is_taken_out(void **state)
{
	take_out(1.01);
	take_out(7);
}

/* In some rounds B is slower by half, of itself: that is no noise, and A is not made faster for it. */
static void rounds_of_one_side_stay_slow(void **state)
{
	struct turns t = { .seats = 2, .slices = SLICES, .rounds = 24 };
	uint64_t random = 4;
	struct ring *ring = make(&t, &random);
	double *times;

	(void)state;
	for (uint32_t i = 0; i < ring->layout.turns; i++) {
		bool slow = ring->turns[i].seat == 1 && ring->turns[i].round % 5 < 2;
		uint64_t ns = (uint64_t)(own_ns(ring->turns[i].slice) * (slow ? 1.5 : 1));

		ring_times(ring)[i] = (struct ring_time){ .wall_ns = ns, .cpu_ns = ns };
	}
	times = steady_times(ring, JUDGED_CPU);
	assert_non_null(times);
	for (uint32_t i = 0; i < ring->layout.turns; i++)
		assert_near(times[i] / (double)ring_times(ring)[i].cpu_ns, 1, 0.01);
	free(times);
	ring_unmap(ring);
}

/* One turn that was spoiled stays so: it is no noise that others met. */
static void a_burst_stays_where_it_was(void **state)
{
	struct turns t = { .seats = 2, .slices = 1, .rounds = 50 };
	uint64_t random = 2;
	struct ring *ring = make(&t, &random);
	double *times;

	for (uint32_t i = 0; i < 100; i++)
		ring_times(ring)[i].cpu_ns = i == 40 ? 300000 : 100000;
	times = steady_times(ring, JUDGED_CPU);
	for (uint32_t i = 0; i < 100; i++)
		assert_near(times[i], i == 40 ? 300e3 : 100e3, 20);
	free(times);
	ring_unmap(ring);
}

/* Draws the times of a ring in which each side is slower after the other one by so much, and scatters. */
static void find(struct footprint *footprint, double a, double b, double scatter, uint64_t seed)
{
	struct turns t = { .seats = 2, .slices = SLICES, .rounds = ROUNDS, .mixed = true };
	struct ring *ring = make(&t, &seed);

	for (uint32_t i = 0; i < ring->layout.turns; i++) {
		const struct ring_turn *turn = &ring->turns[i];
		bool other = i && turn[-1].seat != turn->seat;
		double more = !other ? 0 : turn->seat == 1 ? a : b;
		double noise = 1 + scatter * (double)random_below(&seed, 1000) / 1000;

		ring_times(ring)[i].wall_ns = (uint64_t)(own_ns(turn->slice) * (1 + more) * noise);
	}
	assert_int_equal(footprint_add(footprint, ring, JUDGED_WALL, 1), 0);
	ring_unmap(ring);
}

static void a_larger_footprint_is_found(void **state)
{
	struct footprint f = { 0 };

	find(&f, 0.1, 0.02, 0.02, 3); /* B leaves much to A */
	assert_near(f.ratio, 0.1, 0.01);
	assert_true(f.low > 0.05 && f.high < 0.09);
	footprint_release(&f);
	find(&f, 0.02, 0.1, 0.02, 4); /* and the other way round */
	assert_true(f.low > 0.05 && f.high < 0.09);
	footprint_release(&f);
}

static void what_both_cost_each_other_is_no_difference(void **state)
{
	struct footprint f = { 0 };
	double high;

	find(&f, 0.05, 0.05, 0.02, 5);
	assert_near(f.ratio, 0.05, 0.01);
	assert_true(f.low < 0.001);
	high = f.high;
	for (uint64_t seed = 6; seed < 16; seed++)
		find(&f, 0.05, 0.05, 0.02, seed);
	assert_true(f.low < 0.001 && f.high < high); /* more is known with more rings */
	assert_in_range(f.count, 11 * SLICES - 20, 11 * SLICES);
	footprint_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(common_noise_is_taken_out),
		cmocka_unit_test(rounds_of_one_side_stay_slow),
		cmocka_unit_test(a_burst_stays_where_it_was),
		cmocka_unit_test(a_larger_footprint_is_found),
		cmocka_unit_test(what_both_cost_each_other_is_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
