#include "run/crew/futures.h"

#include "base/array.h"
#include "base/clock.h"
#include "run/crew/latencies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum state { PENDING, OUT, DONE, FAILED, CANCELLED, EXPIRED, STATES };

/* A result that waits for its turn. */
struct held {
	void *data; /* NULL: empty, or handed on */
	size_t size;
};

/* Items of lost workers that are to be handed out again. */
struct again {
	uint64_t *item;
	size_t count, capacity;
};

struct futures {
	const struct call *call;
	const struct calling *calling;
	const struct round *round;
	uint64_t items, in_flight;
	bool hands_out;     /* false: workers take their items themselves, and futures are pending until they end */
	uint64_t next_out;  /* first item that was never handed out */
	uint64_t submitted; /* first item that the caller has not submitted */
	uint64_t next_on;   /* first item that was not handed on, if results are handed on in order */
	uint64_t counts[STATES];
	uint64_t handed_on, lost;
	uint64_t failed_item;
	int failed_error;
	struct again again;
	uint64_t held_count, held_bytes, held_most, held_most_bytes;
	uint64_t first_ns, last_ns;
	uint64_t now_ns; /* what now() has read */
	struct latencies latencies;
	uint8_t *state;
	uint16_t *owner;  /* the worker that has taken an item that is out, plus 1; NULL: nobody needs it */
	uint8_t *deaths;  /* how many workers were lost at an item; NULL: nobody needs it */
	struct held *held; /* NULL: results are handed on as they come */
};

/* Makes an array with an element for each future, if it is wanted. Returns false without memory. */
static bool make(void *array, uint64_t items, size_t size, bool wanted)
{
	void *made = wanted ? calloc(items, size) : NULL;

	memcpy(array, &made, sizeof(made));
	return made || !wanted;
}

struct futures *futures_create(const struct call *call, const struct calling *calling, uint64_t items)
{
	struct futures *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->call = call;
	f->calling = calling;
	f->items = items;
	f->hands_out = call_hands_out(call, calling);
	f->in_flight = call->blocks ? 1 : calling->in_flight ? calling->in_flight : UINT64_MAX;
	if (make(&f->state, f->items, sizeof(*f->state), true) &&
	    make(&f->owner, f->items, sizeof(*f->owner), calling->retry || calling->item_timeout_ns) &&
	    make(&f->deaths, f->items, sizeof(*f->deaths), calling->retry) &&
	    make(&f->held, f->items, sizeof(*f->held), call->ordered || !call->streams) &&
	    !latencies_init(&f->latencies, call->streams || call->submits ? items : 0))
		return f;
	futures_destroy(f);
	return NULL;
}

static void drop_held(struct futures *f)
{
	for (uint64_t i = 0; f->held && i < f->items; i++) {
		free(f->held[i].data);
		f->held[i] = (struct held){ 0 };
	}
}

void futures_destroy(struct futures *f)
{
	if (!f)
		return;
	drop_held(f);
	free(f->held);
	free(f->state);
	free(f->owner);
	free(f->deaths);
	free(f->again.item);
	latencies_release(&f->latencies);
	free(f);
}

void futures_begin(struct futures *f, const struct round *round)
{
	if (f->held_count)
		drop_held(f);
	memset(f->state, PENDING, f->items);
	if (f->deaths)
		memset(f->deaths, 0, f->items);
	memset(f->counts, 0, sizeof(f->counts));
	f->counts[PENDING] = f->items;
	f->round = round;
	f->next_out = f->next_on = f->handed_on = f->lost = f->again.count = 0;
	f->held_count = f->held_bytes = f->held_most = f->held_most_bytes = 0;
	f->first_ns = f->last_ns = 0;
	f->failed_error = 0;
	f->submitted = f->in_flight < f->items ? f->in_flight : f->items;
	latencies_begin(&f->latencies, round);
}

static void move_to(struct futures *f, uint64_t item, enum state state)
{
	f->counts[f->state[item]]--;
	f->counts[state]++;
	f->state[item] = (uint8_t)state;
}

/* ---- Clocks ---- */

/* The time, read at most once in a call from outside, which sets now_ns to 0. */
static uint64_t now(struct futures *f)
{
	if (!f->now_ns)
		f->now_ns = clock_ns();
	return f->now_ns;
}

/* Whether the caller can have any result once it is there, but takes them all at the end. */
static bool gives_futures(const struct futures *f)
{
	return f->call->submits && !f->call->streams;
}

