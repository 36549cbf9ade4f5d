#include "analyse/doubts.h"

const struct doubt_text doubt_texts[DOUBT_COUNT] = {
	[DOUBT_TOO_SHORT] = { "too_short",
		"a round takes less than 1 ms, so waking the workers weighs as much as the work: "
		"raise --items, or the work of an item with -p" },
	[DOUBT_UNBOUND] = { "unbound",
		"workers were free to move between processors, as --bind none asks or because they could not be bound: "
		"--bind core gives steadier numbers" },
	[DOUBT_NOISY] = { "noisy",
		"the interval is wider than 5 % of the median to a side, or rests on fewer than 6 processes: "
		"quieten the machine, or raise --budget or --invocations" },
	[DOUBT_DISTURBED] = { "disturbed",
		"other load took the processors during rounds that had to be counted: "
		"stop it, or raise --budget so that they can be repeated" },
	[DOUBT_THROTTLED] = { "throttled",
		"the cgroup's quota stopped workers during a round: raise its cpu.max, or use fewer --workers" },
	[DOUBT_SMT] = { "smt",
		"some workers share a core: keep --workers to the number of cores to see what a whole core does" },
	[DOUBT_OVERSUBSCRIBED] = { "oversubscribed",
		"there are more workers than processors, so they take turns: do not read it as scaling, "
		"or lower --workers" },
	[DOUBT_INPUTS_SKIPPED] = { "inputs_skipped",
		"some input files could not be read as what they should be and were left out: "
		"mend or remove those that the run named" },
	[DOUBT_NO_BASELINE] = { "no_baseline",
		"without its sequential baseline a cell has no speedup, and all its time inside the work "
		"is called useful: see why the baseline was not measured, or raise --budget" },
	[DOUBT_COUNTERS_NOT_AVAILABLE] = { "counters_not_available",
		"some counters do not count here: `bench machine` says which, and why" },
	[DOUBT_UNEXPLAINED] = { "account_unexplained",
		"over 2 % of workers x wall time is in no part of the account: take longer rounds (--items), "
		"and do not build on parts smaller than what is unexplained" },
	[DOUBT_SUPERLINEAR] = { "superlinear",
		"the speedup is above the number of workers: either the work fits the caches only when divided, "
		"or the baseline was slowed down, so measure again with a higher --budget" },
	[DOUBT_INCOMPLETE] = { "incomplete",
		"some items failed, were cancelled or took too long, so the time is not that of all items and there "
		"is no speedup: the measures of the cell say how many" },
	[DOUBT_LOST_WORKERS] = { "lost_workers",
		"workers died and were replaced, and what they had not finished was executed again: "
		"--log info says which" },
	[DOUBT_BAD_BASELINE] = { "bad_baseline",
		"one worker is faster than the sequential baseline, which does the same work: something slowed the "
		"baseline down, so no speedup can be trusted; quieten the machine and measure again, with a higher "
		"--budget" },
	[DOUBT_ABSURD_COUNTERS] = { "absurd_counters",
		"the counters tell of more instructions per cycle than any processor executes: this machine's "
		"counters, as those of some virtual machines, cannot be trusted" },
	[DOUBT_FEW_ITEMS] = { "few_items",
		"the budget has room for so few items in a round that workers may wait for each other: "
		"raise --budget to see how all items scale" },
};

static bool noisy(struct interval wall_ns)
{
	return wall_ns.level < CONFIDENCE || (wall_ns.high - wall_ns.low) / 2 > NOISY_HALF_WIDTH * wall_ns.median;
}

/* With one worker nothing but the baseline can be the cause: its work fits the caches no better than the baseline's. */
static bool beats_baseline_alone(const struct run_cell *cell, struct interval speedup)
{
	return cell->cell->workers == 1 && (speedup.low > SUPERLINEAR_MARGIN || speedup.median > BASELINE_MARGIN);
}

uint32_t doubts_find(const struct run_cell *cell, const struct summary *summary)
{
	const bool found[DOUBT_COUNT] = {
		[DOUBT_TOO_SHORT] = summary->value[QUANTITY_WALL].median < TOO_SHORT_NS,
		[DOUBT_NOISY] = noisy(summary->value[QUANTITY_WALL]),
		[DOUBT_DISTURBED] = summary->disturbed,
		[DOUBT_THROTTLED] = summary->throttled,
		[DOUBT_NO_BASELINE] = !summary->baseline.known,
		[DOUBT_UNEXPLAINED] = summary->unexplained_share > UNEXPLAINED_SHARE,
		[DOUBT_INCOMPLETE] = summary->incomplete,
		[DOUBT_LOST_WORKERS] = summary->lost_workers,
		[DOUBT_SUPERLINEAR] = cell->cell->workers > 1 &&
				      summary->value[QUANTITY_SPEEDUP].low > SUPERLINEAR_MARGIN * cell->cell->workers,
		[DOUBT_BAD_BASELINE] = beats_baseline_alone(cell, summary->value[QUANTITY_SPEEDUP]),
		[DOUBT_ABSURD_COUNTERS] = summary->ins_per_cycle > INS_PER_CYCLE_MOST,
	};
	uint32_t bits = 0;

	for (int i = 0; summary->rounds && i < DOUBT_COUNT; i++)
		bits |= (uint32_t)found[i] << i;
	return bits;
}
