/* Change points are found in series whose levels are known, and none in noise. */
#include "analyse/change_points.h"
#include "base/random.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LONGEST 1000

/* Throughput of Tigerbeetle, measured at Nyrkio: the series on which Apache Otava tests itself
 * (tests/tigerbeetle_test.py of apache/otava, Apache License 2.0). */
static const double tigerbeetle[] = {
	26705, 26475, 26641, 26806, 26835, 26911, 26564, 26812, 26874, 26682, 15672, 26745, 26460, 26977, 26851, 23412,
	23547, 23674, 23519, 23670, 23662, 23462, 23750, 23717, 23524, 23588, 23687, 23793, 23937, 23715, 23570, 23730,
	23690, 23699, 23670, 23860, 23988, 23652, 23681, 23798, 23728, 23604, 23523, 23412, 23685, 23773, 23771, 23718,
	23409, 23739, 23674, 23597, 23682, 23680, 23711, 23660, 23990, 23938, 23742, 23703, 23536, 24363, 24414, 24483,
	24509, 24944, 24235, 24560, 24236, 24667, 24730, 28346, 28437, 28436, 28057, 28217, 28456, 28427, 28398, 28250,
	28331, 28222, 28726, 28578, 28345, 28274, 28514, 28590, 28449, 28305, 28411, 28788, 28404, 28821, 28580, 27483,
	26805, 27487, 27124, 26898, 27295, 26951, 27312, 27660, 27154, 27050, 26989, 27193, 27503, 27326, 27375, 27513,
	27057, 27421, 27574, 27609, 27123, 27824, 27644, 27394, 27836, 27949, 27702, 27457, 27272, 28207, 27802, 27516,
	27586, 28005, 27768, 28543, 28237, 27915, 28437, 28342, 27733, 28296, 28524, 28687, 28258, 28611, 29360, 28590,
	29641, 28965, 29474, 29256, 28611, 28205, 28539, 27962, 28398, 28509, 28240, 28592, 28102, 28461, 28578, 28669,
	28507, 28535, 28226, 28536, 28561, 28087, 27953, 28398, 28007, 28518, 28337, 28242, 28607, 28545, 28514, 28377,
	28010, 28412, 28633, 28576, 28195, 28637, 28724, 28466, 28287, 28719, 28425, 28860, 28842, 28604, 28327, 28216,
	28946, 28918, 29287, 28725, 29148, 29541, 29137, 29628, 29087, 28612, 29154, 29108, 28884, 29234, 28695, 28969,
	28809, 28695, 28634, 28916, 29852, 29389, 29757, 29531, 29363, 29251, 29552, 29561, 29046, 29795, 29022, 29395,
	28921, 29739, 29257, 29455, 29376, 29528, 28909, 29492, 28984, 29621, 29026, 29457, 29102, 29114, 28924, 29162,
	29259, 29554, 29616, 29211, 29367, 29460, 28836, 29645, 29586, 28848, 29324, 28969, 29150, 29243, 29081, 29312,
	28923, 29272, 29117, 29072, 29529, 29737, 29652, 29612, 29856, 29012, 30402, 29969, 29309, 29439, 29285, 29421,
	29023, 28772, 29692, 29416, 29267, 29542, 29904, 30045, 29739, 29945, 29141, 29163, 29765, 29197, 29441, 28910,
	29504, 29614, 29643, 29506, 29420, 29672, 29432, 29784, 29888, 29309, 29247, 29816, 29254, 29813, 29451, 29382,
	29618, 28558, 29845, 29499, 29283, 29184, 29246, 28790, 29952, 29145, 29415, 30437, 29227, 29605, 29859, 29156,
	29807, 29406, 29734, 29861, 29140, 29983, 29832, 29919, 29896, 29991, 29266, 29001, 29459, 29548, 29310, 29042,
	29303, 29894, 29091, 29018, 29537, 29614, 29180, 29736, 29500, 29218, 29581, 28906, 28542, 29306, 28987, 29878,
	28865, 30272, 29707, 29662, 29815, 30492, 29347, 30096, 29054, 30238, 28813, 31895, 28915,
};

