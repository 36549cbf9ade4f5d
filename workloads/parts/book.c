#include "workloads/parts/book.h"

#include "workloads/parts/random.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct place {
	uint64_t key, value; /* value 0: the place is free */
};

struct book {
	uint64_t keys, keys_max;
	uint64_t entries, entries_max;
	uint64_t mask;         /* number of places - 1 */
	struct place places[]; /* of a hash table with open addressing, at most half full; the list follows */
};

static uint64_t places_for(uint64_t keys)
{
	uint64_t places = 2;

	while (places < 2 * keys)
		places *= 2;
	return places;
}

static uint64_t *list_of(const struct book *b)
{
	return (uint64_t *)(b->places + b->mask + 1);
}

size_t book_size(uint64_t keys, uint64_t entries)
{
	return sizeof(struct book) + places_for(keys) * sizeof(struct place) + entries * sizeof(uint64_t);
}

void book_init(struct book *b, uint64_t keys, uint64_t entries)
{
	b->keys_max = keys;
	b->entries_max = entries;
	b->mask = places_for(keys) - 1;
}

int book_update(struct book *b, uint64_t key, uint64_t *value)
{
	uint64_t at = random_mix(key) & b->mask;

	while (b->places[at].value && b->places[at].key != key)
		at = (at + 1) & b->mask;
	if (b->places[at].value == 0) {
		if (b->keys == b->keys_max)
			return -ENOSPC;
		b->keys++;
		b->places[at].key = key;
	}
	*value = ++b->places[at].value;
	return 0;
}

int book_append(struct book *b, uint64_t entry, uint64_t *length)
{
	if (b->entries == b->entries_max)
		return -ENOSPC;
	list_of(b)[b->entries] = entry;
	*length = ++b->entries;
	return 0;
}

uint64_t book_summand(uint64_t key, uint64_t value)
{
	return random_mix(key ^ random_mix(value));
}

static uint64_t total_of_dictionary(const struct book *b, bool values)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i <= b->mask; i++) {
		const struct place *p = &b->places[i];

		if (p->value)
			sum += values ? p->value : book_summand(p->key, p->value);
	}
	return sum;
}

uint64_t book_total(const struct book *b, enum total total)
{
	uint64_t sum = 0;

	if (total == TOTAL_LENGTH)
		return b->entries;
	if (total != TOTAL_LIST)
		return total_of_dictionary(b, total == TOTAL_VALUES);
	for (uint64_t i = 0; i < b->entries; i++)
		sum += book_summand(list_of(b)[i], 1);
	return sum;
}

void book_reset(struct book *b)
{
	memset(b->places, 0, (b->mask + 1) * sizeof(*b->places));
	b->keys = b->entries = 0;
}
