/* Latencies of a round: percentiles, which items are stamped, and what counts as submit and as result. The futures read
 * the clock, so a round here began 1000 s ago: what was submitted at its start is that old. */
#include "base/clock.h"
#include "run/crew/futures.h"
#include "run/crew/latencies.h"
#include "tests/test.h"

#define LONG_NS (1000 * UINT64_C(1000000000))

static double told(const struct round *round, const char *name)
{
	for (uint32_t i = 0; i < round->measure_count; i++)
		if (strcmp(round->measures[i].name, name) == 0)
			return round->measures[i].value;
	return -1;
}

/* ---- Percentiles ---- */

/* Tells the round of the latencies 1 to `count`, in another order. */
static void tell_up_to(struct round *round, size_t count)
{
	uint64_t values_ns[2000];

	for (size_t i = 0; i < count; i++)
		values_ns[i] = i * 7 % count + 1; /* `count` is no multiple of 7 */
	*round = (struct round){ .number = 1 };
	latencies_tell(values_ns, count, round);
}

static void percentiles_are_nearest_ranks(void **state)
{
	struct round round;

	tell_up_to(&round, 1000);
	assert_true(told(&round, "item_latency_p50_ns") == 500);
	assert_true(told(&round, "item_latency_p99_ns") == 990);
	assert_true(told(&round, "item_latency_p999_ns") == 999);
	tell_up_to(&round, 1999);
	assert_true(told(&round, "item_latency_p50_ns") == 1000);
	assert_true(told(&round, "item_latency_p99_ns") == 1980);
	assert_true(told(&round, "item_latency_p999_ns") == 1998);
	assert_string_equal(round.measures[0].unit, "ns");
}

static void few_values_tell_less(void **state)
{
	static const struct {
		size_t values;
		uint32_t told;
	} cases[] = { { 0, 0 }, { 1, 0 }, { 2, 1 }, { 99, 1 }, { 100, 2 }, { 999, 2 }, { 1000, 3 } };
	struct round round;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tell_up_to(&round, cases[i].values);
		assert_int_equal(round.measure_count, cases[i].told);
	}
}

/* ---- Which items are stamped ---- */

static uint64_t stamped(const struct latencies *l, uint64_t items, uint64_t *sum)
{
	uint64_t count = 0;

	for (uint64_t item = *sum = 0; item < items; item++)
		if (latencies_has(l, item)) {
			count++;
			*sum += item;
		}
	return count;
}

static void few_items_are_all_stamped(void **state)
{
	struct round round = { .number = 1, .latencies = LATENCIES_MOST };
	struct latencies l;
	uint64_t sum;

	assert_int_equal(latencies_init(&l, LATENCIES_MOST), 0);
	latencies_begin(&l, &round);
	assert_int_equal(stamped(&l, LATENCIES_MOST, &sum), LATENCIES_MOST);
	round.latencies = 0;
	latencies_begin(&l, &round);
	assert_int_equal(stamped(&l, LATENCIES_MOST, &sum), 0);
	latencies_release(&l);
}

/* One in each group, at places that differ from group to group and from round to round. */
static void of_many_items_some_are_stamped(void **state)
{
	struct round round = { .number = 1, .latencies = 1000 };
	uint64_t first, second, evens = 0;
	struct latencies l;

	assert_int_equal(latencies_init(&l, 100000), 0);
	latencies_begin(&l, &round);
	assert_in_range(stamped(&l, 100000, &first), 500, 1000);
	for (uint64_t item = 0; item < 100000; item += 2)
		evens += latencies_has(&l, item);
	assert_in_range(evens, 300, 500);
	round.number = 2;
	latencies_begin(&l, &round);
	assert_in_range(stamped(&l, 100000, &second), 500, 1000);
	assert_true(first != second);
	latencies_release(&l);
}

/* ---- Submit and result ---- */

static void begin(struct futures *f, struct round *round)
{
	*round = (struct round){ .number = 1, .latencies = LATENCIES_MOST, .start_ns = clock_ns() - LONG_NS };
	futures_begin(f, round);
}

static void hand_out_all(struct futures *f)
{
	struct range range;

	while (futures_next(f, 100, &range) == NEXT_RANGE)
		;
}

static void complete(struct futures *f, uint64_t item, int error)
{
	const struct result result = { .item = item, .error = error };

	hand_out_all(f);
	assert_int_equal(futures_complete(f, &result), 0);
}

