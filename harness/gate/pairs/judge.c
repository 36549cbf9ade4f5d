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

static double mean_ratio(const struct gate_pair *pair, enum gate_side side)
{
	return log(pair->times[side].mean_ns / pair->times[SIDE_A].mean_ns);
}

/* ---- Cells ---- */

/* d of all pairs by undisturbed times, and then by means. The caller frees them. */
static double *ratios_of(const struct gate_cell *cell)
{
	double *d = calloc(2 * cell->pair_count + 1, sizeof(*d));

	for (size_t i = 0; d && i < cell->pair_count; i++) {
		const struct gate_pair *pair = &cell->pairs[i];

		d[i] = undisturbed_ratio(pair, SIDE_B);
		d[cell->pair_count + i] = mean_ratio(pair, SIDE_B);
	}
	return d;
}

int pairs_measure(const struct gate *gate, struct gate_cell *cell, size_t cells)
{
	size_t count = cell->pair_count;
	double *d = ratios_of(cell);
	struct shift strict;
	int err = d ? verdict_pairs(d, count, cells, &strict) : -ENOMEM;

	cell->levels = (struct levels){ verdict_reached(count, verdict_level(cells)),
					verdict_reached(count, LOOK_LEVEL) };
	cell->mean_levels = (struct levels){ verdict_reached(count, MEANS_LEVEL / (double)cells),
					     verdict_reached(count, MEANS_LEVEL) };
	err = err ? err : signed_rank_shift(d, count, cell->levels.low, cell->levels.high, &cell->slowdown);
	err = err ? err :
		    signed_rank_shift(d + count, count, cell->mean_levels.low, cell->mean_levels.high, &cell->mean);
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
	cell->kind = SLOWER_TYPICAL;
	cell->verdict = verdict_of_pairs(&undisturbed, &mean, gate->tolerance, gate->margin, last, &cell->kind);
	pairs_disbelieve(gate, cell);
	if (cell->verdict != VERDICT_CANNOT_TELL)
		cell->reason[0] = '\0';
	return 0;
}

void pairs_disbelieve(const struct gate *gate, struct gate_cell *cell)
{
	if (gate->aa.rare && cell->verdict == VERDICT_REGRESSED && cell->kind == SLOWER_RARE)
		cell->verdict = VERDICT_CANNOT_TELL;
}

/* So many pairs would show that a mean is slower that keeps a cell from passing. */
static double mean_pairs_needed(const struct gate *gate, const struct gate_cell *cell)
{
	double times = verdict_data_needed(&cell->mean, 0, 0), limit = log1p(gate->tolerance);

	if (cell->slowdown.theta >= limit || !(cell->mean.theta > limit))
		return 0;
	return fmax((double)cell->pair_count * times, (double)verdict_least_mean_pairs(gate->cell_count));
}

double pairs_needed(const struct gate *gate, const struct gate_cell *cell)
{
	double count = (double)cell->pair_count;
	double times = verdict_data_needed(&cell->slowdown, gate->tolerance, gate->margin);

	if (cell->pair_count == 0 || !isfinite(cell->slowdown.low) || !isfinite(cell->slowdown.high))
		return NAN;
	return ceil(fmax(count * fmax(1, times), mean_pairs_needed(gate, cell)));
}

/* ---- Controls ---- */

/* What the control shows, for each pair that has one. */
struct control_values {
	double *same;   /* ln(C/A) less what was added; owns the others, too */
	double *means;  /* the same by means */
	double *slower; /* `same` with what was added, or with what a constant adds where that is more */
	size_t count;
	double *plain, *worked; /* ln(C/A) of the pairs without added work, and of those with */
	size_t plain_count, worked_count;
	double added; /* the mean of what was added to the latter */
};

static int control_values(struct control_values *v, const struct gate *gate, const struct gate_cell *cell)
{
	double least = log1p(verdict_added(gate->tolerance));

	*v = (struct control_values){ .same = calloc(5 * cell->pair_count + 1, sizeof(double)) };
	v->means = v->same + cell->pair_count;
	v->slower = v->means + cell->pair_count;
	v->plain = v->slower + cell->pair_count;
	v->worked = v->plain + cell->pair_count;
	for (size_t i = 0; v->same && i < cell->pair_count; i++) {
		const struct gate_pair *pair = &cell->pairs[i];
		double ratio = undisturbed_ratio(pair, SIDE_CONTROL);

		if (!pair->has_control)
			continue;
		v->same[v->count] = ratio - pair->added;
		v->means[v->count] = mean_ratio(pair, SIDE_CONTROL) - pair->added;
		v->slower[v->count++] = ratio - pair->added + fmax(pair->added, least);
		if (pair->added > 0)
			v->worked[v->worked_count++] = ratio;
		else
			v->plain[v->plain_count++] = ratio;
		v->added += pair->added;
	}
	v->added /= (double)(v->worked_count + !v->worked_count);
	return v->same ? 0 : -ENOMEM;
}

/* Whether the estimate of pairs with so much added work is where it must be. */
static int estimate_holds(const double *values, size_t count, double added, const struct shift *pairs, bool *holds)
{
	struct shift shift;
	int err = verdict_pairs(values, count, 1, &shift);

	*holds = !err && verdict_control_holds(shift.theta, added, pairs);
	return err;
}

int pairs_judge_controls(struct gate *gate, const struct gate_cell *cell)
{
	double *d = ratios_of(cell);
	struct control_values v;
	struct shift pairs, aa, means, plus;
	bool plain_holds, worked_holds;
	int err = control_values(&v, gate, cell);

	err = err ? err : d ? verdict_pairs(d, cell->pair_count, 1, &pairs) : -ENOMEM;
	err = err ? err : verdict_pairs(v.same, v.count, 1, &aa);
	err = err ? err : verdict_control_means(v.means, v.count, &means);
	err = err ? err : verdict_pairs(v.slower, v.count, 1, &plus);
	err = err ? err : estimate_holds(v.plain, v.plain_count, 0, &pairs, &plain_holds);
	err = err ? err : estimate_holds(v.worked, v.worked_count, v.added, &pairs, &worked_holds);
	if (!err && v.count) {
		gate->margin = verdict_margin(aa.theta);
		gate->noise_floor = expm1((aa.high - aa.low) / 2);
		control_judge(&gate->aa, gate, cell, &aa, VERDICT_REGRESSED);
		control_judge(&gate->plus, gate, cell, &plus, VERDICT_PASS);
		gate->aa.holds &= plain_holds;
		gate->plus.holds &= worked_holds;
		gate->aa.has_mean = true;
		gate->aa.mean = means;
		gate->aa.rare |= verdict_means_differ(&means, gate->tolerance);
	}
	free(v.same);
	free(d);
	return err;
}
