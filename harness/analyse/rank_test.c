#include "analyse/rank_test.h"

#include "analyse/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* In how many of all orders of one stratum U has each value: those in which the i-th b from below has any number of
 * a above it, but no more than the b before had. */
static double orders_of(unsigned left, unsigned above_most, unsigned u)
{
	double orders = 0;

	if (!left)
		return u == 0;
	for (unsigned above = 0; above <= above_most && above <= u; above++)
		orders += orders_of(left - 1, above, u - above);
	return orders;
}

/* From the top down, so that what a place is the sum of is still as it was. */
static void add_stratum(double *law, size_t pairs, const double one[STRATUM_PAIRS + 1])
{
	for (size_t u = pairs + STRATUM_PAIRS + 1; u-- > 0;) {
		size_t least = u > pairs ? u - pairs : 0, most = u < STRATUM_PAIRS ? u : STRATUM_PAIRS;
		double sum = 0;

		for (size_t v = least; v <= most; v++)
			sum += one[v] * law[u - v];
		law[u] = sum;
	}
}

void rank_test_law(size_t strata, double *law)
{
	double one[STRATUM_PAIRS + 1], orders = 0;

	for (unsigned u = 0; u <= STRATUM_PAIRS; u++)
		orders += one[u] = orders_of(STRATUM_SIDE, STRATUM_SIDE, u);
	for (unsigned u = 0; u <= STRATUM_PAIRS; u++)
		one[u] /= orders;
	law[0] = 1;
	for (size_t done = 0; done < strata; done++)
		add_stratum(law, STRATUM_PAIRS * done, one);
}

static long critical_of(const double *law, size_t pairs, double alpha)
{
	double chance = 0;
	long c = -1;

	for (size_t u = 0; u <= pairs; u++) {
		chance += law[u];
		if (chance > alpha)
			break;
		c = (long)u;
	}
	return c;
}

long rank_test_critical(size_t strata, double alpha)
{
	double *law = calloc(STRATUM_PAIRS * strata + 1, sizeof(*law));
	long c = -1;

	if (law) {
		rank_test_law(strata, law);
		c = critical_of(law, STRATUM_PAIRS * strata, alpha);
	}
	free(law);
	return c;
}

static void differences_of(const struct stratum *strata, size_t count, double *d)
{
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < STRATUM_SIDE; i++)
			for (size_t j = 0; j < STRATUM_SIDE; j++)
				*d++ = strata[s].b[i] - strata[s].a[j];
}

int rank_test_shift(const struct stratum *strata, size_t count, double alpha, struct shift *shift)
{
	size_t pairs = STRATUM_PAIRS * count;
	double *law = calloc(2 * pairs + 1, sizeof(*law)), *d = law + pairs + 1;
	long k;

	if (!law)
		return -ENOMEM;
	rank_test_law(count, law);
	k = critical_of(law, pairs, alpha);
	differences_of(strata, count, d);
	values_sort(d, pairs);
	*shift = (struct shift){ values_median(d, pairs), -INFINITY, INFINITY };
	if (k >= 0 && (size_t)k < pairs) {
		shift->low = d[k];
		shift->high = d[pairs - 1 - (size_t)k];
	}
	free(law);
	return 0;
}
