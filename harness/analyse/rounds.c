#include "analyse/rounds.h"

#include <errno.h>
#include <stdlib.h>

static bool eligible(const struct sample *sample, enum rounds_kind kind)
{
	return !sample->warmup && sample->probed == (kind == ROUNDS_PROBED);
}

static size_t undisturbed(const struct run_cell *cell, enum rounds_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->sample_count; i++)
		count += eligible(&cell->samples[i], kind) && !cell->samples[i].disturbed;
	return count;
}

int rounds_init(struct rounds *rounds, const struct run_cell *cell, enum rounds_kind kind)
{
	bool keep = undisturbed(cell, kind) < ROUNDS_UNDISTURBED;

	*rounds = (struct rounds){ .cell = cell };
	if (cell->status == CELL_FAILED || !cell->sample_count)
		return 0;
	rounds->round = calloc(cell->sample_count, sizeof(struct sample *));
	rounds->values = calloc(cell->sample_count, sizeof(*rounds->values));
	if (!rounds->round || !rounds->values) {
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
		if (known)
			rounds->values[count++] = values_median(own, known);
	}
	return count;
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
