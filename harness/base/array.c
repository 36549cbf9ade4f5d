#include "base/array.h"

#include <stdlib.h>

#define FIRST_CAPACITY 16

void *array_with_room(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t larger = *capacity ? 2 * *capacity : FIRST_CAPACITY;
	void *moved;

	if (count < *capacity)
		return array;
	moved = reallocarray(array, larger, size);
	if (moved)
		*capacity = larger;
	return moved;
}
