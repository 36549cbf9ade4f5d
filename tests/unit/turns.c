/* How items are cut into slices, and in which order the processes of a pair execute them. */
#include "gate/pairs/turns.h"
#include "base/random.h"
#include "tests/test.h"

#define MOST 4096

static double costs[COST_RANGES];
static uint64_t cuts[MOST + 1];
static struct ring_turn drawn[1 << 16];

static void all_cost(double ns)
{
	for (size_t i = 0; i < COST_RANGES; i++)
		costs[i] = ns;
}

static void slices_are_whole_items(void **state)
{
	all_cost(30);
	assert_int_equal(turns_cut(costs, 100, 100, cuts), 33);
	assert_int_equal(cuts[0], 0);
	assert_int_equal(cuts[1], 3);
	assert_int_equal(cuts[32], 96);
	assert_int_equal(cuts[33], 100); /* what is left is too little for a slice */
	all_cost(1000);
	assert_int_equal(turns_cut(costs, 7, 100, cuts), 7);
	assert_int_equal(cuts[7], 7);
	assert_int_equal(turns_cut(costs, 1, 100, cuts), 1);
	assert_int_equal(cuts[1], 1);
	all_cost(1);
	assert_int_equal(turns_cut(costs, 9, 100, cuts), 1); /* all are less than a slice */
	assert_int_equal(cuts[1], 9);
}

static void slices_follow_the_costs(void **state)
{
	all_cost(10);
	costs[5] = 1000;
	assert_int_equal(turns_cut(costs, 16, 50, cuts), 4);
	assert_int_equal(cuts[1], 5);
	assert_int_equal(cuts[2], 6); /* one long item is a slice */
	assert_int_equal(cuts[3], 11);
	assert_int_equal(cuts[4], 16);
	assert_true(turns_cost(costs, 16, 5, 6) == 1000);
	assert_true(turns_cost(costs, 16, 0, 16) == 1150);
}

static void many_items_share_their_costs(void **state)
{
	uint64_t items = 8 * COST_RANGES;

	all_cost(10); /* each range has 8 items */
	assert_int_equal(turns_cut(costs, items, 1000, cuts), items / 100 + 1); /* the last is two thirds of one */
	assert_int_equal(cuts[1], 100);
	assert_true(turns_cost(costs, items, 0, items) == 10.0 * (double)items);
}

static void sleep_is_not_left_out(void **state)
{
	const struct ring_time awake = { .wall_ns = 9, .cpu_ns = 5 }, slept = { 9, 5, true };

	assert_true(turns_ns(&awake, JUDGED_CPU) == 5);
	assert_true(turns_ns(&awake, JUDGED_WALL) == 9);
	assert_true(turns_ns(&slept, JUDGED_CPU) == 9);
}

/* The number of a round fits into a turn, and all turns into a ring. */
static void test_most_rounds(void **state)
{
	const uint32_t slices[] = { 1, 2, 64, 65, 80, 100000 };

	for (size_t i = 0; i < sizeof(slices) / sizeof(*slices); i++) {
		uint32_t most = turns_rounds_most(slices[i]);
		const struct turns t = { RING_SEATS, slices[i], most, .again_count = slices[i] };

		assert_in_range(most, 1, UINT16_MAX);
		assert_in_range(turns_count(&t), 1, RING_MOST);
	}
	assert_int_equal(turns_rounds_most(2), UINT16_MAX);
}

/* Whether each seat executes each slice once in each round, but for those that are executed again. */
static void check_each_once(const struct turns *t)
{
	size_t count = turns_count(t);

	for (uint32_t round = 0; round < t->rounds; round++) {
		unsigned times[RING_SEATS][MOST] = { 0 }, again = 0;

		for (size_t i = 0; i < count; i++) {
			if (drawn[i].round != round)
				continue;
			assert_true(drawn[i].seat < t->seats && drawn[i].slice < t->slices);
			assert_true(i == 0 || drawn[i - 1].round <= round); /* no round before the last one is over */
			times[drawn[i].seat][drawn[i].slice] += !drawn[i].again;
			again += drawn[i].again;
			assert_true(!drawn[i].again || drawn[i].seat == t->again_seat);
		}
		assert_int_equal(again, t->again_count);
		for (unsigned seat = 0; seat < t->seats; seat++)
			for (uint32_t s = 0; s < t->slices; s++)
				assert_int_equal(times[seat][s], 1);
	}
}

