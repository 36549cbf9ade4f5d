#include "analyse/summary.h"

#include "analyse/baseline.h"
#include "analyse/doubts.h"
#include "analyse/rounds.h"

#include <string.h>

static double held_ns(const struct sample *sample)
{
	return (double)sample->workers * (double)sample->wall_ns;
}

static double ipc_ns(const struct sample *sample)
{
	return (double)sample->total.part_ns[PART_DISPATCH] + (double)sample->total.part_ns[PART_COPY];
}

static const struct invocation *invocation_of(const struct rounds *rounds, const struct sample *sample)
{
	const struct run_cell *cell = rounds->cell;

	return sample->invocation < cell->invocation_count ? &cell->invocations[sample->invocation] : NULL;
}

static double wall(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->wall_ns;
}

static double cpu(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->cpu_ns;
}

static double ipc_share(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return ipc_ns(sample) / held_ns(sample);
}

static double ipc_per_item(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return ipc_ns(sample) / (double)sample->items;
}

static double crew_start(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct invocation *invocation = invocation_of(rounds, sample);

	return invocation ? (double)invocation->start_ns : NAN;
}

/* An invocation that was cut short may never have ended its crew. */
static double crew_end(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct invocation *invocation = invocation_of(rounds, sample);

	return invocation && !(invocation->cut && !invocation->end_ns) ? (double)invocation->end_ns : NAN;
}

static double wall_with_crew(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return crew_start(rounds, sample, NULL) + (double)sample->wall_ns + crew_end(rounds, sample, NULL);
}

/* Items with a result a second. */
static double rate(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->items * 1e9 / (double)sample->wall_ns;
}

static double rss(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct invocation *invocation = invocation_of(rounds, sample);

	return invocation && invocation->rss_bytes ? (double)invocation->rss_bytes : NAN;
}

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
	return fabs((double)split_round(sample, context).ns[SPLIT_UNEXPLAINED]) / held_ns(sample);
}

static double body_ns(const struct sample *sample)
{
	return (double)sample->total.part_ns[PART_BODY];
}

static double longest_body_ns(const struct sample *sample)
{
	uint64_t longest = 0;

	if (!sample->worker)
		return NAN;
	for (uint32_t i = 0; i < sample->workers; i++)
		if (sample->worker[i].part_ns[PART_BODY] > longest)
			longest = sample->worker[i].part_ns[PART_BODY];
	return (double)longest;
}

static double load_balance(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return body_ns(sample) / sample->workers / longest_body_ns(sample);
}

static double communication(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return longest_body_ns(sample) / (double)sample->wall_ns;
}

static double parallel(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return body_ns(sample) / held_ns(sample);
}

static double computational(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct body_cost *baseline = context;

	return baseline->known ? (double)(baseline->cpu_ns + baseline->wait_ns) / body_ns(sample) : NAN;
}

static double global(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return parallel(rounds, sample, NULL) * computational(rounds, sample, context);
}

/* FNV-1a over the cell's id, from the run's seed on. */
static uint64_t seed_of(const struct run *run, const struct run_cell *cell)
{
	uint64_t hash = 0xcbf29ce484222325 ^ run->seed;

	for (const char *c = cell->cell->id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
	return hash;
}

/* The baseline's wall time over the cell's, which `with` tells. */
static int speedup_of(struct interval *speedup, struct rounds *baseline, struct rounds *own, quantity *with,
		      uint64_t seed)
{
	size_t above = rounds_invocations(baseline, wall, NULL);
	size_t below = rounds_invocations(own, with, NULL);

	values_sort(baseline->values, above);
	values_sort(own->values, below);
	return ratio_interval(speedup, baseline->values, above, own->values, below, seed);
}

static int summarise_speedup(struct summary *s, const struct run *run, struct rounds *baseline, struct rounds *own)
{
	uint64_t seed = seed_of(run, own->cell);
	int err;

	if (s->incomplete) {
		s->speedup = s->speedup_with_crew = s->efficiency = INTERVAL_UNKNOWN;
		return 0;
	}
	if (baseline->cell == own->cell) {
		s->speedup = s->speedup_with_crew = own->count ? (struct interval){ 1, 1, 1, 1 } : INTERVAL_UNKNOWN;
		s->efficiency = s->speedup;
		return 0;
	}
	err = speedup_of(&s->speedup, baseline, own, wall, seed);
	if (err)
		return err;
	s->efficiency = interval_times(s->speedup, 1.0 / own->cell->cell->workers);
	return speedup_of(&s->speedup_with_crew, baseline, own, wall_with_crew, seed);
}

static void summarise_rounds(struct summary *s, struct rounds *rounds)
{
	s->rounds = rounds->count;
	s->invocations = rounds_invocations(rounds, wall, NULL);
	s->drifts = values_drift(rounds->values, s->invocations);
	values_sort(rounds->values, s->invocations);
	s->bimodal = values_bimodal(rounds->values, s->invocations);
	s->wall_ns = values_interval(rounds->values, s->invocations);
	for (size_t i = 0; i < rounds->count; i++)
		s->incomplete |= rounds->round[i]->incomplete;
	s->items_per_s = s->incomplete ? rounds_interval(rounds, rate, NULL) :
					 interval_inverse(s->wall_ns, (double)rounds->cell->cell->items * 1e9);
	s->ipc_share = rounds_interval(rounds, ipc_share, NULL);
	s->ipc_ns_per_item = rounds_interval(rounds, ipc_per_item, NULL);
	s->cpu_ns = rounds_interval(rounds, cpu, NULL);
	s->crew_start_ns = rounds_interval(rounds, crew_start, NULL);
	s->crew_end_ns = rounds_interval(rounds, crew_end, NULL);
	s->rss_bytes = rounds_interval(rounds, rss, NULL).median;
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
	s->pop = (struct pop){
		.load_balance = rounds_median(rounds, load_balance, NULL),
		.communication = rounds_median(rounds, communication, NULL),
		.parallel = rounds_median(rounds, parallel, NULL),
		.computational = rounds_median(rounds, computational, &s->baseline),
		.global = rounds_median(rounds, global, &s->baseline),
	};
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

/* Some come in some rounds only, such as failed items. */
static void add_measure(struct summary *s, const struct measure *measure)
{
	for (size_t i = 0; i < s->measure_count; i++)
		if (strcmp(s->measures[i].name, measure->name) == 0)
			return;
	if (s->measure_count < MEASURES_MAX)
		s->measures[s->measure_count++] = *measure;
}

/* Of all rounds, the warm-up and disturbed ones, too. */
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
	s->lost_workers = has_incident(s, "workers_lost");
}

int summary_make(struct summary *summary, const struct run *run, const struct run_cell *cell)
{
	const struct run_cell *baseline_cell = run_baseline(run, cell);
	struct rounds timed = { 0 }, probed = { 0 }, baseline = { 0 };
	int err;

	*summary = (struct summary){ 0 };
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
	err = summarise_speedup(summary, run, &baseline, &timed);
	summary->doubts = cell->doubts | doubts_find(cell, summary);
out:
	rounds_release(&baseline);
	rounds_release(&probed);
	rounds_release(&timed);
	return err;
}
