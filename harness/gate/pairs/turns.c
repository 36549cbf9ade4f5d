#include "gate/pairs/turns.h"

#include "base/random.h"
#include "run/crew/arena.h"

#include <string.h>

/* ---- Slices ---- */

uint32_t turns_cut(const double costs[COST_RANGES], uint64_t items, double slice_ns, uint64_t *cuts)
{
	unsigned shift = cost_shift(items);
	uint32_t slices = 0;
	double sum_ns = 0;

	cuts[0] = 0;
	for (uint64_t item = 0; item < items; item++) {
		double cost_ns = costs[item >> shift];

		if (item > cuts[slices] && sum_ns + cost_ns / 2 > slice_ns && slices + 2 < RING_MOST) {
			cuts[++slices] = item;
			sum_ns = 0;
		}
		sum_ns += cost_ns;
	}
	if (slices == 0 || sum_ns >= slice_ns / 2)
		slices++;
	cuts[slices] = items;
	return slices;
}

double turns_cost(const double costs[COST_RANGES], uint64_t items, uint64_t first, uint64_t end)
{
	unsigned shift = cost_shift(items);
	double sum_ns = 0;

	for (uint64_t item = first; item < end; item++)
		sum_ns += costs[item >> shift];
	return sum_ns;
}

/* ---- Turns ---- */

size_t turns_count(const struct turns *t)
{
	return (size_t)t->rounds * ((size_t)t->seats * t->slices + t->again_count);
}

uint32_t turns_rounds_most(uint32_t slices)
{
	uint32_t most = RING_MOST / ((RING_SEATS + 1) * slices);

	return most < UINT16_MAX ? most : UINT16_MAX; /* struct ring_turn */
}

/* The turns of one round that are being drawn. */
struct turn_drawing {
	const struct turns *t;
	uint64_t *random;
	const uint32_t *begin; /* first slice of each seat */
	uint16_t round;
	struct ring_turn *next; /* where the next turn is written */
};

static void add(struct turn_drawing *d, unsigned seat, uint32_t slice, bool again)
{
	*d->next++ = (struct ring_turn){ .slice = slice, .round = d->round, .seat = (uint8_t)seat, .again = again };
}

/* The slice that `seat` executes after `done` others of this round. */
static uint32_t slice_of(const struct turn_drawing *d, unsigned seat, uint32_t done)
{
	return (d->begin[seat] + done) % d->t->slices;
}

/* One slice of each seat after the other; those that are executed again lie anywhere in the round. */
static void draw_in_turn(struct turn_drawing *d)
{
	const struct turns *t = d->t;
	uint32_t again = 0;

	for (uint32_t done = 0; done < t->slices; done++) {
		struct ring_turn *group = d->next;

		for (unsigned seat = 0; seat < t->seats; seat++)
			add(d, seat, slice_of(d, seat, done), false);
		while (again < t->again_count &&
		       random_below(d->random, t->slices - done) < t->again_count - again)
			add(d, t->again_seat, t->again[again++], true);
		random_shuffle(group, (size_t)(d->next - group), sizeof(*group), d->random);
	}
}

static void draw_mixed(struct turn_drawing *d)
{
	const struct turns *t = d->t;
	uint32_t done[RING_SEATS] = { 0 };

	for (uint32_t left = t->seats * t->slices; left; left--) {
		size_t ball = random_below(d->random, left);
		unsigned seat = 0;

		while (ball >= t->slices - done[seat])
			ball -= t->slices - done[seat++];
		add(d, seat, slice_of(d, seat, done[seat]), false);
		done[seat]++;
	}
}

void turns_draw(const struct turns *t, uint64_t *random, struct ring_turn *drawn)
{
	uint32_t first = (uint32_t)random_below(random, t->slices), begin[RING_SEATS];
	struct turn_drawing d = { .t = t, .random = random, .begin = begin, .next = drawn };

	for (unsigned seat = 0; seat < t->seats; seat++)
		begin[seat] = (first + (uint32_t)((uint64_t)seat * t->slices / t->seats)) % t->slices;
	for (; d.round < t->rounds; d.round++) {
		if (t->mixed)
			draw_mixed(&d);
		else
			draw_in_turn(&d);
	}
}

uint32_t turns_draw_again(const double costs[COST_RANGES], const uint64_t *cuts, uint32_t slices, double share,
			  uint64_t *random, uint32_t *again)
{
	uint64_t items = cuts[slices];
	double left_ns = share * turns_cost(costs, items, 0, items);
	uint32_t count = 0;

	for (uint32_t s = 0; s < slices; s++)
		again[s] = s;
	while (count < slices) {
		uint32_t k = count + (uint32_t)random_below(random, slices - count), slice = again[k];

		left_ns -= turns_cost(costs, items, cuts[slice], cuts[slice + 1]);
		if (left_ns < 0)
			break;
		again[k] = again[count];
		again[count++] = slice;
	}
	return count;
}
