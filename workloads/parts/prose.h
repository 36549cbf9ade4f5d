/* Generated text, for what works on text: words of an invented language, as often as words are used
 * (Zipf's law), in sentences and paragraphs. Compressors find in it about what they find in English. */
#ifndef BENCH_WORKLOADS_PARTS_PROSE_H
#define BENCH_WORKLOADS_PARTS_PROSE_H

#include <stddef.h>
#include <stdint.h>

/* Fills `text`; the same number and size give the same text on every machine. Returns 0 or -ENOMEM. */
int prose_write(uint32_t number, char *text, size_t size);

#endif
