#include "run/account.h"

void account_split(struct account *a)
{
	uint64_t grouped_ns = a->part_ns[PART_DISPATCH] - a->asked_ns, left_ns = grouped_ns;
	int64_t sum_ns = 0;

	for (enum part part = 0; part < PART_COUNT; part++)
		if (a->sampled_ns[part] > 0)
			sum_ns += a->sampled_ns[part];
	if (sum_ns == 0)
		return;
	a->part_ns[PART_DISPATCH] = a->asked_ns;
	for (enum part part = 0; part < PART_COUNT; part++) {
		double share = a->sampled_ns[part] > 0 ? (double)a->sampled_ns[part] / (double)sum_ns : 0;
		uint64_t ns = (uint64_t)(share * (double)grouped_ns);

		ns = ns < left_ns ? ns : left_ns;
		a->part_ns[part] += ns;
		left_ns -= ns;
	}
	a->part_ns[PART_DISPATCH] += left_ns; /* what rounding left */
}
