#include "analyse/summary.h"

#include "analyse/baseline.h"
#include "analyse/doubts.h"
#include "analyse/rounds.h"

#include <string.h>

static double counter(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const size_t *which = context;

	return sample->total.counters[*which];
}

struct split_context {
	const struct body_cost *baseline;
	enum split_part part;
};

static double split_ns(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct split_context *of = context;

	return (double)split_round(sample, of->baseline).ns[of->part];
}

static double unexplained_share(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return fabs((double)split_round(sample, context).ns[SPLIT_UNEXPLAINED]) /
	       ((double)sample->workers * (double)sample->wall_ns);
}

/* A seed of run and cell: FNV-1a over the cell's id, which begins with the run's seed. */
static uint64_t seed_of(uint64_t seed, const struct run_cell *cell)
{
	uint64_t hash = 0xcbf29ce484222325 ^ seed;

	for (const char *c = cell->cell->id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
	return hash;
}

static void summarise_rounds(struct summary *s, struct rounds *rounds)
{
	s->rounds = rounds->count;
	s->invocations = rounds_invocations(rounds, quantities[QUANTITY_WALL].round_value, NULL);
	s->drifts = values_drift(rounds->values, s->invocations);
	values_sort(rounds->values, s->invocations);
	s->bimodal = values_bimodal(rounds->values, s->invocations);
	for (size_t i = 0; i < rounds->count; i++)
		s->incomplete |= rounds->round[i]->incomplete;
	s->disturbed = rounds->disturbed;
	for (size_t i = 0; i < rounds->count; i++)
		s->throttled |= rounds->round[i]->throttled;
}

static void summarise_account(struct summary *s, struct rounds *rounds)
{
	for (int i = 0; i < SPLIT_COUNT; i++) {
		struct split_context part = { &s->baseline, (enum split_part)i };

		s->account_ns[i] = rounds_median(rounds, split_ns, &part);
	}
	s->unexplained_share = rounds_median(rounds, unexplained_share, &s->baseline);
}

static double counter_named(const struct summary *s, const struct run_cell *cell, const char *name)
{
	for (size_t i = 0; i < cell->counter_count; i++)
		if (strcmp(cell->counters[i].name, name) == 0)
			return s->counters[i];
	return NAN;
}

/* The greatest ratio of those counters that are both there. */
static double ins_per_cycle(const struct summary *s, const struct run_cell *cell)
{
	static const char *const pairs[][2] = {
		{ "PAPI_TOT_INS", "PAPI_TOT_CYC" },
		{ "perf::INSTRUCTIONS", "perf::CYCLES" },
	};
	double most = counter_named(s, cell, "ins_per_cycle");

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		most = fmax(most, counter_named(s, cell, pairs[i][0]) / counter_named(s, cell, pairs[i][1]));
	return most;
}

static void summarise_counters(struct summary *s, struct rounds *timed, struct rounds *probed)
{
	for (size_t i = 0; i < COUNTERS_MAX; i++) {
		s->counters[i] = NAN;
		if (i >= timed->cell->counter_count)
			continue;
		s->counters[i] = rounds_median(timed, counter, &i);
		if (isnan(s->counters[i]))
			s->counters[i] = rounds_median(probed, counter, &i);
	}
	s->ins_per_cycle = ins_per_cycle(s, timed->cell);
}

static double measure(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct measure *wanted = context;

	(void)rounds;
	for (uint32_t i = 0; i < sample->measure_count; i++)
		if (strcmp(sample->measures[i].name, wanted->name) == 0)
			return sample->measures[i].value;
	return NAN;
}

/* Adds a measure if it is not there yet: some, such as failed items, come in some rounds only. */
static void add_measure(struct summary *s, const struct measure *measure)
{
	for (size_t i = 0; i < s->measure_count; i++)
		if (strcmp(s->measures[i].name, measure->name) == 0)
			return;
	if (s->measure_count < MEASURES_MAX)
		s->measures[s->measure_count++] = *measure;
}

/* The greatest value of a measure in all rounds, warm-up and disturbed ones included. */
static double worst(const struct run_cell *cell, const struct measure *wanted)
{
	double most = 0;

	for (size_t i = 0; i < cell->sample_count; i++)
		most = fmax(most, measure(NULL, &cell->samples[i], wanted)); /* fmax() passes over NaN */
	return most;
}

static bool has_incident(const struct summary *s, const char *name)
{
	for (size_t i = 0; i < s->measure_count; i++)
		if (strcmp(s->measures[i].name, name) == 0)
			return s->measures[i].value > 0;
	return false;
}

static void summarise_measures(struct summary *s, struct rounds *rounds)
{
	for (size_t r = 0; r < rounds->count; r++)
		for (uint32_t i = 0; i < rounds->round[r]->measure_count; i++)
			add_measure(s, &rounds->round[r]->measures[i]);
	for (size_t i = 0; i < s->measure_count; i++) {
		struct measure *m = &s->measures[i];

		m->value = strcmp(m->unit, MEASURE_INCIDENTS) == 0 ? worst(rounds->cell, m) :
								     rounds_median(rounds, measure, m);
	}
	s->lost_workers = has_incident(s, "items_again") ||
			  (has_incident(s, "workers_lost") && !has_incident(s, "items_timed_out"));
}

int summary_of(struct summary *summary, uint64_t seed, const struct run_cell *cell,
	       const struct run_cell *baseline_cell)
{
	struct rounds timed = { 0 }, probed = { 0 }, baseline = { 0 };
	int err;

	*summary = (struct summary){ .incomplete = cell->doubts >> DOUBT_INCOMPLETE & 1 };
	err = rounds_init(&timed, cell, ROUNDS_TIMED);
	if (!err)
		err = rounds_init(&probed, cell, ROUNDS_PROBED);
	if (!err && baseline_cell)
		err = rounds_init(&baseline, baseline_cell, ROUNDS_TIMED);
	if (err)
		goto out;
	summary->baseline = baseline_cost(&baseline);
	summarise_rounds(summary, &timed);
	summarise_account(summary, &timed);
	summarise_counters(summary, &timed, &probed);
	summarise_measures(summary, &timed);
	err = quantities_make(summary->value, &(struct quantity_basis){ &timed, &baseline, &summary->baseline,
									summary->incomplete, seed_of(seed, cell) });
	summary->doubts = cell->doubts | doubts_find(cell, summary);
out:
	rounds_release(&baseline);
	rounds_release(&probed);
	rounds_release(&timed);
	return err;
}

int summary_make(struct summary *summary, const struct run *run, const struct run_cell *cell)
{
	return summary_of(summary, run->seed, cell, run_baseline(run, cell));
}