/* Normal numbers, by Box and Muller. */
static double noise(uint64_t *random)
{
	double radius = ((double)(random_next(random) >> 11) + 1) * 0x1p-53;
	double angle = (double)(random_next(random) >> 11) * 0x1p-53;

	return sqrt(-2 * log(radius)) * cos(2 * M_PI * angle);
}

struct series {
	double value[LONGEST];
	size_t count;
	struct change_point *change;
	size_t changes;
};

static void make_noise(struct series *series, size_t count, uint64_t seed)
{
	series->count = count;
	for (size_t i = 0; i < count; i++)
		series->value[i] = 100 + noise(&seed);
}

static void add_from(struct series *series, size_t from, double step)
{
	for (size_t i = from; i < series->count; i++)
		series->value[i] += step;
}

static void search(struct series *series, struct change_search how)
{
	assert_int_equal(change_points_find(&series->change, &series->changes, series->value, series->count, &how), 0);
}

/* Searches as by default, but for changes of any size, and expects this one. */
static void assert_change(struct series *series, size_t at)
{
	search(series, (struct change_search){ 50, 0.001, 0 });
	assert_int_equal(series->changes, 1);
	assert_int_equal(series->change[0].at, at);
	free(series->change);
}

static void test_finds_what_otava_finds(void **state)
{
	/* Otava, at p = 0.001: 15 61 71 95 117 131 142 148 192 212 260. */
	const size_t expected[] = { 15, 61, 71, 95, 117, 131, 192 };
	const double sizes[] = { -0.089, 0.035, 0.160, -0.041, 0.016, 0.028, 0.032 };
	struct change_search how = CHANGE_SEARCH_PRESET;
	struct change_point *change;
	size_t found;

	assert_int_equal(change_points_find(&change, &found, tigerbeetle, COUNT(tigerbeetle), &how), 0);
	assert_int_equal(found, COUNT(expected));
	for (size_t i = 0; i < found; i++) {
		assert_int_equal(change[i].at, expected[i]);
		assert_true(fabs(change_point_size(&change[i]) - sizes[i]) < 0.0006);
		assert_true(change[i].p <= how.p);
	}
	free(change);
}

static void test_magnitude_leaves_small_changes_out(void **state)
{
	struct change_search how = { .window = 50, .p = 0.001, .magnitude = 0.05 };
	struct change_point *change;
	size_t found;

	assert_int_equal(change_points_find(&change, &found, tigerbeetle, COUNT(tigerbeetle), &how), 0);
	assert_int_equal(found, 2); /* as Otava's, with the same magnitude */
	assert_int_equal(change[0].at, 15);
	assert_int_equal(change[1].at, 71);
	free(change);
}

static void test_measures_between_neighbours(void **state)
{
	struct series s = { .count = 60 };

	for (size_t i = 0; i < s.count; i++)
		s.value[i] = (i < 20 ? 10 : i < 40 ? 20 : 5) + (i % 2 ? 0.1 : -0.1);
	search(&s, CHANGE_SEARCH_PRESET);
	assert_int_equal(s.changes, 2);
	assert_int_equal(s.change[0].at, 20);
	assert_int_equal(s.change[1].at, 40);
	assert_true(fabs(s.change[0].before - 10) < 1e-9 && fabs(s.change[0].after - 20) < 1e-9);
	assert_true(fabs(change_point_size(&s.change[0]) - 1) < 1e-9 &&
		    fabs(change_point_size(&s.change[1]) + 0.75) < 1e-9);
	free(s.change);
}

/* With a test at p = 0.001 in each of about 40 windows, 4 of 100 series of 1000 values may have a false one. */
static void test_noise_has_none(void **state)
{
	const size_t lengths[] = { 20, 50, 100, 1000 }, allowed[] = { 1, 1, 2, 9 };
	struct series s;

	for (size_t l = 0; l < COUNT(lengths); l++) {
		for (unsigned skewed = 0; skewed < 2; skewed++) {
			size_t false_alarms = 0;

			for (uint64_t seed = 1; seed <= 100; seed++) {
				make_noise(&s, lengths[l], seed);
				for (size_t i = 0; skewed && i < s.count; i++)
					s.value[i] = 100 + exp(s.value[i] - 100);
				search(&s, (struct change_search){ 50, 0.001, 0 });
				false_alarms += s.changes > 0;
				free(s.change);
			}
			if (false_alarms > allowed[l])
				fail_msg("%zu of 100 series of %zu", false_alarms, lengths[l]);
		}
	}
}

