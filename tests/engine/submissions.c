/* Submissions: every range that the parent adds is taken once, and the parent can tell by which worker. */
#include "run/crew/submissions.h"
#include "tests/test.h"

#include <pthread.h>

#define ITEMS 300000
#define THREADS 4

static struct submissions *make(void)
{
	struct submissions *s = aligned_alloc(128, sizeof(*s));

	assert_non_null(s);
	*s = (struct submissions){ 0 };
	submissions_reset(s);
	return s;
}

static void in_order(void **state)
{
	struct submissions *s = make();
	struct taken gone;
	struct range range;

	assert_false(submissions_take(s, 0, &range));
	for (uint64_t i = 0; i < SUBMISSIONS; i++)
		assert_true(submissions_add(s, (struct range){ i, i + 1 }, &gone));
	assert_false(submissions_add(s, (struct range){ 0, 1 }, &gone)); /* no room while nobody takes */
	assert_true(submissions_take(s, 6, &range));
	assert_int_equal(range.first, 0);
	assert_int_equal(submissions_next(s), 1);
	assert_true(submissions_add(s, (struct range){ 9, 11 }, &gone));
	assert_int_equal(gone.owner, 7);
	assert_int_equal(gone.number, 0);
	assert_int_equal(gone.range.end, 1);
	for (uint64_t i = 1; i < SUBMISSIONS; i++)
		assert_true(submissions_take(s, 0, &range));
	assert_true(submissions_take(s, 0, &range));
	assert_int_equal(range.first, 9);
	assert_int_equal(range.end, 11);
	assert_false(submissions_take(s, 0, &range));
	free(s);
}

/* A worker that dies right after it has taken an entry has not moved `next` on. */
static void dead_taker(void **state)
{
	struct submissions *s = make();
	struct taken gone;
	struct range range;

	for (uint64_t i = 0; i < 3; i++)
		submissions_add(s, (struct range){ i, i + 1 }, &gone);
	assert_true(submissions_take(s, 2, &range));
	atomic_store(&s->next, 0);
	assert_int_equal(submissions_next(s), 1);
	atomic_store(&s->next, 0);
	assert_true(submissions_take(s, 1, &range));
	assert_int_equal(range.first, 1);
	assert_int_equal(submissions_look(s, 0).owner, 3);
	assert_int_equal(submissions_look(s, 1).owner, 2);
	assert_int_equal(submissions_look(s, 2).owner, OWNER_NONE);
	free(s);
}

struct taker {
	struct submissions *s;
	_Atomic unsigned char *times;
	unsigned number;
};

static void *take_all(void *argument)
{
	struct taker *t = argument;
	struct range range;

	do {
		while (submissions_take(t->s, t->number, &range))
			for (uint64_t i = range.first; i < range.end; i++)
				atomic_fetch_add(&t->times[i], 1);
	} while (submissions_wait(t->s));
	return NULL;
}

static void many_takers(void **state)
{
	struct submissions *s = make();
	_Atomic unsigned char *times = calloc(ITEMS, 1);
	struct taker takers[THREADS];
	pthread_t threads[THREADS];
	struct taken gone;

	for (unsigned t = 0; t < THREADS; t++) {
		takers[t] = (struct taker){ s, times, t };
		assert_int_equal(pthread_create(&threads[t], NULL, take_all, &takers[t]), 0);
	}
	for (uint64_t i = 0; i < ITEMS;) {
		uint64_t end = i + i % 3 + 1 < ITEMS ? i + i % 3 + 1 : ITEMS;

		if (submissions_add(s, (struct range){ i, end }, &gone))
			i = end;
		submissions_wake(s);
	}
	submissions_close(s);
	for (unsigned t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	for (uint64_t i = 0; i < ITEMS; i++)
		assert_int_equal(times[i], 1);
	free((void *)times);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(dead_taker),
		cmocka_unit_test(many_takers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
