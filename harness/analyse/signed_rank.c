#include "analyse/signed_rank.h"

#include "analyse/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static size_t walsh_count(size_t pairs)
{
	return pairs * (pairs + 1) / 2;
}

/* Each rank is in the sum or not, with equal chance. */
void signed_rank_law(size_t pairs, double *law)
{
	for (size_t w = 0; w <= walsh_count(pairs); w++)
		law[w] = w == 0;
	for (size_t rank = 1; rank <= pairs; rank++)
		for (size_t w = walsh_count(rank) + 1; w-- > 0;)
			law[w] = (law[w] + (w >= rank ? law[w - rank] : 0)) / 2;
}

long signed_rank_critical(size_t pairs, double alpha)
{
	double *law = calloc(walsh_count(pairs) + 1, sizeof(*law));
	long c = -1;

	if (law) {
		signed_rank_law(pairs, law);
		c = law_critical(law, walsh_count(pairs), alpha);
	}
	free(law);
	return c;
}

static void walsh_averages(const double *d, size_t pairs, double *averages)
{
	for (size_t i = 0; i < pairs; i++)
		for (size_t j = i; j < pairs; j++)
			*averages++ = (d[i] + d[j]) / 2;
}

int signed_rank_shift(const double *d, size_t pairs, double alpha_low, double alpha_high, struct shift *shift)
{
	size_t count = walsh_count(pairs);
	double *law = calloc(2 * count + 1, sizeof(*law)), *averages;
	long below, above;

	if (!law)
		return -ENOMEM;
	averages = law + count + 1;
	signed_rank_law(pairs, law);
	below = law_critical(law, count, alpha_low);
	above = law_critical(law, count, alpha_high);
	walsh_averages(d, pairs, averages);
	values_sort(averages, count);
	*shift = (struct shift){ values_median(averages, count), -INFINITY, INFINITY };
	if (below >= 0 && (size_t)below < count)
		shift->low = averages[below];
	if (above >= 0 && (size_t)above < count)
		shift->high = averages[count - 1 - (size_t)above];
	free(law);
	return 0;
}
