#include "report/gate/internal.h"

#include "analyse/verdict.h"

/* Writes "1 %"; "0 %" if the share is not known. */
static void share_text(char *text, size_t size, double share)
{
	snprintf(text, size, "%.3g %%", isfinite(share) ? 100 * share : 0);
}

static void explain_counts(struct page *page, const char *tolerance)
{
	page_guide(page, "pass",
		"B executes at most %s more instructions than A.", tolerance);
	page_guide(page, "regressed",
		"B executes more instructions than A, by more than the tolerance of %s.", tolerance);
	page_guide(page, "cannot tell",
		"It could not be counted, for the reason that stands beside it.");
	page_guide(page, "instructions",
		"Counted by Valgrind's callgrind while one worker does the work. The count is the same however busy "
		"the machine is; it does not see what instructions cost, such as cache misses and waiting.");
}

static void explain_verdicts(struct page *page, const struct gate_rows *rows)
{
	char tolerance[32], margin[32];

	share_text(tolerance, sizeof(tolerance), rows->tolerance);
	share_text(margin, sizeof(margin), expm1(rows->margin));
	page_guide(page, "pass",
		"B is slower than A by less than the tolerance of %s, if at all: the upper bound of the slow-down "
		"lies below it.", tolerance);
	page_guide(page, "regressed",
		"B is slower than A: the lower bound of the slow-down lies above the margin of %s, and the upper one "
		"is not below the tolerance.", margin);
	if (rows->by_pairs)
		page_guide(page, "regressed, rare",
			"B is slower in the mean, though not in undisturbed time: something happens in some rounds "
			"only, such as a rehash, a collector, or a lock now and then.");
	page_guide(page, "cannot tell",
		"What was measured allows both: neither does the upper bound lie below the tolerance, nor the "
		"lower one above the margin; or the mean seems slower by so much that B may not pass. Then there are "
		"three ways out: more time (--budget, --max-runs), since the bounds close in with the square root of "
		"it; a quieter machine, without other load; or a larger --tolerance. With --on-unclear pass or fail "
		"it counts as one of the two.");
}

static void explain_bounds(struct page *page, const struct gate_rows *rows)
{
	char low[32], high[32], few[128] = "";

	share_text(low, sizeof(low), rows->level);
	share_text(high, sizeof(high), LOOK_LEVEL);
	if (rows->by_pairs)
		snprintf(few, sizeof(few), " With fewer than %.0f pairs it is 2^-pairs where that is more.",
			 verdict_pairs_to_reach(rows->level));
	page_guide(page, "bounds",
		"Two one-sided bounds of the true slow-down. At each look at the data the true value lies below the "
		"lower one with a probability of at most %s, which gets less where several cells are tested, and above "
		"the upper one with at most %s.%s", low, high, few);
}

static void explain_pairs(struct page *page)
{
	char level[32];

	share_text(level, sizeof(level), MEANS_LEVEL);
	page_guide(page, "pair",
		"A fresh process of A and one of B on the same processors, which take turns: one executes a slice of "
		"items, a round of all, or a run of the command, while the other sleeps. What disturbs the machine "
		"disturbs both. Which side begins, which is which and where they lie in memory are drawn "
		"for each pair, and a pair counts once, by ln(B/A); so the signed-rank test (Wilcoxon, 1945) of the "
		"pairs is exact, however they scatter.");
	page_guide(page, "undisturbed time",
		"For each slice a low quantile of its times over the rounds of a pair, summed over all slices: what "
		"the work takes when nothing else comes in between; of commands the median. It decides, together with "
		"the mean.");
	page_guide(page, "mean",
		"Of all rounds of a pair, with whatever came in between. It is compared, too, with bounds of its own, "
		"which are wrong with at most %s at each look, or with 2^-pairs where there are fewer than %zu pairs: "
		"a slow-down that strikes in some rounds only is not in undisturbed time. Where it seems slower by "
		"%.3g times the tolerance, or by once where so few pairs cannot show it, B does not pass.",
		level, verdict_least_mean_pairs(1), MEAN_FAR);
	page_guide(page, "control of pairs",
		"In one cell A takes part a second time, and in every second pair with more items: it must not "
		"come out as slower than itself, and the added work must be seen. Else there is no verdict. If its "
		"mean comes out as another than A's, no cell is believed that is slower in the mean only.");
}

static void explain_blocks(struct page *page)
{
	page_guide(page, "block",
		"Four runs of A and four of B, each a fresh process, in random order, close together in time. Only "
		"runs of the same block are compared, so that a machine that gets slower does not make B slower than "
		"A. Their bounds come from an exact rank test (van Elteren, 1960); bounds from the screening alone are "
		"wrong with at most 5 %% each.");
	page_guide(page, "dropped",
		"A block during which the machine was busy with something else (processor time stolen by the "
		"hypervisor, waiting for a processor, other load) is repeated. The rule does not look at the times, "
		"so that it cannot favour a side.");
	page_guide(page, "control",
		"A comparison whose answer is known. A against A must not be regressed: else the gate sees what is "
		"not there. A against A with a slow-down added to the times (2 %% or twice the tolerance, whichever "
		"is more) must not pass: else it misses what is there. If one fails there is no verdict.");
	page_guide(page, "screening",
		"Where there are many cells each gets a short first measurement. Those that may be slower are "
		"measured again, and only the new runs count: else a cell would be suspected and convicted by the "
		"same accident.");
}

static void explain_timing(struct page *page, const struct gate_rows *rows)
{
	explain_verdicts(page, rows);
	explain_bounds(page, rows);
	if (rows->by_pairs)
		explain_pairs(page);
	if (rows->by_blocks || !rows->by_pairs)
		explain_blocks(page);
	page_guide(page, "margin",
		"What A seems to differ from itself, 0.5 %% at most: what is not more than that is no slow-down.");
	page_guide(page, "noise floor",
		"Half the distance between the bounds of A against A: how closely a slow-down is known here. "
		"It is no limit: a smaller slow-down is regressed if its own lower bound lies above the margin.");
}

void gate_guide(struct page *page, const struct gate_rows *rows)
{
	char tolerance[32];

	share_text(tolerance, sizeof(tolerance), rows->tolerance);
	page_guide(page, "A, B",
		"A is the baseline, B the contender: the question is whether B is slower than A.");
	if (rows->by_instructions)
		explain_counts(page, tolerance);
	else
		explain_timing(page, rows);
	page_guide(page, "unchanged",
		"Both sides have the same code and data for it, byte by byte, so nothing was run. It counts as pass.");
	page_guide(page, "failed",
		"It did not end as it should on one side; the rest of the gate went on.");
	page_guide(page, "in all",
		"regressed if any cell is (those apart that --allow names), else cannot tell if any cell is, else "
		"pass. The program ends with status 0 for pass, 1 for regressed, 4 for cannot tell; whatever the rest "
		"says, 3 when a cell failed.");
}
