#include "run/worker/internal.h"

#include "base/digest.h"
#include "base/random.h"
#include "run/wire/log.h"

#include <errno.h>
#include <string.h>

#define PROMPT_SIZE 4096 /* bytes of small results that are sent together where the parent waits for each result */

/* Whether arguments or an input are received for each item. */
static inline bool has_payload(const struct worker *w)
{
	return w->crew->has_input || (w->crew->call && w->crew->call->arguments);
}

/* Receives the item's arguments and finds or receives its input. */
static int get_input(struct worker *w, uint64_t item, struct bytes *in)
{
	int err = 0;

	if (w->in_one_process)
		return w->workload->input(w->data, item, in);
	if (w->crew->call && w->crew->call->arguments)
		err = messages_arguments(w, item);
	return err || !w->crew->has_input ? err : messages_input(w, item, in);
}

/* In the warm-up round, marks the item as executed and compares its output with a known answer. */
static int check_output(struct worker *w, uint64_t item)
{
	_Atomic uint8_t *mark = &arena_marks(w->arena)[item];

	if (atomic_load(mark) < 2)
		atomic_fetch_add(mark, 1);
	if (!w->workload->check)
		return 0;
	return w->workload->check(w->data, item, (struct bytes){ w->out.data, w->out.size });
}

/* Counts the item's output, and sends it to the parent if results travel. */
static inline int put_output(struct worker *w, uint64_t item)
{
	uint64_t digest = digest_item(arena_item(w->arena, item), w->out.data, w->out.size);
	int err;

	w->digest += digest;
	w->items++;
	if (item - w->arena->digest_first < w->arena->digest_count)
		arena_digests(w->arena)[item - w->arena->digest_first] = digest;
	if ((w->out.size == 0 && !w->answers) || w->in_one_process)
		return 0;
	w->slot->bytes_moved += w->out.size;
	if (!w->parent_counts) {
		w->slot->sent_items++;
		w->slot->sent_digest += digest;
	}
	err = messages_post(w, message_make(MESSAGE_RESULT, item, w->out.size), w->out.data);
	if (err || !w->answers || (w->arena->stamp_every > 1 && w->outbox_used < PROMPT_SIZE))
		return err;
	return messages_flush(w);
}

/* Reports an item's error: it goes to the item's future, or ends the round. Returns whether the worker goes on. */
static bool report_error(struct worker *w, uint64_t item, int err)
{
	bool can_go_on = w->keeps_errors && err != -EBADMSG && err != -EPIPE && err != -EPROTO;

	log_line(w->crew->log, LOG_INFO, w->index, 0, "item %llu failed: %s",
		 (unsigned long long)arena_item(w->arena, item), strerror(-err));
	if (can_go_on)
		err = messages_post(w, message_make(MESSAGE_ERROR, item, (uint64_t)-err), NULL);
	if (can_go_on && !err)
		return true;
	messages_fail(w, item, err);
	return false;
}

static inline int do_work(struct worker *w, uint64_t item, struct bytes in)
{
	int err = w->workload->work(w->data, item, in, &w->out);

	return !err && w->out.size > w->out.capacity ? -EOVERFLOW : err;
}

/* Executes an item without stamps: the stamped items represent it. */
static inline bool plain_item(struct worker *w, uint64_t item)
{
	struct bytes in = { NULL, 0 };
	int err = 0;

	atomic_store_explicit(&w->slot->item, item, memory_order_relaxed);
	w->out.size = 0;
	if (has_payload(w))
		err = get_input(w, item, &in);
	err = err ? err : do_work(w, item, in);
	if (!err && w->arena->warmup)
		err = check_output(w, item);
	err = err ? err : put_output(w, item);
	return err ? report_error(w, item, err) : true;
}

/* Calls work() between two readings of the kernel. The time in which it neither ran nor was runnable was stolen, unless
 * it slept. */
static int do_probed_work(struct worker *w, uint64_t item, struct bytes in)
{
	struct probe before = probe_begin(w), after;
	uint64_t from_ns = clock_ns(), work_ns;
	int err = do_work(w, item, in);

	work_ns = clock_ns() - from_ns - w->item_waited_ns;
	after = probe_end(w);
	w->probed_body_ns += work_ns;
	w->probed_cpu_ns += (int64_t)(after.cpu_ns - before.cpu_ns);
	w->probed_run_queue_ns += (int64_t)(after.run_queue_ns - before.run_queue_ns);
	if (after.voluntary_switches == before.voluntary_switches)
		w->probed_stolen_ns += (int64_t)work_ns - (int64_t)(after.cpu_ns - before.cpu_ns) -
				       (int64_t)(after.run_queue_ns - before.run_queue_ns);
	return err;
}

/* When a stamped item asked for its input, began its body and ended it. */
struct stamps {
	uint64_t asked_ns, body_ns, end_ns;
};