static void each_slice_once(void **state)
{
	uint64_t random = 1;

	for (uint32_t slices = 1; slices < 40; slices += 6) {
		for (uint32_t seats = 1; seats <= 3; seats++) {
			struct turns t = { .seats = seats, .slices = slices, .rounds = 5 };

			turns_draw(&t, &random, drawn);
			check_each_once(&t);
			t.mixed = true;
			turns_draw(&t, &random, drawn);
			check_each_once(&t);
		}
	}
}

static void some_slices_again(void **state)
{
	const uint32_t again[] = { 3, 49, 17 };
	struct turns t = {
		.seats = 3, .slices = 50, .rounds = 6, .again_seat = 2, .again = again, .again_count = 3
	};
	unsigned places = 0;
	uint64_t random = 2;

	turns_draw(&t, &random, drawn);
	check_each_once(&t);
	for (size_t i = 0; i < turns_count(&t); i++)
		places += drawn[i].again && i % (3 * 50 + 3) < 3 * 50 / 2;
	assert_in_range(places, 1, 17); /* not all in the same half of their rounds */
}

/* At each step all seats execute a slice, each at other items. */
static void seats_are_at_other_items(void **state)
{
	struct turns t = { .seats = 3, .slices = 30, .rounds = 20 };
	unsigned first[RING_SEATS] = { 0 }, begins[30] = { 0 }, differ = 0;
	uint64_t random = 3;

	turns_draw(&t, &random, drawn);
	for (size_t i = 0; i < turns_count(&t); i += 3) {
		unsigned seats = 0;

		for (size_t k = 0; k < 3; k++) {
			seats |= 1u << drawn[i + k].seat;
			assert_int_equal((drawn[i + k].slice + 30 - drawn[i + (k + 1) % 3].slice) % 10, 0);
			assert_int_not_equal(drawn[i + k].slice, drawn[i + (k + 1) % 3].slice);
		}
		assert_int_equal(seats, 7);
		first[drawn[i].seat]++;
	}
	for (size_t seat = 0; seat < 3; seat++)
		assert_in_range(first[seat], 150, 250); /* of 600 */
	for (size_t i = 0; i < 100; i++) {
		turns_draw(&t, &random, drawn);
		begins[drawn[0].slice]++;
	}
	for (size_t s = 0; s < 30; s++)
		differ += begins[s] > 0;
	assert_true(differ > 20);
}

static void mixed_turns_follow_both_sides(void **state)
{
	struct turns t = { .seats = 2, .slices = 200, .rounds = 16, .mixed = true };
	uint64_t random = 4;
	size_t own = 0;

	turns_draw(&t, &random, drawn);
	for (size_t i = 1; i < turns_count(&t); i++)
		own += drawn[i].seat == drawn[i - 1].seat;
	assert_in_range(own, 2900, 3500); /* of 6399 */
}

static void again_is_worth_its_share(void **state)
{
	uint32_t again[MOST], slices;
	uint64_t random = 5;

	all_cost(10);
	slices = turns_cut(costs, 2000, 100, cuts);
	assert_int_equal(slices, 200);
	assert_int_equal(turns_draw_again(costs, cuts, slices, 0.02, &random, again), 4);
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(again[i], again[k]);
	assert_int_equal(turns_draw_again(costs, cuts, slices, 0.001, &random, again), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_most_rounds),
		cmocka_unit_test(slices_are_whole_items),
		cmocka_unit_test(slices_follow_the_costs),
		cmocka_unit_test(many_items_share_their_costs),
		cmocka_unit_test(sleep_is_not_left_out),
		cmocka_unit_test(each_slice_once),
		cmocka_unit_test(some_slices_again),
		cmocka_unit_test(seats_are_at_other_items),
		cmocka_unit_test(mixed_turns_follow_both_sides),
		cmocka_unit_test(again_is_worth_its_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
