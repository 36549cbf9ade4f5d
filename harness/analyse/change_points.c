#include "analyse/change_points.h"

#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PERMUTATIONS 999
#define ROUNDING 1e-9 /* a divergence that differs by less, as sums in another order do, counts as equal */

struct best_split {
	size_t at;
	double divergence; /* Q */
};

struct finder {
	const double *values;
	size_t count;
	const struct change_search *search;
	double *shuffled;             /* room for two windows */
	double *within, *right;       /* sums of distances; room for a window and one more */
	double *inverse;              /* 1 / i for i up to two windows, since dividing took most of the time */
	struct change_point *changes; /* room for as many as there are values */
	size_t found;
};

/* Returns Q, from the sums of the distances between X and Y, within X and within Y. */
static double divergence(const double *inverse, double between, double in_x, double in_y, size_t n, size_t m)
{
	in_x *= (double)m * inverse[n - 1];
	in_y *= (double)n * inverse[m - 1];
	return 2 * inverse[n + m] * (between - in_x - in_y);
}

/* Makes right[k] the sum of the distances within z[t..k), from the sums within z[t + 1..k). */
static void extend_left(double *right, const double *z, size_t t, size_t count)
{
	double sum = 0; /* of the distances from z[t] to z[t + 1..k) */

	for (size_t k = t + 2; k <= count; k++) {
		sum += fabs(z[t] - z[k - 1]);
		right[k] += sum;
	}
}

/* Returns the best split, of equal ones the first. Computing all of them takes two passes over the pairs of values. */
static struct best_split best_split(const struct finder *finder, const double *z, size_t count)
{
	struct best_split best = { 0, -INFINITY };
	double *within = finder->within, *right = finder->right, *inverse = finder->inverse;

	memset(within, 0, (count + 1) * sizeof(*within));
	for (size_t t = count; t-- > 0;)
		extend_left(within, z, t, count);
	memset(right, 0, (count + 1) * sizeof(*right));
	for (size_t t = count; t-- > CHANGE_LEAST;) {
		extend_left(right, z, t, count);
		for (size_t k = t + CHANGE_LEAST; k <= count; k++) {
			double q = divergence(inverse, within[k] - within[t] - right[k], within[t], right[k], t, k - t);

			if (q >= best.divergence)
				best = (struct best_split){ t, q };
		}
	}
	return best;
}

static double sum_within(const double *z, size_t count)
{
	double sum = 0;

	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			sum += fabs(z[i] - z[j]);
	return sum;
}

/* Measures the split at `at`, but leaves out what is the same in all permutations: the sum over all pairs. */
static struct best_split given_split(const struct finder *finder, const double *z, size_t count, size_t at)
{
	double in_x = sum_within(z, at), in_y = sum_within(z + at, count - at);

	return (struct best_split){ at, divergence(finder->inverse, -in_x - in_y, in_x, in_y, at, count - at) };
}

/* Returns how probable a divergence as large as `observed` is by chance. If the split was chosen to be the best (`at`
 * is 0), the best one of each permutation is chosen, too. Permuting ends as soon as the split cannot be significant
 * any more (Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991). */
static double chance(const struct finder *finder, const double *z, size_t count, size_t at, double observed)
{
	const double p = finder->search->p;
	const double permutations = fmax(PERMUTATIONS, ceil(1 / p) - 1),
		     most = floor(p * (permutations + 1) + ROUNDING);
	double as_extreme = 1, done = 1; /* the original order is one of the permutations */
	uint64_t random = count;

	memcpy(finder->shuffled, z, count * sizeof(*z));
	for (; done <= permutations && as_extreme <= most; done++) {
		struct best_split split;

		random_shuffle(finder->shuffled, count, sizeof(double), &random);
		split = at ? given_split(finder, finder->shuffled, count, at)
			   : best_split(finder, finder->shuffled, count);
		as_extreme += split.divergence >= observed - ROUNDING * fabs(observed);
	}
	return as_extreme / done;
}

static void keep(struct finder *finder, size_t at)
{
	size_t place = finder->found;

	while (place && finder->changes[place - 1].at > at)
		place--;
	if (place && finder->changes[place - 1].at == at)
		return; /* another window found it, too */
	memmove(&finder->changes[place + 1], &finder->changes[place],
		(finder->found++ - place) * sizeof(struct change_point));
	finder->changes[place] = (struct change_point){ .at = at };
}