static void account_item(struct worker *w, const struct stamps *t, uint64_t from_ns)
{
	struct account *a = &w->slot->account;
	uint64_t cost_ns = w->arena->clock_cost_ns;

	if (w->arena->stamp_every == 1) {
		account_switch_at(a, PART_COPY, t->asked_ns);
		account_switch_at(a, PART_BODY, t->body_ns);
		account_switch_at(a, PART_DISPATCH, t->end_ns);
		w->stamped_body_ns += t->end_ns - t->body_ns - w->item_waited_ns;
		return;
	}
	account_sample(a, PART_DISPATCH, t->asked_ns - from_ns, cost_ns);
	if (has_payload(w))
		account_sample(a, PART_COPY, t->body_ns - t->asked_ns, cost_ns);
	account_sample(a, PART_BODY, t->end_ns - t->body_ns - w->item_waited_ns, cost_ns);
}

/* Counts and sends the output, and accounts for the time: as copying if there is an output, else as dispatch. */
static int put_output_stamped(struct worker *w, uint64_t item)
{
	struct account *a = &w->slot->account;
	enum part part = w->out.size || w->answers ? PART_COPY : PART_DISPATCH;
	uint64_t from_ns = clock_ns();
	int err;

	if (w->arena->stamp_every == 1)
		account_switch_at(a, part, from_ns);
	err = put_output(w, item);
	if (w->arena->stamp_every == 1)
		account_switch(a, PART_DISPATCH);
	else
		account_sample(a, part, clock_ns() - from_ns, w->arena->clock_cost_ns);
	return err;
}

static void keep_cost(struct worker *w, uint64_t item, uint64_t body_ns)
{
	uint64_t range = item >> w->cost_shift;

	w->range_items[range]++;
	if (w->index == 0) {
		arena_costs(w->arena)[range].body_ns += body_ns;
		arena_costs(w->arena)[range].items++;
	}
}

bool items_run_stamped(struct worker *w, uint64_t item, uint64_t from_ns)
{
	bool probed = w->arena->stamp_every == 1 && w->stamped++ % w->arena->cpu_every == 0;
	struct bytes in = { NULL, 0 };
	struct stamps t;
	int err = 0;

	atomic_store_explicit(&w->slot->item, item, memory_order_relaxed);
	w->out.size = 0;
	w->item_waited_ns = 0;
	t.asked_ns = t.body_ns = clock_ns();
	if (w->crew->log)
		log_line(w->crew->log, LOG_DEBUG, w->index, 0, "item %llu begins",
			 (unsigned long long)arena_item(w->arena, item));
	if (has_payload(w)) {
		err = get_input(w, item, &in);
		t.body_ns = clock_ns();
	}
	if (!err)
		err = probed ? do_probed_work(w, item, in) : do_work(w, item, in);
	t.end_ns = clock_ns();
	account_item(w, &t, from_ns);
	keep_cost(w, item, t.end_ns - t.body_ns - w->item_waited_ns);
	if (!err && w->arena->warmup)
		err = check_output(w, item);
	err = err ? err : put_output_stamped(w, item);
	if (w->crew->log)
		log_line(w->crew->log, LOG_DEBUG, w->index, 0, "item %llu ended",
			 (unsigned long long)arena_item(w->arena, item));
	return err ? report_error(w, item, err) : true;
}

/* Takes a range that the parent has submitted; sleeps until there is one. Returns false when there will be no more. */
static bool take_submitted(struct worker *w)
{
	struct account *a = &w->slot->account;
	bool more = true;

	while (more && !submissions_take(w->submissions, w->index, &w->range)) {
		uint64_t from_ns;

		atomic_store_explicit(&w->slot->item, ITEM_NONE, memory_order_relaxed); /* it waits, at no item */
		if (messages_flush(w) || atomic_load_explicit(&w->arena->abort, memory_order_relaxed))
			return false;
		if (w->arena->stamp_every == 1)
			account_switch(a, PART_STARVE);
		from_ns = clock_ns();
		more = submissions_wait(w->submissions);
		if (w->arena->stamp_every == 1)
			account_switch(a, PART_DISPATCH);
		else
			a->waited_ns[PART_STARVE] += clock_ns() - from_ns;
	}
	return more;
}

static bool take_next(struct worker *w)
{
	w->range = (struct range){ 0, 0 };
	if (w->submissions)
		return take_submitted(w);
	return (w->asks && !w->crew->transport->shared_ranges) || ranges_take(w->ranges, w->index, &w->range);
}

/* Makes sure that `range` holds the item that is executed next. Returns false when nothing is left, or when this worker
 * must leave the rest to another one. */
static inline bool take(struct worker *w)
{
	int err;

	if (w->items_left-- == 0) {
		w->items_left = 0;
		return false;
	}
	if (w->range.first < w->range.end)
		return true;
	if (atomic_load_explicit(&w->arena->abort, memory_order_relaxed) || !take_next(w)) {
		w->items_left++; /* it took none */
		return false;
	}
	if (!w->asks)
		return true;
	err = messages_ask(w, &w->range);
	if (err) {
		messages_fail(w, ITEM_NONE, err);
		return false;
	}
	if (w->range.first < w->range.end)
		return true;
	w->items_left++; /* it took none */
	return false;
}

