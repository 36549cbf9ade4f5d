/* Objects and a command for lockstep.py, of which one takes longer than another by a known ratio: by instructions, with
 * the same outputs. Built with
 *
 *     LABEL    a string that tells two builds of it apart
 *     ITEMS    how many items there are
 *     LOOPS    turns of an item, about 1.3 ns each
 *     SORTED   numbers that an item sorts instead; 0: it computes
 *     MORE     so many turns more where `part` is SLOW_PART
 *     RARE     so many turns more in one round of ten, as chance will have it
 *     TOUCHED  so many bytes of memory that an item touches
 *     COMMAND  it is a program
 */
#include <stdint.h>
#include <stdlib.h>

const char label[] = LABEL;

static uint64_t turn(uint64_t x, long turns)
{
	for (; turns > 0; turns--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

#define CACHE_LINE 64

static void touch(volatile char *memory)
{
	for (size_t i = 0; i < TOUCHED; i += CACHE_LINE)
		memory[i]++;
}

#ifdef COMMAND

int main(void)
{
	static volatile char memory[TOUCHED + 1];
	uint64_t sum = 0;

	for (int i = 0; i < ITEMS; i++) {
		touch(memory);
		sum += turn(88172645463325252u, LOOPS + MORE);
	}
	return sum == 1;
}

#else

#include "workloads/workload.h"

#include <string.h>
#include <unistd.h>

struct lockstep {
	int part;
	volatile char *memory; /* TOUCHED bytes */
};

static int lockstep_open(const struct workload_options *options, struct workload_state *state)
{
	struct lockstep *own = calloc(1, sizeof(*own));

	if (!own)
		return -1;
	own->part = atoi(options->values[0]);
	own->memory = calloc(TOUCHED + 1, 1);
	if (!own->memory) {
		free(own);
		return -1;
	}
	state->data = own;
	state->items = options->items ? options->items : ITEMS;
	state->output_max = sizeof(uint64_t);
	return 0;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t sorted(uint64_t x)
{
	static _Thread_local uint64_t numbers[SORTED + 1];

	for (int i = 0; i < SORTED; i++)
		numbers[i] = x = turn(x, 1);
	qsort(numbers, SORTED, sizeof(*numbers), ascending);
	return numbers[SORTED / 2];
}

/* Of the round that item 0 begins. */
static long rare_turns(uint64_t item)
{
	static _Thread_local uint64_t drawn;
	static _Thread_local long turns;

	if (RARE == 0)
		return 0;
	if (item == 0) {
		drawn = turn(drawn + (uint64_t)getpid() * 88172645463325253u, 20);
		turns = drawn % 10 == 0 ? RARE : 0;
	}
	return turns;
}

static int lockstep_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct lockstep *own = data;
	uint64_t x = 88172645463325252u + item, y;
	volatile uint64_t unused;

	(void)in;
	touch(own->memory);
	y = SORTED ? sorted(x) : turn(x, LOOPS);
	unused = turn(y, rare_turns(item) + (own->part == SLOW_PART ? MORE : 0));
	(void)unused;
	memcpy(out->data, &y, sizeof(y));
	out->size = sizeof(y);
	return 0;
}

static void lockstep_close(void *data)
{
	struct lockstep *own = data;

	free((void *)own->memory);
	free(own);
}

static const struct param params[] = {
	{ "part", "0", NULL, "0 to 9", "a part of the program", },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct workload workload_lockstep = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "lockstep",
	.summary = "takes as long as it is told",
	.item = "item",
	.params = params,
	.open = lockstep_open,
	.work = lockstep_work,
	.close = lockstep_close,
};

#endif
