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

static void explain_verdicts(struct page *page, const char *tolerance, const char *margin)
{
	page_guide(page, "pass",
		"B is slower than A by less than the tolerance of %s, if at all: the upper bound of the slow-down "
		"lies below it.", tolerance);
	page_guide(page, "regressed",
		"B is slower than A: the lower bound of the slow-down lies above the margin of %s, and the upper one "
		"is not below the tolerance.", margin);
	page_guide(page, "cannot tell",
		"The runs allow both: neither does the upper bound lie below the tolerance, nor the lower one above "
		"the margin. Then there are three ways out: more runs (--max-runs, --budget), since the bounds close "
		"in with the square root of their number; a quieter machine, without other load; or a larger "
		"--tolerance. With --on-unclear pass or fail it counts as one of the two.");
}

static void explain_bounds(struct page *page, const struct gate_rows *rows)
{
	char low[32], high[32];

	share_text(low, sizeof(low), rows->level);
	share_text(high, sizeof(high), LOOK_LEVEL);
	page_guide(page, "bounds",
		"Two one-sided bounds of the true slow-down. At each look at the data the true value lies below the "
		"lower one with a probability of at most %s, which gets less where several cells were measured again, "
		"and above the upper one with at most %s. Bounds from the screening alone are wrong with at most 5 "
		"%% each. They come from an exact rank test (van Elteren, 1960), which assumes nothing about how "
		"times scatter or drift: only that the order of running within a block was drawn by lot.", low, high);
}

static void explain_timing(struct page *page, const struct gate_rows *rows)
{
	char tolerance[32], margin[32];

	share_text(tolerance, sizeof(tolerance), rows->tolerance);
	share_text(margin, sizeof(margin), expm1(rows->margin));
	explain_verdicts(page, tolerance, margin);
	explain_bounds(page, rows);
	page_guide(page, "block",
		"Four runs of A and four of B, each a fresh process, in random order, close together in time. Only "
		"runs of the same block are compared, so that a machine that gets slower does not make B slower than "
		"A.");
	page_guide(page, "dropped",
		"A block during which the machine was busy with something else (processor time stolen by the "
		"hypervisor, waiting for a processor, other load) is repeated. The rule does not look at the times, "
		"so that it cannot favour a side.");
	page_guide(page, "control",
		"A comparison whose answer is known. A against A must not be regressed: else the gate sees what is "
		"not there. A against A with a slow-down added to the times (2 %% or twice the tolerance, whichever "
		"is more) must not pass: else it misses what is there. If one fails there is no verdict.");
	page_guide(page, "margin",
		"What A seems to differ from itself, 0.5 %% at most: what is not more than that is no slow-down.");
	page_guide(page, "noise floor",
		"Half the distance between the bounds of A against A: how closely these runs know a slow-down. "
		"It is no limit: a smaller slow-down is regressed if its own lower bound lies above the margin.");
	page_guide(page, "screening",
		"Where there are many cells each gets a short first measurement. Those that may be slower are "
		"measured again, and only the new runs count: else a cell would be suspected and convicted by the "
		"same accident.");
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