/* Executes items of which every one carries its own stamps. */
static void run_exact(struct worker *w)
{
	while (take(w) && items_run_stamped(w, w->range.first, 0))
		w->range.first++;
}

/* Executes `n` items without stamps. Returns false when nothing is left, or an item has failed. */
static bool run_plain(struct worker *w, uint64_t n)
{
	for (; n; n--) {
		if (!take(w) || !plain_item(w, w->range.first))
			return false;
		w->range.first++;
	}
	return true;
}

/* As run_plain(), for items that have no payload and are not checked. The cost of a dispatch is all that they take, so
 * everything that does not change is kept in registers. */
static bool run_empty(struct worker *w, uint64_t n)
{
	int (*const work)(const void *, uint64_t, struct bytes, struct buffer *) = w->workload->work;
	const void *const data = w->data;
	struct slot *const slot = w->slot;
	const struct bytes in = { NULL, 0 };
	struct range range = w->range;
	uint64_t digest = 0, left = n;
	int err = 0;

	for (; left; left--) {
		if (range.first == range.end && (atomic_load_explicit(&w->arena->abort, memory_order_relaxed) ||
						 !ranges_take(w->ranges, w->index, &range)))
			break;
		atomic_store_explicit(&slot->item, range.first, memory_order_relaxed);
		err = work(data, range.first, in, &w->out);
		if (err)
			break;
		digest += digest_item(range.first++, NULL, 0);
	}
	w->digest += digest;
	w->items += n - left;
	w->range = range;
	if (err)
		messages_fail(w, range.first, err);
	return left == 0;
}

static bool is_empty(const struct worker *w)
{
	return !w->crew->talks && !w->crew->has_input && !w->arena->warmup && !w->arena->digest_count &&
	       !w->arena->picked_offset && w->out.capacity == 0;
}

static uint64_t measured_apart(const struct worker *w)
{
	return w->slot->account.asked_ns + w->slot->account.waited_ns[PART_STARVE];
}

/* Executes items in groups of `stamp_every`, of which one at a random place is stamped. */
static void run_grouped(struct worker *w)
{
	bool (*const run)(struct worker *w, uint64_t n) = is_empty(w) ? run_empty : run_plain;
	uint64_t group = w->arena->stamp_every, rest = 0;

	for (;;) {
		uint64_t place = random_below(&w->random, group), from_ns, asked_ns;

		if (!run(w, rest + place))
			return;
		rest = group - 1 - place;
		asked_ns = measured_apart(w);
		from_ns = clock_ns();
		if (!take(w))
			return;
		from_ns += measured_apart(w) - asked_ns;
		if (!items_run_stamped(w, w->range.first, from_ns))
			return;
		w->range.first++;
	}
}

/* Executes an item whose turn it is to be stamped, for worker_do(). */
static void stamp_in_turn(struct worker *w, uint64_t item)
{
	if (w->since_ns)
		items_run_stamped(w, item, w->since_ns);
	else
		plain_item(w, item);
	w->since_ns = 0;
	w->until_stamp = random_below(&w->random, 2 * w->arena->stamp_every) + 1; /* one in stamp_every, on average */
}

/* Executes one item as run_empty() does. */
static inline void empty_item(struct worker *w, uint64_t item)
{
	int err;

	atomic_store_explicit(&w->slot->item, item, memory_order_relaxed);
	err = w->workload->work(w->data, item, (struct bytes){ NULL, 0 }, &w->out);
	if (err)
		messages_fail(w, item, err);
	w->digest += digest_item(item, NULL, 0);
	w->items += err == 0;
}

void worker_do(struct worker *w, uint64_t item)
{
	if (atomic_load_explicit(&w->arena->abort, memory_order_relaxed))
		return;
	if (w->arena->stamp_every == 1) {
		items_run_stamped(w, item, 0);
		return;
	}
	if (w->until_stamp == 0) {
		stamp_in_turn(w, item);
		return;
	}
	if (is_empty(w))
		empty_item(w, item);
	else
		plain_item(w, item);
	if (--w->until_stamp == 0)
		w->since_ns = clock_ns();
}

uint64_t worker_do_range(struct worker *w, struct range range)
{
	bool (*const run)(struct worker *w, uint64_t n) = is_empty(w) ? run_empty : run_plain;
	uint64_t before = w->digest;

	w->range = range;
	run(w, range.end - range.first);
	return w->digest - before;
}

void items_run_one(struct worker *w, uint64_t item)
{
	int err = 0;

	w->range = (struct range){ item, item + 1 };
	if (w->asks && has_payload(w))
		err = messages_ask(w, &w->range);
	if (err)
		messages_fail(w, ITEM_NONE, err);
	else
		items_run_stamped(w, item, 0);
}

void items_run(struct worker *w)
{
	if (w->arena->stamp_every == 1)
		run_exact(w);
	else
		run_grouped(w);
}