/* From now on the caller can have this item's result. */
static void stamp_result(struct futures *f, uint64_t item)
{
	if (!f->first_ns)
		f->first_ns = now(f);
	if (latencies_has(&f->latencies, item))
		latencies_result(&f->latencies, item, f->round, now(f));
}

/* A caller whom the call or --in-flight holds back submits further items as soon as results let it. */
static void submit(struct futures *f)
{
	uint64_t back = f->call->streams && f->held ? f->next_on : f->items - f->counts[PENDING] - f->counts[OUT];

	for (; f->submitted < f->items && f->submitted - back < f->in_flight; f->submitted++)
		if (latencies_has(&f->latencies, f->submitted))
			latencies_submit(&f->latencies, f->submitted, now(f));
}

/* ---- Handing on ---- */

static void hand_on(struct futures *f, const struct result *result)
{
	const struct sink *sink = &f->round->sink;

	f->handed_on++;
	if (!gives_futures(f))
		stamp_result(f, result->item);
	if (sink->result)
		sink->result(sink->context, result);
}

static int hold(struct futures *f, const struct result *result)
{
	struct held *h = &f->held[result->item];

	if (result->output.size) {
		h->data = malloc(result->output.size);
		if (!h->data)
			return -ENOMEM;
		memcpy(h->data, result->output.data, result->output.size);
		h->size = result->output.size;
	}
	f->held_count++;
	f->held_bytes += h->size;
	f->held_most = f->held_count > f->held_most ? f->held_count : f->held_most;
	f->held_most_bytes = f->held_bytes > f->held_most_bytes ? f->held_bytes : f->held_most_bytes;
	return 0;
}

static void hand_held(struct futures *f, uint64_t item)
{
	struct held *h = &f->held[item];
	struct result result = { .item = item, .output = { h->data, h->size } };

	if (f->state[item] != DONE)
		return;
	hand_on(f, &result);
	f->held_count--;
	f->held_bytes -= h->size;
	free(h->data);
	*h = (struct held){ 0 };
}

/* Hands on the results that are ready, in order. */
static void hand_ready(struct futures *f)
{
	while (f->next_on < f->items && f->state[f->next_on] >= DONE)
		hand_held(f, f->next_on++);
}

void futures_finish(struct futures *f)
{
	f->now_ns = 0;
	if (f->held)
		hand_ready(f);
	f->last_ns = clock_ns();
}

/* ---- Ends ---- */

bool futures_are_cancelled(const struct futures *f)
{
	return f->calling->cancel_after && f->counts[DONE] + f->counts[FAILED] >= f->calling->cancel_after;
}

void futures_cancel(struct futures *f, struct range range)
{
	for (uint64_t i = range.first; i < range.end; i++)
		if (f->state[i] < DONE)
			move_to(f, i, CANCELLED);
}

/* Cancels the items that were never handed out, and those that were lost and not yet handed out again. */
static void cancel_rest(struct futures *f)
{
	futures_cancel(f, (struct range){ f->next_out, f->items });
	f->next_out = f->items;
	while (f->again.count) {
		uint64_t item = f->again.item[--f->again.count];

		futures_cancel(f, (struct range){ item, item + 1 });
	}
}

static void note_error(struct futures *f, const struct result *result)
{
	if (f->failed_error)
		return;
	f->failed_error = result->error;
	f->failed_item = result->item;
}

static int deliver(struct futures *f, const struct result *result)
{
	int err = 0;

	if (!f->held) {
		hand_on(f, result);
	} else if (f->call->streams && result->item == f->next_on) { /* its turn has come: it is not held */
		f->next_on++;
		hand_on(f, result);
		hand_ready(f);
	} else {
		err = hold(f, result);
		if (gives_futures(f))
			stamp_result(f, result->item);
	}
	return err;
}

static int end_future(struct futures *f, const struct result *result)
{
	move_to(f, result->item, result->error ? FAILED : DONE);
	if (result->error)
		note_error(f, result);
	if (futures_are_cancelled(f))
		cancel_rest(f);
	if (!result->error)
		return deliver(f, result);
	if (f->held && f->call->streams)
		hand_ready(f);
	return 0;
}

int futures_complete(struct futures *f, const struct result *result)
{
	enum state state = (enum state)f->state[result->item];
	int err;

	if (state == EXPIRED) /* nobody waits for it any more */
		return 1;
	if (state >= DONE || (state == PENDING && f->hands_out))
		return -EPROTO;
	f->now_ns = 0;
	err = end_future(f, result);
	submit(f);
	return err;
}

void futures_expire(struct futures *f, uint64_t item)
{
	if (item >= f->items || f->state[item] != OUT)
		return;
	f->now_ns = 0;
	move_to(f, item, EXPIRED);
	submit(f);
}