/* The median latency of three items that are called in this way and complete in the order of `items`. */
static double median_of_three(const struct call *call, uint64_t in_flight, const uint64_t items[3], struct round *round)
{
	struct calling calling = { .in_flight = in_flight };
	struct futures *f = futures_create(call, &calling, 3);

	begin(f, round);
	for (int i = 0; i < 3; i++)
		complete(f, items[i], 0);
	futures_finish(f);
	futures_tell(f, round);
	futures_destroy(f);
	return told(round, "item_latency_p50_ns");
}

static void who_is_not_held_back_submits_at_the_start(void **state)
{
	const uint64_t backwards[] = { 2, 1, 0 };
	struct round round;

	assert_true(median_of_three(call_find("apply_async"), 0, backwards, &round) >= LONG_NS);
	assert_true(told(&round, "first_result_ns") >= LONG_NS);
	assert_true(median_of_three(&call_as_completed, 0, backwards, &round) >= LONG_NS);
	assert_true(median_of_three(call_find("imap"), 0, backwards, &round) >= LONG_NS);
}

static void who_is_held_back_submits_later(void **state)
{
	const uint64_t forwards[] = { 0, 1, 2 };
	struct round round;

	assert_true(median_of_three(call_find("apply"), 0, forwards, &round) < LONG_NS);
	assert_true(median_of_three(call_find("imap"), 1, forwards, &round) < LONG_NS);
	assert_true(median_of_three(&call_as_completed, 1, forwards, &round) < LONG_NS);
	assert_true(median_of_three(&call_as_completed, 2, forwards, &round) >= LONG_NS); /* two of the three at once */
}

static void a_call_for_all_items_has_no_latencies(void **state)
{
	const uint64_t forwards[] = { 0, 1, 2 };
	struct round round;

	assert_true(median_of_three(call_find("map"), 0, forwards, &round) < 0);
	assert_true(told(&round, "last_result_ns") >= LONG_NS);
}

/* Items 1 and 2 are back long before item 0: the clock of the round is moved on between them. */
static double median_behind_a_late_one(const struct call *call)
{
	struct calling calling = { .call = call->name };
	struct futures *f = futures_create(call, &calling, 3);
	struct round round;
	double median;

	begin(f, &round);
	complete(f, 2, 0);
	complete(f, 1, 0);
	round.start_ns -= LONG_NS;
	complete(f, 0, 0);
	futures_tell(f, &round);
	median = told(&round, "item_latency_p50_ns");
	futures_destroy(f);
	return median;
}

static void order_counts_where_results_come_in_order(void **state)
{
	assert_true(median_behind_a_late_one(call_find("imap")) >= 2 * LONG_NS);
	assert_true(median_behind_a_late_one(call_find("imap_unordered")) < 2 * LONG_NS);
	assert_true(median_behind_a_late_one(call_find("apply_async")) < 2 * LONG_NS);
}

static void items_without_a_result_do_not_count(void **state)
{
	struct calling calling = { .item_timeout_ns = 1 };
	struct futures *f = futures_create(&call_as_completed, &calling, 3);
	struct round round;

	begin(f, &round);
	hand_out_all(f);
	futures_expire(f, 0);
	complete(f, 1, 5);
	complete(f, 2, 0);
	futures_tell(f, &round);
	assert_true(told(&round, "items_timed_out") == 1 && told(&round, "items_failed") == 1);
	assert_true(told(&round, "item_latency_p50_ns") < 0); /* there is one latency only */
	futures_destroy(f);
}

/* An item that is handed out again after its worker was lost was submitted when its caller did so. */
static void a_lost_worker_makes_items_late(void **state)
{
	struct calling calling = { .retry = true };
	struct futures *f = futures_create(&call_as_completed, &calling, 2);
	struct round round;

	begin(f, &round);
	hand_out_all(f);
	futures_own(f, (struct range){ 0, 2 }, 0);
	assert_int_equal(futures_lose(f, 0), 2);
	complete(f, 1, 0);
	complete(f, 0, 0);
	futures_tell(f, &round);
	assert_true(told(&round, "items_again") == 2);
	assert_true(told(&round, "item_latency_p50_ns") >= LONG_NS);
	futures_destroy(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_nearest_ranks),
		cmocka_unit_test(few_values_tell_less),
		cmocka_unit_test(few_items_are_all_stamped),
		cmocka_unit_test(of_many_items_some_are_stamped),
		cmocka_unit_test(who_is_not_held_back_submits_at_the_start),
		cmocka_unit_test(who_is_held_back_submits_later),
		cmocka_unit_test(a_call_for_all_items_has_no_latencies),
		cmocka_unit_test(order_counts_where_results_come_in_order),
		cmocka_unit_test(items_without_a_result_do_not_count),
		cmocka_unit_test(a_lost_worker_makes_items_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
