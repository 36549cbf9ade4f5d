/* A dictionary of numbers and a list: what a manager keeps, in any memory, shared or not.
 *
 * It has no lock: its owner sees to it that one at a time calls. All of it lies in one piece of memory
 * without pointers, so that processes can share it. */
#ifndef BENCH_WORKLOADS_PARTS_BOOK_H
#define BENCH_WORKLOADS_PARTS_BOOK_H

#include <stddef.h>
#include <stdint.h>

struct book;

/* What can be asked of a book as a whole. The sums do not depend on the order of the calls before. */
enum total {
	TOTAL_VALUES,     /* sum of the dictionary's values */
	TOTAL_DICTIONARY, /* sum over book_trace(key, value) */
	TOTAL_LENGTH,     /* of the list */
	TOTAL_LIST,       /* sum over book_trace(entry, 1) */
	TOTAL_COUNT,
};

/* Bytes that a book takes: at most `keys` keys and `entries` of the list. */
size_t book_size(uint64_t keys, uint64_t entries);

/* Lays an empty one out in zeroed memory of that size. */
void book_init(struct book *book, uint64_t keys, uint64_t entries);

/* d[key] += 1, from 0 where there is no such key yet. Returns 0 and the new value, or -ENOSPC. */
int book_update(struct book *book, uint64_t key, uint64_t *value);

/* list.append(entry). Returns 0 and the new length, or -ENOSPC. */
int book_append(struct book *book, uint64_t entry, uint64_t *length);

uint64_t book_total(const struct book *book, enum total total);

/* Makes it empty. */
void book_reset(struct book *book);

/* What one key and its value, or one entry, add to the sums. */
uint64_t book_trace(uint64_t key, uint64_t value);

#endif
