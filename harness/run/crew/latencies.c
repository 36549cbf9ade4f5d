#include "run/crew/latencies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct percentile {
	const char *name;
	uint64_t thousandths;
} percentiles[] = {
	{ "item_latency_p50_ns", 500 },
	{ "item_latency_p99_ns", 990 },
	{ "item_latency_p999_ns", 999 },
};

static uint64_t groups(const struct latencies *l)
{
	return (l->items + (UINT64_C(1) << l->shift) - 1) >> l->shift;
}

/* Makes groups so large that there are at most so many. */
static void group(struct latencies *l, uint64_t most)
{
	for (l->shift = 0; groups(l) > most; l->shift++)
		;
}

int latencies_init(struct latencies *l, uint64_t items)
{
	*l = (struct latencies){ .items = items };
	if (!items)
		return 0;
	group(l, LATENCIES_MOST);
	l->submitted_ns = calloc(groups(l), sizeof(*l->submitted_ns));
	l->values_ns = calloc(groups(l), sizeof(*l->values_ns));
	return l->submitted_ns && l->values_ns ? 0 : -ENOMEM;
}

void latencies_release(struct latencies *l)
{
	free(l->submitted_ns);
	free(l->values_ns);
}

void latencies_begin(struct latencies *l, const struct round *round)
{
	l->count = 0;
	l->on = l->items && round->latencies;
	if (!l->on)
		return;
	group(l, round->latencies);
	l->seed = digest_mix(round->number);
	memset(l->submitted_ns, 0, groups(l) * sizeof(*l->submitted_ns));
}

void latencies_submit(struct latencies *l, uint64_t item, uint64_t now_ns)
{
	l->submitted_ns[item >> l->shift] = now_ns;
}

void latencies_result(struct latencies *l, uint64_t item, const struct round *round, uint64_t now_ns)
{
	uint64_t submitted_ns = l->submitted_ns[item >> l->shift];

	l->values_ns[l->count++] = now_ns - (submitted_ns ? submitted_ns : round->start_ns);
}

static int by_size(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

void latencies_tell(uint64_t *values_ns, size_t count, struct round *round)
{
	if (count)
		qsort(values_ns, count, sizeof(*values_ns), by_size);
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
		uint64_t share = percentiles[i].thousandths, rank = (count * share + 999) / 1000;

		if (count * (1000 - share) >= 1000)
			round_tell(round, percentiles[i].name, "ns", (double)values_ns[rank - 1]);
	}
}
