#include "base/random.h"

static void swap(char *one, char *other, size_t size)
{
	for (size_t k = 0; k < size; k++) {
		char byte = one[k];

		one[k] = other[k];
		other[k] = byte;
	}
}

/* Fisher-Yates. */
void random_shuffle(void *items, size_t count, size_t size, uint64_t *state)
{
	char *bytes = items;

	for (size_t i = count; i > 1; i--)
		swap(bytes + (i - 1) * size, bytes + random_below(state, i) * size, size);
}