static void test_finds_a_step_wherever_it_is(void **state)
{
	const size_t places[] = { 4, 30, 49, 50, 51, 74, 75, 100, 150, 196 };
	struct series s;

	for (size_t i = 0; i < COUNT(places); i++) {
		make_noise(&s, 200, 7);
		add_from(&s, places[i], 8);
		assert_change(&s, places[i]);
	}
}

static void test_outliers_are_no_changes(void **state)
{
	struct series s;

	make_noise(&s, 200, 3);
	for (size_t i = 9; i < s.count; i += 23)
		s.value[i] += 12;
	s.value[0] += 12;
	s.value[s.count - 2] += 12;
	s.value[s.count - 1] += 12;
	search(&s, (struct change_search){ 50, 0.001, 0 });
	assert_int_equal(s.changes, 0);
	add_from(&s, 120, 6);
	assert_change(&s, 120);
}

static void test_too_few_values_say_nothing(void **state)
{
	struct series s = { .count = 0 };

	for (size_t count = 0; count < 10; count++) {
		make_noise(&s, count, 1);
		add_from(&s, count / 2, 50);
		search(&s, CHANGE_SEARCH_PRESET);
		assert_int_equal(s.changes, 0);
		assert_null(s.change);
	}
	make_noise(&s, 14, 1);
	add_from(&s, 7, 50);
	assert_change(&s, 7);
	make_noise(&s, 10, 1);
	add_from(&s, 5, 50);
	search(&s, (struct change_search){ 50, 0.02, 0 });
	assert_int_equal(s.changes, 1); /* a larger p finds it sooner */
	free(s.change);
}

static void test_equal_values_are_no_change(void **state)
{
	struct series s = { .count = 300 };

	for (size_t i = 0; i < s.count; i++)
		s.value[i] = 0.1;
	search(&s, (struct change_search){ 50, 0.001, 0 });
	assert_int_equal(s.changes, 0);
	for (size_t i = 100; i < s.count; i++)
		s.value[i] = 0.2;
	assert_change(&s, 100);
}

static void test_the_same_series_gives_the_same(void **state)
{
	struct series s, again;

	make_noise(&s, 300, 5);
	add_from(&s, 200, 2);
	again = s;
	search(&s, CHANGE_SEARCH_PRESET);
	search(&again, CHANGE_SEARCH_PRESET);
	assert_int_equal(s.changes, 1);
	assert_int_equal(again.changes, 1);
	assert_memory_equal(s.change, again.change, sizeof(*s.change));
	free(s.change);
	free(again.change);
}

/* The first value of the second window, and the shortest window. */
static void test_windows(void **state)
{
	struct series s;

	for (size_t window = 2 * CHANGE_LEAST; window <= 400; window += 7) {
		make_noise(&s, 200, window);
		search(&s, (struct change_search){ window, 0.001, 0 });
		assert_true(s.changes <= 1);
		free(s.change);
	}
	make_noise(&s, 200, 1);
	add_from(&s, 100, 10);
	search(&s, (struct change_search){ 400, 0.001, 0 });
	assert_int_equal(s.changes, 1);
	assert_int_equal(s.change[0].at, 100);
	free(s.change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_otava_finds),
		cmocka_unit_test(test_magnitude_leaves_small_changes_out),
		cmocka_unit_test(test_measures_between_neighbours),
		cmocka_unit_test(test_noise_has_none),
		cmocka_unit_test(test_finds_a_step_wherever_it_is),
		cmocka_unit_test(test_outliers_are_no_changes),
		cmocka_unit_test(test_too_few_values_say_nothing),
		cmocka_unit_test(test_equal_values_are_no_change),
		cmocka_unit_test(test_the_same_series_gives_the_same),
		cmocka_unit_test(test_windows),
	};

	return cmocka_run_group_tests_name("change_points", tests, NULL, NULL);
}
