/* A dictionary of numbers and a list of numbers, which a manager keeps for its clients.
 *
 * A book has no lock: its owner lets one caller in at a time. All of it lies in one piece of memory without
 * pointers, so that processes can share it. */
#ifndef BENCH_WORKLOADS_PARTS_BOOK_H
#define BENCH_WORKLOADS_PARTS_BOOK_H

#include <stddef.h>
#include <stdint.h>

struct book;

/* What book_total() computes. The totals do not depend on the order of the calls that filled the book. */
enum total {
	TOTAL_VALUES,     /* sum of the dictionary's values */
	TOTAL_DICTIONARY, /* sum of book_summand(key, value) over the dictionary */
	TOTAL_LENGTH,     /* length of the list */
	TOTAL_LIST,       /* sum of book_summand(entry, 1) over the list */
	TOTAL_COUNT,
};

/* Bytes that a book takes which has room for `keys` keys, and for `entries` entries of the list. */
size_t book_size(uint64_t keys, uint64_t entries);

/* Makes an empty book of zeroed memory of book_size() bytes. */
void book_init(struct book *book, uint64_t keys, uint64_t entries);

/* d[key] += 1; a new key starts at 0. Returns 0 and sets *value to the new value, or returns -ENOSPC. */
int book_update(struct book *book, uint64_t key, uint64_t *value);

/* list.append(entry). Returns 0 and sets *length to the new length, or returns -ENOSPC. */
int book_append(struct book *book, uint64_t entry, uint64_t *length);

uint64_t book_total(const struct book *book, enum total total);

/* Empties the book. */
void book_reset(struct book *book);

/* Returns what one key and its value, or one entry, add to the totals. */
uint64_t book_summand(uint64_t key, uint64_t value);

#endif
