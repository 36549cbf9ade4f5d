#include "run/crew/submissions.h"

#include "base/futex.h"

#define OWNER_BITS 16
#define OWNER_MASK ((UINT64_C(1) << OWNER_BITS) - 1)
#define SLEEP_MS 1000 /* after which a worker looks again */

static struct submission *entry_of(const struct submissions *s, uint64_t number)
{
	return (struct submission *)&s->entry[number % SUBMISSIONS];
}

static struct range range_of(const struct submission *e)
{
	return (struct range){
		atomic_load_explicit(&e->first, memory_order_relaxed),
		atomic_load_explicit(&e->end, memory_order_relaxed),
	};
}

void submissions_reset(struct submissions *s)
{
	atomic_store(&s->next, 0);
	atomic_store(&s->limit, 0);
	atomic_store(&s->closed, false);
	atomic_store(&s->sleepers, 0); /* a worker that was killed may have counted itself */
	for (uint64_t i = 0; i < SUBMISSIONS; i++)
		atomic_store(&s->entry[i].tag, UINT64_MAX); /* a number that no entry has */
}

static struct taken taken_of(const struct submission *e, uint64_t tag)
{
	if (tag == UINT64_MAX)
		return (struct taken){ .owner = OWNER_NONE };
	return (struct taken){ tag >> OWNER_BITS, tag & OWNER_MASK, range_of(e) };
}

bool submissions_add(struct submissions *s, struct range range, struct taken *gone)
{
	uint64_t number = atomic_load_explicit(&s->limit, memory_order_relaxed);
	struct submission *e = entry_of(s, number);
	uint64_t tag = atomic_load_explicit(&e->tag, memory_order_acquire);

	*gone = taken_of(e, tag);
	if (tag != UINT64_MAX && gone->owner == OWNER_NONE)
		return false;
	atomic_store_explicit(&e->first, range.first, memory_order_relaxed);
	atomic_store_explicit(&e->end, range.end, memory_order_relaxed);
	atomic_store_explicit(&e->tag, number << OWNER_BITS, memory_order_release);
	atomic_store(&s->limit, number + 1);
	return true;
}

void submissions_wake(struct submissions *s)
{
	if (atomic_load(&s->sleepers) == 0)
		return;
	atomic_fetch_add(&s->bell, 1);
	futex_wake(&s->bell, INT_MAX);
}

void submissions_close(struct submissions *s)
{
	atomic_store(&s->closed, true);
	submissions_wake(s);
}

/* The tag contains the entry's number, so the exchange succeeds only for the entry whose range was read. A worker that
 * finds an entry taken moves `next` on for the taker, which may have died before it did so itself. */
bool submissions_take(struct submissions *s, unsigned worker, struct range *range)
{
	uint64_t number = atomic_load_explicit(&s->next, memory_order_acquire);

	while (number < atomic_load_explicit(&s->limit, memory_order_acquire)) {
		struct submission *e = entry_of(s, number);
		uint64_t tag = number << OWNER_BITS, next = number;
		bool taken;

		*range = range_of(e);
		taken = atomic_compare_exchange_strong_explicit(&e->tag, &tag, tag | (worker + 1), memory_order_acq_rel,
								memory_order_acquire);
		if (atomic_compare_exchange_strong(&s->next, &next, number + 1))
			next = number + 1;
		if (taken)
			return true;
		number = next;
	}
	return false;
}

static bool is_empty(const struct submissions *s)
{
	return atomic_load(&s->next) >= atomic_load(&s->limit);
}

bool submissions_wait(struct submissions *s)
{
	uint32_t seen = atomic_load(&s->bell);

	atomic_fetch_add(&s->sleepers, 1);
	if (is_empty(s) && !atomic_load(&s->closed))
		futex_wait(&s->bell, seen, SLEEP_MS);
	atomic_fetch_sub(&s->sleepers, 1);
	return !is_empty(s) || !atomic_load(&s->closed);
}

struct taken submissions_look(const struct submissions *s, unsigned index)
{
	return taken_of(&s->entry[index], atomic_load(&s->entry[index].tag));
}

uint64_t submissions_next(struct submissions *s)
{
	uint64_t next = atomic_load(&s->next);

	/* the worker that took the entry at `next` may have died before it moved `next` on */
	while (next < atomic_load(&s->limit) && (atomic_load(&entry_of(s, next)->tag) & OWNER_MASK) != OWNER_NONE)
		if (atomic_compare_exchange_strong(&s->next, &next, next + 1))
			next++;
	return next;
}