bool futures_has_expired(const struct futures *f, uint64_t item)
{
	return item < f->items && f->state[item] == EXPIRED;
}

bool futures_all_ended(const struct futures *f)
{
	return f->counts[PENDING] + f->counts[OUT] == 0;
}

/* ---- Handing out ---- */

/* How many items are in flight: those that are out, and those whose results wait for an earlier one. */
static uint64_t in_flight(const struct futures *f)
{
	return f->call->streams && f->held ? f->next_out - f->next_on : f->counts[OUT];
}

static void hand_out(struct futures *f, uint64_t item)
{
	move_to(f, item, OUT);
	if (f->owner)
		f->owner[item] = 0;
}

enum next futures_next(struct futures *f, uint64_t most, struct range *range)
{
	uint64_t flying;

	if (f->again.count) {
		uint64_t item = f->again.item[--f->again.count];

		hand_out(f, item);
		*range = (struct range){ item, item + 1 };
		return NEXT_RANGE;
	}
	if (f->next_out == f->items)
		return NEXT_END;
	flying = in_flight(f);
	if (flying >= f->in_flight)
		return NEXT_HOLD;
	most = most < f->in_flight - flying ? most : f->in_flight - flying;
	most = most < f->items - f->next_out ? most : f->items - f->next_out;
	*range = (struct range){ f->next_out, f->next_out + most };
	while (f->next_out < range->end)
		hand_out(f, f->next_out++);
	return NEXT_RANGE;
}

void futures_own(struct futures *f, struct range range, unsigned worker)
{
	for (uint64_t i = range.first; f->owner && i < range.end; i++)
		f->owner[i] = (uint16_t)(worker + 1);
}

static bool add_again(struct again *a, uint64_t item)
{
	uint64_t *items = array_with_room(a->item, a->count, &a->capacity, sizeof(*items));

	if (!items)
		return false; /* the item is not executed again, and the round ends by its deadline */
	a->item = items;
	a->item[a->count++] = item;
	return true;
}

uint64_t futures_lose(struct futures *f, unsigned worker)
{
	uint64_t lost = 0;

	for (uint64_t i = 0; f->owner && i < f->next_out; i++) {
		if (f->owner[i] != worker + 1 || f->state[i] != OUT || !add_again(&f->again, i))
			continue;
		move_to(f, i, PENDING);
		f->owner[i] = 0;
		lost++;
	}
	f->lost += lost;
	return lost;
}

unsigned futures_note_death(struct futures *f, uint64_t item)
{
	if (item >= f->items)
		return 0;
	if (f->state[item] != OUT || f->deaths[item] == UINT8_MAX)
		return f->deaths[item];
	return ++f->deaths[item];
}

/* ---- What is said of them ---- */

static void tell_holding(struct round *round, uint64_t first_ns, uint64_t last_ns, uint64_t held, uint64_t held_bytes)
{
	round_tell(round, "first_result_ns", "ns", first_ns - round->start_ns);
	round_tell(round, "last_result_ns", "ns", last_ns - round->start_ns);
	round_tell(round, "results_held", "1", held);
	round_tell(round, "results_held_bytes", "bytes", held_bytes);
}

static void tell_ends(const struct futures *f, struct round *round)
{
	const struct calling *c = f->calling;

	if (f->counts[FAILED])
		round_tell(round, "items_failed", MEASURE_INCIDENTS, f->counts[FAILED]);
	if (f->failed_error) {
		round_tell(round, "first_failed_item", "1", f->failed_item);
		round_tell(round, "first_failed_errno", "1", f->failed_error);
	}
	if (c->cancel_after)
		round_tell(round, "items_cancelled", "1", f->counts[CANCELLED]);
	if (c->item_timeout_ns)
		round_tell(round, "items_timed_out", MEASURE_INCIDENTS, f->counts[EXPIRED]);
	if (c->retry)
		round_tell(round, "items_again", MEASURE_INCIDENTS, f->lost);
}

void futures_tell(const struct futures *f, struct round *round)
{
	if (!f) {
		tell_holding(round, round->end_ns, round->end_ns, 0, 0);
		return;
	}
	round->without_result = f->counts[FAILED] + f->counts[CANCELLED] + f->counts[EXPIRED];
	round->was_lost = f->lost > 0;
	if (f->handed_on)
		tell_holding(round, f->first_ns, f->last_ns, f->held_most, f->held_most_bytes);
	latencies_tell(f->latencies.values_ns, f->latencies.count, round);
	tell_ends(f, round);
}
