#include "run/crew/account.h"

#include <string.h>

static uint64_t waited(const struct account *a)
{
	return a->waited_ns[PART_LOCK] + a->waited_ns[PART_STARVE];
}

static void add_waits(struct account *a)
{
	a->part_ns[PART_LOCK] += a->waited_ns[PART_LOCK];
	a->part_ns[PART_STARVE] += a->waited_ns[PART_STARVE];
	a->waited_ns[PART_LOCK] = a->waited_ns[PART_STARVE] = 0;
}

void account_take_waits(struct account *a)
{
	a->part_ns[PART_BODY] -= waited(a);
	add_waits(a);
}

void account_split(struct account *a)
{
	uint64_t grouped_ns = a->part_ns[PART_DISPATCH] - a->asked_ns - waited(a), left_ns = grouped_ns;
	int64_t sum_ns = 0;

	for (enum part part = 0; part < PART_COUNT; part++)
		if (a->sampled_ns[part] > 0)
			sum_ns += a->sampled_ns[part];
	a->part_ns[PART_DISPATCH] = a->asked_ns;
	add_waits(a);
	for (enum part part = 0; part < PART_COUNT && sum_ns; part++) {
		double share = a->sampled_ns[part] > 0 ? (double)a->sampled_ns[part] / (double)sum_ns : 0;
		uint64_t ns = (uint64_t)(share * (double)grouped_ns);

		ns = ns < left_ns ? ns : left_ns;
		a->part_ns[part] += ns;
		left_ns -= ns;
	}
	a->part_ns[PART_DISPATCH] += left_ns; /* the rest that rounding has left */
	a->asked_ns = a->part_ns[PART_DISPATCH]; /* a worker that follows in this slot must not divide it again */
	memset(a->sampled_ns, 0, sizeof(a->sampled_ns));
}
