/* A worker's account: parts without gaps, on a clock that the test sets. */
#include "base/digest.h"
#include "run/crew/account.h"
#include "tests/test.h"

static uint64_t sum(const struct account *a)
{
	uint64_t ns = 0;

	for (enum part part = 0; part < PART_COUNT; part++)
		ns += a->part_ns[part];
	return ns;
}

static void parts_add_up(void **state)
{
	struct account a;

	account_begin(&a, PART_SPAWN, 1000);
	account_switch_at(&a, PART_DISPATCH, 1100);
	account_switch_at(&a, PART_BODY, 1130);
	account_switch_at(&a, PART_DISPATCH, 1630);
	account_switch_at(&a, PART_IDLE, 1650);
	account_switch_at(&a, PART_TEARDOWN, 2000);
	assert_int_equal(a.part_ns[PART_SPAWN], 100);
	assert_int_equal(a.part_ns[PART_DISPATCH], 50);
	assert_int_equal(a.part_ns[PART_BODY], 500);
	assert_int_equal(a.part_ns[PART_IDLE], 350);
	assert_int_equal(sum(&a), 1000);
}

/* Groups took 10000 ns, 1000 of them for asking; the samples divide the rest 1 to 3, without the time of the clocks. */
static void groups_are_divided(void **state)
{
	struct account a;

	account_begin(&a, PART_DISPATCH, 0);
	account_switch_at(&a, PART_IDLE, 10000);
	a.asked_ns = 1000;
	account_sample(&a, PART_DISPATCH, 30, 20);
	account_sample(&a, PART_BODY, 50, 20);
	account_split(&a);
	assert_int_equal(a.part_ns[PART_BODY], 6750);
	assert_int_equal(a.part_ns[PART_DISPATCH], 3250);
	assert_int_equal(sum(&a), 10000);
}

static void samples_below_zero(void **state)
{
	struct account a;

	account_begin(&a, PART_DISPATCH, 0);
	account_switch_at(&a, PART_IDLE, 500);
	account_sample(&a, PART_DISPATCH, 5, 20);
	account_sample(&a, PART_BODY, 10, 20);
	account_split(&a); /* the clock cost more than the samples, so they tell nothing */
	assert_int_equal(a.part_ns[PART_DISPATCH], 500);
	account_begin(&a, PART_DISPATCH, 0);
	account_switch_at(&a, PART_IDLE, 500);
	account_sample(&a, PART_DISPATCH, 5, 20);
	account_sample(&a, PART_BODY, 50, 20);
	account_split(&a);
	assert_int_equal(a.part_ns[PART_BODY], 500);
	assert_int_equal(sum(&a), 500);
}

/* A worker that follows another in its slot divides only its own time. */
static void one_after_another(void **state)
{
	struct account a;

	account_begin(&a, PART_DISPATCH, 0);
	account_switch_at(&a, PART_TEARDOWN, 1000);
	account_sample(&a, PART_DISPATCH, 40, 20);
	account_sample(&a, PART_BODY, 40, 20);
	account_split(&a);
	assert_int_equal(a.part_ns[PART_BODY], 500);
	account_switch_at(&a, PART_DISPATCH, 1100);
	account_switch_at(&a, PART_IDLE, 2100);
	account_sample(&a, PART_BODY, 70, 20);
	account_split(&a);
	assert_int_equal(a.part_ns[PART_BODY], 1500);
	assert_int_equal(a.part_ns[PART_DISPATCH], 500);
	assert_int_equal(sum(&a), 2100);
}

/* Waiting inside work() does not count as work, whether the items are stamped or grouped. */
static void waits(void **state)
{
	struct account a;

	account_begin(&a, PART_BODY, 0);
	account_switch_at(&a, PART_IDLE, 1000);
	a.waited_ns[PART_LOCK] = 300;
	account_take_waits(&a);
	assert_int_equal(a.part_ns[PART_BODY], 700);
	assert_int_equal(a.part_ns[PART_LOCK], 300);
	account_begin(&a, PART_DISPATCH, 0);
	account_switch_at(&a, PART_IDLE, 1000);
	a.waited_ns[PART_STARVE] = 300;
	account_sample(&a, PART_BODY, 40, 20);
	account_split(&a);
	assert_int_equal(a.part_ns[PART_BODY], 700);
	assert_int_equal(a.part_ns[PART_STARVE], 300);
	assert_int_equal(sum(&a), 1000);
}

static void digests_tell(void **state)
{
	uint64_t ab = digest_item(1, "a", 1) + digest_item(2, "b", 1);

	assert_int_equal(ab, digest_item(2, "b", 1) + digest_item(1, "a", 1));
	assert_int_not_equal(ab, digest_item(1, "b", 1) + digest_item(2, "a", 1));
	assert_int_not_equal(digest_item(1, "a", 1), digest_item(1, "a\0", 2));
	assert_int_not_equal(digest_item(1, NULL, 0) + digest_item(4, NULL, 0),
			     digest_item(2, NULL, 0) + digest_item(3, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_add_up),
		cmocka_unit_test(groups_are_divided),
		cmocka_unit_test(samples_below_zero),
		cmocka_unit_test(one_after_another),
		cmocka_unit_test(waits),
		cmocka_unit_test(digests_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