/* Splits values[from..to), then its parts, as long as the splits are significant. */
static void split(struct finder *finder, size_t from, size_t to)
{
	const double *z = finder->values + from;
	struct best_split best;

	if (to - from < 2 * CHANGE_LEAST)
		return;
	best = best_split(finder, z, to - from);
	if (chance(finder, z, to - from, 0, best.divergence) > finder->search->p)
		return;
	keep(finder, from + best.at);
	split(finder, from, from + best.at);
	split(finder, from + best.at, to);
}

static void split_windows(struct finder *finder)
{
	const size_t window = finder->search->window;

	for (size_t from = 0, to = 0; to < finder->count;) {
		size_t last;

		to = finder->count - from > window ? from + window : finder->count;
		split(finder, from, to);
		last = finder->found ? finder->changes[finder->found - 1].at : 0;
		from = last > from + window / 2 ? last : from + window / 2;
	}
}

static double mean(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

/* Measures and tests a change point on the values between its neighbours. */
static void assess(struct finder *finder, size_t which)
{
	struct change_point *change = &finder->changes[which];
	const size_t window = finder->search->window, at = change->at;
	size_t from = which ? finder->changes[which - 1].at : 0;
	size_t to = which + 1 < finder->found ? finder->changes[which + 1].at : finder->count;

	change->before = mean(finder->values + from, at - from);
	change->after = mean(finder->values + at, to - at);
	change->p = 1;
	if (at - from < CHANGE_LEAST || to - at < CHANGE_LEAST)
		return;
	from = at - from > window ? at - window : from;
	to = to - at > window ? at + window : to;
	change->p = chance(finder, finder->values + from, to - from, at - from,
			   given_split(finder, finder->values + from, to - from, at - from).divergence);
}

static double magnitude(const struct change_point *change)
{
	return fabs(change->after - change->before) / fmin(fabs(change->before), fabs(change->after));
}

/* Returns the index of the change point to drop first; finder->found: there is none to drop. */
static size_t weakest(const struct finder *finder)
{
	const struct change_point *changes = finder->changes;
	size_t unlikely = 0, small = 0;

	for (size_t i = 1; i < finder->found; i++) {
		unlikely = changes[i].p > changes[unlikely].p ? i : unlikely;
		small = magnitude(&changes[i]) < magnitude(&changes[small]) ? i : small;
	}
	if (finder->found && changes[unlikely].p > finder->search->p)
		return unlikely;
	return finder->found && magnitude(&changes[small]) <= finder->search->magnitude ? small : finder->found;
}

static void merge(struct finder *finder)
{
	size_t gone;

	for (size_t i = 0; i < finder->found; i++)
		assess(finder, i);
	while ((gone = weakest(finder)) < finder->found) {
		finder->found--;
		memmove(&finder->changes[gone], &finder->changes[gone + 1],
			(finder->found - gone) * sizeof(struct change_point));
		if (gone)
			assess(finder, gone - 1);
		if (gone < finder->found)
			assess(finder, gone);
	}
}

int change_points_find(struct change_point **changes, size_t *found, const double *values, size_t count,
		       const struct change_search *search)
{
	struct finder finder = { .values = values, .count = count, .search = search };
	size_t window = search->window;
	int err = -ENOMEM;

	*changes = NULL;
	*found = 0;
	if (count < 2 * CHANGE_LEAST)
		return 0;
	finder.changes = calloc(count, sizeof(*finder.changes));
	finder.shuffled = calloc(6 * (window + 1), sizeof(*finder.shuffled));
	if (!finder.changes || !finder.shuffled)
		goto out;
	finder.within = finder.shuffled + 2 * (window + 1);
	finder.right = finder.within + window + 1;
	finder.inverse = finder.right + window + 1;
	for (size_t i = 1; i <= 2 * window; i++)
		finder.inverse[i] = 1 / (double)i;
	split_windows(&finder);
	merge(&finder);
	*found = finder.found;
	if (finder.found) {
		*changes = finder.changes;
		finder.changes = NULL;
	}
	err = 0;
out:
	free(finder.shuffled);
	free(finder.changes);
	return err;
}

double change_point_size(const struct change_point *change)
{
	return change->after / change->before - 1;
}
