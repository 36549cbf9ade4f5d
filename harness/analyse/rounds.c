#include "analyse/rounds.h"

#include <errno.h>
#include <stdlib.h>

static bool eligible(const struct sample *sample, enum rounds_kind kind)
{
	return !sample->warmup && sample->probed == (kind == ROUNDS_PROBED);
}

/* How many rounds there are, and in how many invocations; samples are in the order of these. */
struct extent {
	size_t rounds, invocations;
	const struct sample *last;
};

static void extend(struct extent *extent, const struct sample *sample)
{
	extent->rounds++;
	extent->invocations += !extent->last || extent->last->invocation != sample->invocation;
	extent->last = sample;
}

static bool keeps_disturbed(const struct run_cell *cell, enum rounds_kind kind)
{
	struct extent all = { .last = NULL }, undisturbed = { .last = NULL };

	for (size_t i = 0; i < cell->sample_count; i++) {
		const struct sample *sample = &cell->samples[i];

		if (!eligible(sample, kind))
			continue;
		extend(&all, sample);
		if (!sample->disturbed)
			extend(&undisturbed, sample);
	}
	return undisturbed.rounds < ROUNDS_UNDISTURBED ||
	       (undisturbed.invocations < INVOCATIONS_UNDISTURBED && undisturbed.invocations < all.invocations);
}

int rounds_init(struct rounds *rounds, const struct run_cell *cell, enum rounds_kind kind)
{
	bool keep = keeps_disturbed(cell, kind);

	*rounds = (struct rounds){ .cell = cell };
	if (cell->status == CELL_FAILED || !cell->sample_count)
		return 0;
	rounds->round = calloc(cell->sample_count, sizeof(struct sample *));
	rounds->values = calloc(cell->sample_count, sizeof(*rounds->values));
	rounds->invocation = calloc(cell->sample_count, sizeof(*rounds->invocation));
	if (!rounds->round || !rounds->values || !rounds->invocation) {
		rounds_release(rounds);
		return -ENOMEM;
	}
	for (size_t i = 0; i < cell->sample_count; i++) {
		const struct sample *sample = &cell->samples[i];

		if (!eligible(sample, kind) || (sample->disturbed && !keep))
			continue;
		rounds->disturbed |= sample->disturbed;
		rounds->round[rounds->count++] = sample;
	}
	return 0;
}

void rounds_release(struct rounds *rounds)
{
	free(rounds->round);
	free(rounds->values);
	free(rounds->invocation);
	*rounds = (struct rounds){ 0 };
}

/* Puts the known values of the rounds from `from` to before `to` into `values`. Returns how many there are. */
static size_t gather(const struct rounds *rounds, size_t from, size_t to, round_value *of, const void *context,
		     double *values)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		double value = of(rounds, rounds->round[i], context);

		if (!isnan(value))
			values[count++] = value;
	}
	return count;
}

size_t rounds_invocations(struct rounds *rounds, round_value *of, const void *context)
{
	size_t count = 0, next;

	/* Invocations never overlap, so in time order the rounds of an invocation stand together. */
	for (size_t first = 0; first < rounds->count; first = next) {
		double *own = rounds->values + count; /* not beyond `first`, as each invocation leaves one value */
		size_t known;

		for (next = first + 1; next < rounds->count; next++)
			if (rounds->round[next]->invocation != rounds->round[first]->invocation)
				break;
		known = gather(rounds, first, next, of, context, own);
		values_sort(own, known);
		if (!known)
			continue;
		rounds->invocation[count] = rounds->round[first]->invocation;
		rounds->values[count++] = values_median(own, known);
	}
	return count;
}

/* The generation of the invocation to which value `i` belongs; 0: none. */
static uint64_t generation_of(const struct rounds *rounds, size_t i)
{
	const struct run_cell *cell = rounds->cell;

	return rounds->invocation[i] < cell->invocation_count ?
		       cell->invocations[rounds->invocation[i]].generation :
		       0;
}

size_t rounds_ratios(struct rounds *above, round_value *of_above, struct rounds *below, round_value *of_below,
		     const void *context)
{
	size_t above_count = rounds_invocations(above, of_above, context), pairs = 0, k = 0;
	size_t below_count = rounds_invocations(below, of_below, context);

	for (size_t i = 0; i < below_count; i++) {
		uint64_t generation = generation_of(below, i);

		while (k < above_count && generation_of(above, k) < generation) /* in time order they only rise */
			k++;
		if (generation && k < above_count && generation_of(above, k) == generation)
			below->values[pairs++] = above->values[k] / below->values[i];
	}
	return pairs;
}

struct interval rounds_interval(struct rounds *rounds, round_value *of, const void *context)
{
	size_t count = rounds_invocations(rounds, of, context);

	values_sort(rounds->values, count);
	return values_interval(rounds->values, count);
}

double rounds_median(struct rounds *rounds, round_value *of, const void *context)
{
	size_t count = gather(rounds, 0, rounds->count, of, context, rounds->values);

	values_sort(rounds->values, count);
	return values_median(rounds->values, count);
}
