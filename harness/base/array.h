/* An array on the heap that grows. */
#ifndef BENCH_BASE_ARRAY_H
#define BENCH_BASE_ARRAY_H

#include <stddef.h>

/* Makes room for one more behind the `count` elements of `size` bytes that an array has: where `*capacity` is used up
 * it is doubled. Returns the array, which may have moved; NULL without memory: then the old one is as it was. */
void *array_with_room(void *array, size_t count, size_t *capacity, size_t size);

#endif
