/* Schedules: every item is taken exactly once, whichever workers take them. */
#include "run/crew/ranges.h"
#include "tests/test.h"

#include <pthread.h>

#define WORKERS_MOST 16

static struct ranges *make(enum schedule_kind schedule, uint64_t items, uint64_t chunk, uint32_t workers)
{
	struct ranges *r = aligned_alloc(128, sizeof(*r) + workers * sizeof(struct own_range));

	memset(r, 0, sizeof(*r));
	r->schedule = schedule;
	r->items = items;
	r->chunk = chunk;
	r->workers = workers;
	ranges_reset(r);
	return r;
}

struct taker {
	struct ranges *ranges;
	unsigned worker;
	_Atomic uint8_t *times;
	uint64_t ranges_taken;
};

static void *take_all(void *argument)
{
	struct taker *t = argument;
	struct range range;

	while (ranges_take(t->ranges, t->worker, &range)) {
		t->ranges_taken++;
		for (uint64_t item = range.first; item < range.end; item++)
			atomic_fetch_add(&t->times[item], 1);
	}
	return NULL;
}

static void take_in_threads(enum schedule_kind schedule, uint64_t items, uint64_t chunk, uint32_t workers)
{
	struct ranges *r = make(schedule, items, chunk, workers);
	_Atomic uint8_t *times = calloc(items, 1);
	struct taker takers[WORKERS_MOST];
	pthread_t threads[WORKERS_MOST];

	for (uint32_t w = 0; w < workers; w++) {
		takers[w] = (struct taker){ r, w, times, 0 };
		pthread_create(&threads[w], NULL, take_all, &takers[w]);
	}
	for (uint32_t w = 0; w < workers; w++)
		pthread_join(threads[w], NULL);
	for (uint64_t item = 0; item < items; item++)
		assert_int_equal(times[item], 1);
	free((void *)times);
	free(r);
}

static void every_item_once(void **state)
{
	static const uint64_t items[] = { 1, 2, 7, 100, 100003 }, chunks[] = { 1, 3, 64, 200000 };
	static const uint32_t workers[] = { 1, 2, 3, WORKERS_MOST };

	for (enum schedule_kind s = SCHEDULE_STATIC; s <= SCHEDULE_STEAL; s++)
		for (size_t i = 0; i < 5; i++)
			for (size_t c = 0; c < 4; c++)
				for (size_t w = 0; w < 4; w++)
					take_in_threads(s, items[i], chunks[c] < items[i] ? chunks[c] : items[i],
							workers[w]);
}

static void expect(struct ranges *r, unsigned worker, uint64_t first, uint64_t end)
{
	struct range range;

	assert_true(ranges_take(r, worker, &range));
	assert_int_equal(range.first, first);
	assert_int_equal(range.end, end);
}

static void expect_none(struct ranges *r, unsigned worker)
{
	struct range range;

	assert_false(ranges_take(r, worker, &range));
}

static void static_is_round_robin(void **state)
{
	struct ranges *r = make(SCHEDULE_STATIC, 10, 3, 2);

	expect(r, 1, 3, 6);
	expect(r, 1, 9, 10);
	expect_none(r, 1);
	expect(r, 0, 0, 3);
	expect(r, 0, 6, 9);
	expect_none(r, 0);
	free(r);
}

static void guided_shrinks(void **state)
{
	struct ranges *r = make(SCHEDULE_GUIDED, 100, 10, 2);

	expect(r, 0, 0, 50);
	expect(r, 1, 50, 75);
	expect(r, 0, 75, 88);
	expect(r, 0, 88, 98); /* a half would be 6, but it takes at least a chunk */
	expect(r, 1, 98, 100);
	expect_none(r, 0);
	free(r);
}

static void thief_takes_half(void **state)
{
	struct ranges *r = make(SCHEDULE_STEAL, 100, 10, 2);

	expect(r, 0, 0, 10);
	for (uint64_t first = 50; first < 90; first += 10)
		expect(r, 1, first, first + 10);
	expect(r, 1, 90, 95); /* a chunk would be more than half of what is left */
	expect(r, 1, 95, 98);
	expect(r, 1, 98, 99);
	expect(r, 1, 99, 100);
	expect(r, 1, 30, 40); /* the upper half of what worker 0 has left, 10 to 50 */
	expect(r, 0, 10, 20);
	expect(r, 0, 20, 25);
	expect(r, 0, 25, 28);
	expect(r, 0, 28, 29);
	expect(r, 0, 29, 30);
	expect(r, 0, 45, 48); /* steals back from the half of 40 to 50 */
	expect(r, 1, 40, 43);
	expect(r, 1, 43, 44);
	expect(r, 1, 44, 45);
	expect(r, 1, 49, 50);
	expect(r, 0, 48, 49);
	expect_none(r, 0);
	expect_none(r, 1);
	free(r);
}

static uint64_t even(uint64_t item)
{
	(void)item;
	return 100;
}

static uint64_t rising(uint64_t item)
{
	return item + 1;
}

static uint64_t falling(uint64_t item)
{
	return 400 - item;
}

/* Returns when the last of two workers ends if items take as long as `cost` says, and dealing out takes no time. */
static uint64_t end_of_work(enum schedule_kind schedule, uint64_t items, uint64_t chunk,
			    uint64_t (*cost)(uint64_t item))
{
	struct ranges *r = make(schedule, items, chunk, 2);
	uint64_t now[2] = { 0, 0 };
	struct range range;
	unsigned worker = 0;

	while (ranges_take(r, worker, &range)) {
		for (uint64_t item = range.first; item < range.end; item++)
			now[worker] += cost(item);
		worker = now[1] < now[0];
	}
	free(r);
	return now[0] > now[1] ? now[0] : now[1];
}

/* Uses the preset chunk, a fourth of a worker's share. */
static void stealing_balances(void **state)
{
	uint64_t half = 400 * 401 / 4; /* of rising and of falling work */

	assert_int_equal(end_of_work(SCHEDULE_STEAL, 400, 50, even), 200 * 100);
	assert_true(end_of_work(SCHEDULE_STEAL, 400, 50, rising) <= half * 101 / 100);
	assert_true(end_of_work(SCHEDULE_DYNAMIC, 400, 50, rising) > half * 105 / 100);
	assert_true(end_of_work(SCHEDULE_STEAL, 400, 50, falling) <= half * 101 / 100);
	assert_true(end_of_work(SCHEDULE_STEAL, 400, 400, rising) < end_of_work(SCHEDULE_DYNAMIC, 400, 400, rising));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_once),
		cmocka_unit_test(static_is_round_robin),
		cmocka_unit_test(guided_shrinks),
		cmocka_unit_test(thief_takes_half),
		cmocka_unit_test(stealing_balances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
