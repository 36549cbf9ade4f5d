#include "analyse/quantities.h"

#include "analyse/account_split.h"
#include "analyse/rounds.h"

/* ---- Of a round ---- */

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

/* The value is unknown for an invocation that was cut short, since it may not have ended its crew. */
static double crew_end(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct invocation *invocation = invocation_of(rounds, sample);

	return invocation && !(invocation->cut && !invocation->end_ns) ? (double)invocation->end_ns : NAN;
}

static double wall_with_crew(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return crew_start(rounds, sample, NULL) + (double)sample->wall_ns + crew_end(rounds, sample, NULL);
}

/* The number of items with a result, per second. */
static double rate(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->items * 1e9 / (double)sample->wall_ns;
}

static double rss(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const struct invocation *invocation = invocation_of(rounds, sample);

	return invocation && invocation->rss_bytes ? (double)invocation->rss_bytes : NAN;
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

/* ---- Of a cell ---- */

static int over_invocations(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	value[id] = rounds_interval(basis->timed, quantities[id].round_value, basis->cost);
	return 0;
}

static int median_of_invocations(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	over_invocations(value, id, basis);
	value[id] = (struct interval){ value[id].median, NAN, NAN, NAN };
	return 0;
}

static int median_of_rounds(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	double median = rounds_median(basis->timed, quantities[id].round_value, basis->cost);

	value[id] = (struct interval){ median, NAN, NAN, NAN };
	return 0;
}

static int items_by_wall(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	if (basis->incomplete)
		return over_invocations(value, id, basis);
	value[id] = interval_inverse(value[QUANTITY_WALL], (double)basis->timed->cell->cell->items * 1e9);
	return 0;
}

/* Divides the baseline's wall time by the cell's times that `round_value` gives; for the baseline itself the result is
 * 1. Where most invocations have taken turns with one of the baseline, they are compared with that one only: what slows
 * the machine for a while slows both. */
static int against_baseline(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	struct rounds *baseline = basis->baseline, *own = basis->timed;
	round_value *of = quantities[id].round_value;
	size_t above, below, pairs;

	value[id] = INTERVAL_UNKNOWN;
	if (basis->incomplete)
		return 0;
	if (baseline->cell == own->cell) {
		value[id] = own->count ? (struct interval){ 1, 1, 1, 1 } : INTERVAL_UNKNOWN;
		return 0;
	}
	below = rounds_invocations(own, of, NULL);
	pairs = rounds_ratios(baseline, wall, own, of, NULL);
	if (2 * pairs > below)
		return paired_interval(&value[id], own->values, pairs);
	above = rounds_invocations(baseline, wall, NULL);
	below = rounds_invocations(own, of, NULL);
	values_sort(baseline->values, above);
	values_sort(own->values, below);
	return ratio_interval(&value[id], baseline->values, above, own->values, below, basis->seed);
}

static int speedup_by_workers(struct interval *value, enum quantity_id id, const struct quantity_basis *basis)
{
	value[id] = interval_times(value[QUANTITY_SPEEDUP], 1.0 / basis->timed->cell->cell->workers);
	return 0;
}

int quantities_make(struct interval value[QUANTITY_COUNT], const struct quantity_basis *basis)
{
	int err = 0;

	for (enum quantity_id id = 0; id < QUANTITY_COUNT && !err; id++)
		err = quantities[id].estimate(value, id, basis);
	return err;
}

/* ---- All of them ---- */

const struct quantity quantities[QUANTITY_COUNT] = {
	[QUANTITY_WALL] = {
		.key = "wall_ns", .meaning = "of a round", .kind = KIND_TIME,
		.estimate = over_invocations, .round_value = wall,
		.times = { "wall", .interval = true,
			.help = "Median time of a round, in which every item is executed once; beside it the interval "
				"that holds the true median with 95 % confidence (* where too few processes allow "
				"less)." },
		.gauge = "wall", .gauge_help = "Wall time of a round.",
	},
	[QUANTITY_RATE] = {
		.key = "items_per_s", .meaning = "items / wall", .kind = KIND_RATE,
		.estimate = items_by_wall, .round_value = rate,
		.times = { "items/s", .keep = 70, .help = "Items executed in a second of wall time." },
		.gauge = "items_per_second", .gauge_help = "Items executed a second.",
	},
	[QUANTITY_CREW_START] = {
		.group = "crew_ns", .key = "start", .meaning = "before the rounds", .kind = KIND_TIME,
		.estimate = over_invocations, .round_value = crew_start,
		.crew = { "start", .interval = true, .help = "Making the crew before the rounds." },
	},
	[QUANTITY_CREW_END] = {
		.group = "crew_ns", .key = "end", .meaning = "after the last", .kind = KIND_TIME,
		.estimate = over_invocations, .round_value = crew_end,
		.crew = { "end", .interval = true, .help = "Ending it after the last." },
	},
	[QUANTITY_SPEEDUP] = {
		.key = "speedup", .meaning = "baseline's wall / wall; null also where rounds are incomplete",
		.kind = KIND_RATIO, .estimate = against_baseline, .round_value = wall,
		.times = { "speedup", .interval = true,
			.help = "How many times faster than the sequential baseline of the same run." },
		.crew = { "speedup\nround", .interval = true, .keep = 60, .help = "Speedup of a round by itself." },
		.gauge = "speedup", .gauge_help = "Wall time of the sequential baseline by that of the cell.",
	},
	[QUANTITY_SPEEDUP_WITH_CREW] = {
		.key = "speedup_with_crew", .meaning = "start, round and end of the crew against the baseline",
		.kind = KIND_RATIO, .estimate = against_baseline, .round_value = wall_with_crew,
		.crew = { "speedup\nwith crew", .interval = true,
			.help = "Speedup of start, one round and end together: what a program gets that makes a crew "
				"for one call." },
	},
	[QUANTITY_EFFICIENCY] = {
		.key = "efficiency", .meaning = "speedup / workers", .kind = KIND_SHARE, .estimate = speedup_by_workers,
		.times = { "effi-\nciency", .keep = 60,
			.help = "Speedup divided by workers: 100 % is perfect scaling." },
		.gauge = "efficiency", .gauge_help = "Speedup by workers.",
	},
	[QUANTITY_IPC_SHARE] = {
		.key = "ipc_share", .meaning = "(dispatch + copy) / (workers x wall)", .kind = KIND_SHARE,
		.estimate = over_invocations, .round_value = ipc_share,
		.times = { "IPC", .keep = 50,
			.help = "Time spent handing out work and moving payloads (dispatch and copy), as a share of "
				"workers x wall time." },
	},
	[QUANTITY_IPC_ITEM] = {
		.key = "ipc_ns_per_item", .meaning = "(dispatch + copy) / items", .kind = KIND_TIME_ITEM,
		.estimate = over_invocations, .round_value = ipc_per_item,
		.times = { "IPC\n/item", .joined = true, .keep = 45,
			.help = "The same in microseconds for each item." },
	},
	[QUANTITY_CPU] = {
		.key = "cpu_ns", .meaning = "cell process and workers", .kind = KIND_TIME,
		.estimate = over_invocations, .round_value = cpu,
		.times = { "CPU", .keep = 40, .help = "Processor time that a round used, all workers together." },
		.change = { "CPU", .keep = 50,
			.help = "Change of the processor time of a round, all workers together; in brackets: not "
				"shown." },
		.gauge = "cpu", .gauge_help = "CPU time of a round, all workers.",
	},
	[QUANTITY_MEMORY] = {
		.key = "rss_bytes", .meaning = "peak of the sum of proportional set sizes", .kind = KIND_BYTES,
		.plain = true, .estimate = median_of_invocations, .round_value = rss,
		.times = { "memory", .keep = 35,
			.help = "Peak of the sum of proportional set sizes: pages that processes share count once." },
		.change = { "memory", .keep = 45,
			.help = "The same of the peak of the sum of proportional set sizes." },
		.gauge = "memory", .gauge_help = "Proportional set sizes at the peak, all workers.",
	},

	/* Efficiencies of the POP methodology (pop-coe.eu), computed from the time that a worker spends inside
	 * work(). */
	[QUANTITY_LOAD_BALANCE] = {
		.group = "pop", .key = "load_balance", .kind = KIND_SHARE, .plain = true, .by_worker = true,
		.meaning = "mean / greatest of the workers' time inside work()", /* null: only their sum was kept */
		.estimate = median_of_rounds, .round_value = load_balance,
	},
	[QUANTITY_COMMUNICATION] = {
		.group = "pop", .key = "communication", .kind = KIND_SHARE, .plain = true, .by_worker = true,
		.meaning = "that greatest time / wall",
		.estimate = median_of_rounds, .round_value = communication,
	},
	[QUANTITY_PARALLEL] = {
		.group = "pop", .key = "parallel", .kind = KIND_SHARE, .plain = true, .meaning = "that mean / wall",
		.estimate = median_of_rounds, .round_value = parallel,
	},
	[QUANTITY_COMPUTATIONAL] = {
		.group = "pop", .key = "computational", .kind = KIND_SHARE, .plain = true,
		.meaning = "useful / time inside work()", /* null: there is no baseline */
		.estimate = median_of_rounds, .round_value = computational,
	},
	[QUANTITY_GLOBAL] = {
		.group = "pop", .key = "global", .kind = KIND_SHARE, .plain = true,
		.meaning = "parallel x computational",
		.estimate = median_of_rounds, .round_value = global,
	},
};
