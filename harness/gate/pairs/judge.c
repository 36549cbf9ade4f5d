#include "gate/pairs/judge.h"

#include "analyse/signed_rank.h"
#include "analyse/verdict.h"
#include "gate/trials/control.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static double undisturbed_ratio(const struct gate_pair *pair, enum gate_side side)
{
	return log(pair->times[side].undisturbed_ns / pair->times[SIDE_A].undisturbed_ns);
}

/* ---- Cells ---- */

/* d of all pairs by undisturbed times, and then by means. The caller frees them. */
static double *ratios_of(const struct gate_cell *cell)
{
	double *d = calloc(2 * cell->pair_count + 1, sizeof(*d));

	for (size_t i = 0; d && i < cell->pair_count; i++) {
		const struct gate_pair *pair = &cell->pairs[i];

		d[i] = undisturbed_ratio(pair, SIDE_B);
		d[cell->pair_count + i] = log(pair->times[SIDE_B].mean_ns / pair->times[SIDE_A].mean_ns);
	}
	return d;
}

/* The level that so many pairs can reach. */
static double reached(size_t pairs, double level)
{
	return pairs < PAIRS_BOUNDED ? level : fmax(level, ldexp(1, -(int)pairs));
}

int pairs_measure(const struct gate *gate, struct gate_cell *cell, size_t cells)
{
	size_t count = cell->pair_count;
	double *d = ratios_of(cell), means_low = reached(count, MEANS_LEVEL / (double)cells);
	struct shift strict;
	int err = d ? verdict_pairs(d, count, cells, &strict) : -ENOMEM;

	cell->low_level = reached(count, LOOK_LEVEL / (double)cells);
	cell->high_level = reached(count, LOOK_LEVEL);
	err = err ? err : signed_rank_shift(d, count, cell->low_level, cell->high_level, &cell->slowdown);
	err = err ? err : signed_rank_shift(d + count, count, means_low, reached(count, MEANS_LEVEL), &cell->mean);
	free(d);
	if (err)
		return err;
	cell->measured = cell->tested = true;
	cell->trials_a_side = (unsigned)count;
	cell->smallest_shown = verdict_smallest_shown(&strict, gate->tolerance, gate->margin);
	cell->smallest_excluded = verdict_smallest_excluded(&cell->slowdown);
	return 0;
}

int pairs_look(const struct gate *gate, struct gate_cell *cell, size_t cells, bool last)
{
	size_t count = cell->pair_count;
	double *d = ratios_of(cell);
	struct shift undisturbed, mean;
	int err = d ? verdict_pairs(d, count, cells, &undisturbed) : -ENOMEM;

	err = err ? err : verdict_pair_means(d + count, count, cells, &mean);
	free(d);
	if (err)
		return err;
	cell->looks++;
	cell->verdict = verdict_of_pairs(&undisturbed, &mean, gate->tolerance, gate->margin, last, &cell->kind);
	if (cell->verdict != VERDICT_CANNOT_TELL)
		cell->reason[0] = '\0';
	return 0;
}

/* `pass` needs bounds that end below the tolerance, `regressed` such that begin above the margin: whichever is nearer.
 * Distances shrink with the square root of the number of pairs. */
size_t pairs_needed(const struct gate *gate, const struct gate_cell *cell)
{
	const struct shift *s = &cell->slowdown;
	double to_pass = (s->high - s->theta) / (log1p(gate->tolerance) - s->theta);
	double to_regress = (s->theta - s->low) / (s->theta - gate->margin);
	double times = fmin(to_pass > 0 ? to_pass : INFINITY, to_regress > 0 ? to_regress : INFINITY);

	if (!isfinite(times))
		return 0;
	return (size_t)fmin(ceil((double)cell->pair_count * fmax(1, times * times)), 1e6);
}

/* ---- Controls ---- */

struct range {
	double least, most;
};

static void widen(struct range *range, double value)
{
	range->least = fmin(range->least, value);
	range->most = fmax(range->most, value);
}

/* Whether the work that was added in some pairs was not seen, or seen twice. */
static bool misses_work(const struct gate_cell *cell)
{
	struct range without = { INFINITY, -INFINITY }, with = without, share = without;

	for (size_t i = 0; i < cell->pair_count; i++) {
		const struct gate_pair *pair = &cell->pairs[i];
		double e = pair->has_control ? undisturbed_ratio(pair, SIDE_CONTROL) - pair->added : NAN;

		widen(pair->added > 0 ? &with : &without, e);
		widen(&share, pair->added > 0 ? e / pair->added : NAN);
	}
	if (!isfinite(without.least) || !isfinite(with.least))
		return false;
	return (share.most < -0.5 && with.most < without.least) || (share.least > 0.5 && with.least > without.most);
}

int pairs_judge_controls(struct gate *gate, const struct gate_cell *cell)
{
	double *own = calloc(2 * cell->pair_count + 1, sizeof(*own)), *more = own + cell->pair_count;
	double least = log1p(verdict_added(gate->tolerance));
	struct shift aa, plus;
	size_t count = 0;
	int err;

	for (size_t i = 0; own && i < cell->pair_count; i++) {
		const struct gate_pair *pair = &cell->pairs[i];

		if (!pair->has_control)
			continue;
		own[count] = undisturbed_ratio(pair, SIDE_CONTROL) - pair->added;
		more[count] = own[count] + fmax(pair->added, least);
		count++;
	}
	err = own ? verdict_pairs(own, count, 1, &aa) : -ENOMEM;
	err = err ? err : verdict_pairs(more, count, 1, &plus);
	free(own);
	if (err || !count)
		return err;
	gate->margin = verdict_margin(aa.theta);
	gate->noise_floor = expm1((aa.high - aa.low) / 2);
	control_judge(&gate->aa, gate, cell, &aa, VERDICT_REGRESSED);
	control_judge(&gate->plus, gate, cell, &plus, VERDICT_PASS);
	gate->plus.holds &= !misses_work(cell);
	return 0;
}
