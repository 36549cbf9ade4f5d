#include "analyse/rank_test.h"

#include "analyse/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Counts the orders of one stratum in which U has the value `u`. In an order the i-th smallest b can have any number of
 * a above it, but no more than the b before it has: `left` more b have at most `above_most` each. */
static double orders_of(unsigned left, unsigned above_most, unsigned u)
{
	double orders = 0;

	if (!left)
		return u == 0;
	for (unsigned above = 0; above <= above_most && above <= u; above++)
		orders += orders_of(left - 1, above, u - above);
	return orders;
}

/* The generating function of the law is a power of that of one stratum, whose first coefficient is 1, so Euler's
 * recurrence yields it (Knuth, The Art of Computer Programming 2, section 4.7). The terms cancel more and more: the
 * lower half is right to 13 digits, and the upper half is its mirror image. The types are wide since P(U = 0) can be
 * too small for a double. */
void rank_test_law(size_t strata, double *law)
{
	const size_t pairs = STRATUM_PAIRS * strata;
	long double chances[STRATUM_PAIRS + 1] = { 0 }; /* P(U = u), P(U = u - 1), ... */
	double one[STRATUM_PAIRS + 1], orders = 0;

	for (unsigned v = 0; v <= STRATUM_PAIRS; v++)
		orders += one[v] = orders_of(STRATUM_SIDE, STRATUM_SIDE, v);
	chances[0] = powl(orders, -(long double)strata);
	law[0] = law[pairs] = (double)chances[0];
	for (size_t u = 1; u <= pairs / 2; u++) {
		long double sum = 0;

		memmove(chances + 1, chances, STRATUM_PAIRS * sizeof(*chances));
		for (size_t v = 1; v <= STRATUM_PAIRS; v++)
			sum += ((long double)(v * (strata + 1)) - (long double)u) * one[v] * chances[v];
		chances[0] = sum / (long double)u;
		law[u] = law[pairs - u] = (double)chances[0];
	}
}

long rank_test_critical(size_t strata, double alpha)
{
	double *law = calloc(STRATUM_PAIRS * strata + 1, sizeof(*law));
	long c = -1;

	if (law) {
		rank_test_law(strata, law);
		c = law_critical(law, STRATUM_PAIRS * strata, alpha);
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
	double *law = calloc(2 * pairs + 1, sizeof(*law)), *d;
	long k;

	if (!law)
		return -ENOMEM;
	d = law + pairs + 1;
	rank_test_law(count, law);
	k = law_critical(law, pairs, alpha);
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
