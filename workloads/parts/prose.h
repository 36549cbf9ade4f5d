/* Generated text: sentences and paragraphs of an invented language, whose words are as frequent as words of a
 * real one (Zipf's law). It compresses about as well as English does. */
#ifndef BENCH_WORKLOADS_PARTS_PROSE_H
#define BENCH_WORKLOADS_PARTS_PROSE_H

#include <stddef.h>
#include <stdint.h>

/* Fills `text` with `size` bytes; the same number and size give the same text on every machine. Returns 0 or
 * -ENOMEM. */
int prose_write(uint32_t number, char *text, size_t size);

#endif
