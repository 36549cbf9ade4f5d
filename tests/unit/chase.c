/* The workload `chase`: its cycle goes through all nodes, and items walk different parts of it. */
#include "tests/unit/items.h"

extern const struct workload workload_chase;
static const struct workload *const chase = &workload_chase;

struct walk {
	uint64_t from, to;
};

static void open_cycle(struct sandbox *box, struct workload_state *open, const char *size, const char *hops)
{
	sandbox_init(box);
	sandbox_presets(box, chase);
	sandbox_set(box, chase, "size", size);
	sandbox_set(box, chase, "hops", hops);
	sandbox_open(box, chase, open);
}

static struct walk walk(const struct workload_state *open, uint64_t item)
{
	struct buffer out = { 0 };
	struct walk done;

	item_do(chase, open, item, &out);
	assert_int_equal(item_check(chase, open, item, &out), 0);
	memcpy(&done, out.data, sizeof(done));
	free(out.data);
	return done;
}

/* Items of one hop each start where the item before ended, and are back after as many items as there are nodes, not
 * earlier. */
static void goes_through_all_nodes(void **state)
{
	static const struct {
		const char *size;
		uint64_t nodes;
	} cases[] = { { "64", 1 }, { "128", 2 }, { "192", 3 }, { "65536", 1024 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool seen[1024] = { false };
		struct sandbox box;
		struct workload_state open;
		struct walk first, last;

		open_cycle(&box, &open, cases[i].size, "1");
		first = last = walk(&open, 0);
		for (uint64_t item = 0; item < cases[i].nodes; item++) {
			struct walk next = walk(&open, item);

			assert_true(next.from < cases[i].nodes && !seen[next.from]);
			assert_true(item == 0 || next.from == last.to);
			seen[next.from] = true;
			last = next;
		}
		assert_int_equal(last.to, first.from);
		chase->close(open.data);
		sandbox_release(&box);
	}
}

static void goes_on_where_others_stop(void **state)
{
	struct sandbox box;
	struct workload_state open;

	open_cycle(&box, &open, "65536", "100");
	for (uint64_t item = 0; item < 50; item++)
		assert_int_equal(walk(&open, item).to, walk(&open, item + 1).from);
	walk(&open, UINT64_MAX);
	chase->close(open.data);
	sandbox_release(&box);
}

/* Items go around once, and a hundred times and one hop. */
static void walks_more_than_the_cycle(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct walk one;

	open_cycle(&box, &open, "65536", "1024");
	for (uint64_t item = 0; item < 10; item++)
		assert_int_equal(walk(&open, item).to, walk(&open, item).from);
	assert_int_not_equal(walk(&open, 0).from, walk(&open, 1).from);
	chase->close(open.data);
	sandbox_release(&box);
	open_cycle(&box, &open, "65536", "1");
	one = walk(&open, 0);
	chase->close(open.data);
	sandbox_release(&box);
	open_cycle(&box, &open, "65536", "102401");
	assert_int_equal(walk(&open, 0).to, one.to);
	chase->close(open.data);
	sandbox_release(&box);
}

/* A prefetcher finds no stride to learn: hardly any node lies next to the one before it. */
static void is_in_random_order(void **state)
{
	struct sandbox box;
	struct workload_state open;
	int near = 0;

	open_cycle(&box, &open, "6400000", "1");
	for (uint64_t item = 0; item < 2000; item++) {
		struct walk one = walk(&open, item);

		near += one.to - one.from + 8 <= 16;
	}
	assert_in_range(near, 0, 5);
	chase->close(open.data);
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_through_all_nodes),
		cmocka_unit_test(goes_on_where_others_stop),
		cmocka_unit_test(walks_more_than_the_cycle),
		cmocka_unit_test(is_in_random_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
