/* Does items of one workload in the calling process. For tests of what is particular to the workload. */
#ifndef BENCH_TESTS_ITEMS_H
#define BENCH_TESTS_ITEMS_H

#include "tests/unit/sandbox.h"

/* Does an item with `in` as its payload. Returns what work() returned, and its output in *out; out->data may be that of
 * an earlier item, and the caller frees it in the end. */
static inline int item_do_with(const struct workload *w, const struct workload_state *state, uint64_t item,
			       struct bytes in, struct buffer *out)
{
	out->size = 0;
	out->capacity = state->output_max;
	out->data = realloc(out->data, state->output_max + 1);
	assert_non_null(out->data);
	return w->work(state->data, item, in, out);
}

/* Does an item; it must succeed. */
static inline void item_do(const struct workload *w, const struct workload_state *state, uint64_t item,
			   struct buffer *out)
{
	struct bytes in = { 0 };

	if (w->input)
		assert_int_equal(w->input(state->data, item, &in), 0);
	assert_int_equal(item_do_with(w, state, item, in, out), 0);
	assert_true(out->size <= state->output_max);
}

/* Returns what check() says about an item's output. */
static inline int item_check(const struct workload *w, const struct workload_state *state, uint64_t item,
			     const struct buffer *out)
{
	return w->check(state->data, item, (struct bytes){ out->data, out->size });
}

/* Opens the workload with the options of the box and does one item. Returns its output; the caller frees the data. */
static inline struct buffer item_once(struct sandbox *box, const struct workload *w, uint64_t item)
{
	struct workload_state open;
	struct buffer out = { 0 };

	sandbox_open(box, w, &open);
	item_do(w, &open, item, &out);
	assert_int_equal(item_check(w, &open, item, &out), 0);
	w->close(open.data);
	return out;
}

static inline void items_equal(const struct buffer *a, const struct buffer *b)
{
	assert_int_equal(a->size, b->size);
	assert_memory_equal(a->data, b->data, a->size);
}

#endif
