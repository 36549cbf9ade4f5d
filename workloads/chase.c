/* A pointer chase: each hop waits for the one before, so an item takes its number of hops times the latency of
 * memory, including what misses of the address translation cost.
 *
 * One cycle in random order goes through all of the memory, with one node in each cache line, so that no
 * prefetcher can guess the next node. Each item starts where the item before it stops: so all of the memory is
 * walked before any of it comes again, and no item finds its nodes in a cache that is smaller than the memory.
 * The nodes are first touched by the process that opens the workload, so they lie on its NUMA node. */
#include "workloads/parts/noise.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdlib.h>

#define NODE_BYTES 64 /* a line of the cache */

struct node {
	_Alignas(NODE_BYTES) const struct node *next;
};

struct chase {
	struct node *nodes;
	uint32_t *order; /* the numbers of the nodes in the order of the cycle */
	uint64_t count, hops;
};

/* What an item's output says: the numbers of two nodes. */
struct answer {
	uint64_t from, to;
};

enum { SIZE, HOPS };

static const struct param params[] = {
	[SIZE] = { "size", "67108864", "bytes", "64 to 1073741824, a multiple of 64", "memory that is walked" },
	[HOPS] = { "hops", "25000", NULL, "1 to 1000000000", "loads of an item" },
	{ 0 },
};

static void chase_close(void *data)
{
	struct chase *c = data;

	if (!c)
		return;
	free(c->nodes);
	free(c->order);
	free(c);
}

static int parse(struct chase *c, const char *const *values, struct workload_state *state)
{
	uint64_t size;
	int error = value_whole(state, "size", values[SIZE], NODE_BYTES, (uint64_t)1 << 30, &size);

	if (!error && size % NODE_BYTES)
		error = refuse(state, -EINVAL, "size must be a multiple of %d, not '%s'", NODE_BYTES, values[SIZE]);
	if (!error)
		error = value_whole(state, "hops", values[HOPS], 1, 1000000000, &c->hops);
	c->count = size / NODE_BYTES;
	return error;
}

/* Shuffles the nodes by Fisher and Yates' method (Knuth, The Art of Computer Programming 2, algorithm 3.4.2P)
 * and closes them to a cycle. All cycles are equally probable, as by Sattolo's method, and `order` is left for
 * checking the answers. */
static void link_nodes(struct chase *c)
{
	uint64_t random = 1;

	for (uint32_t i = 0; i < c->count; i++) {
		uint64_t other = noise_below(&random, i + 1);

		c->order[i] = c->order[other];
		c->order[other] = i;
	}
	for (uint64_t i = 0; i < c->count; i++)
		c->nodes[c->order[i]].next = c->nodes + c->order[(i + 1) % c->count];
}

static int make_cycle(struct chase *c, struct workload_state *state)
{
	c->nodes = aligned_alloc(NODE_BYTES, c->count * sizeof(*c->nodes));
	c->order = malloc(c->count * sizeof(*c->order));
	if (!c->nodes || !c->order)
		return refuse(state, -ENOMEM, "no memory for %zu bytes", c->count * sizeof(*c->nodes));
	link_nodes(c);
	return 0;
}

static int chase_open(const struct workload_options *options, struct workload_state *state)
{
	struct chase *c = calloc(1, sizeof(*c));
	int error;

	if (!c)
		return refuse(state, -ENOMEM, "no memory");
	error = parse(c, options->values, state);
	if (!error)
		error = make_cycle(c, state);
	if (error) {
		chase_close(c);
		return error;
	}
	*state = (struct workload_state){
		.data = c,
		.items = options->items ? options->items : 64,
		.output_max = sizeof(struct answer),
	};
	return 0;
}

/* Returns the place in the cycle where an item starts. Items that walk the whole cycle may start side by side. */
static uint64_t place(const struct chase *c, uint64_t item)
{
	uint64_t apart = c->hops < c->count ? c->hops : 1;

	return (uint64_t)((unsigned __int128)item * apart % c->count);
}

static int chase_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct chase *c = data;
	struct answer answer = { .from = c->order[place(c, item)] };
	const struct node *at = c->nodes + answer.from;

	(void)in;
	for (uint64_t left = c->hops; left; left--)
		at = at->next;
	answer.to = (uint64_t)(at - c->nodes);
	memcpy(out->data, &answer, sizeof(answer));
	out->size = sizeof(answer);
	return 0;
}

static int chase_check(const void *data, uint64_t item, struct bytes out)
{
	const struct chase *c = data;
	uint64_t from = place(c, item);
	struct answer known = { .from = c->order[from], .to = c->order[(from + c->hops) % c->count] };

	return out.size == sizeof(known) && memcmp(out.data, &known, sizeof(known)) == 0 ? 0 : -EBADMSG;
}

const struct workload workload_chase = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "chase",
	.summary = "a pointer chase in random order: memory latency",
	.item = "walk",
	.params = params,
	.open = chase_open,
	.work = chase_work,
	.check = chase_check,
	.close = chase_close,
};
