#include "report/gate/internal.h"

#include "analyse/verdict.h"
#include "report/kit/failure.h"

#include <errno.h>
#include <string.h>

#define RUNS_STEP 12 /* so many more runs of a side allow one more look */

static int say(struct remarks *remarks, const char *subject, const char *text)
{
	return remark_on(remarks, subject, text) ? 0 : -ENOMEM;
}

int gate_remarks_failures(struct remarks *remarks, const struct gate_rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++) {
		const json_t *failure = json_object_get(rows->row[i].cell, "failure");
		char text[sizeof(remarks->remark->text)];
		const char *said = json_text(failure, "said");
		bool contender = json_says(failure, "side", "b");

		if (rows->row[i].rank != RANK_FAILED)
			continue;
		snprintf(text, sizeof(text), "side %s: ", contender ? "B, the contender" : "A, the baseline");
		failure_text(text + strlen(text), sizeof(text) - strlen(text), failure);
		if (said)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "; it said: %s", said);
		err = say(remarks, rows->row[i].id, text);
	}
	return err;
}

/* ---- What could not be told ---- */

/* Returns how many runs of each side would decide about the cell. */
static double runs_needed(const struct gate_rows *rows, const struct gate_row *row)
{
	const struct shift shift = { row->slowdown.theta, row->slowdown.low, row->slowdown.high };
	double times = verdict_data_needed(&shift, rows->tolerance, rows->margin);

	return ceil(row->runs_a_side * times / RUNS_STEP) * RUNS_STEP;
}

static void advice_text(char *text, size_t size, const struct gate_rows *rows, const struct gate_row *row)
{
	double runs = runs_needed(rows, row);

	bool bounded = isfinite(row->slowdown.low) && isfinite(row->slowdown.high);

	if (row->pairing && row->reason)
		text[0] = '\0'; /* the gate has said what would tell */
	else if (row->by_screen)
		snprintf(text, size, "raise --budget, so that it can be measured again");
	else if (!bounded)
		snprintf(text, size, "more runs tell more (--max-runs, --budget)");
	else if (runs > row->runs_a_side && runs <= GATE_RUNS_MOST)
		snprintf(text, size,
			 "about %.0f runs a side would tell, if the noise stays as it is (--max-runs, --budget)",
			 runs);
	else
		snprintf(text, size, "a quieter machine or a larger --tolerance would help; more runs hardly");
}

/* Remarks why a cell has no slow-down, since the table may have no room for the whole reason. */
static int remark_unmeasured(struct remarks *remarks, const struct gate_row *row)
{
	bool begun = json_array_size(json_object_get(row->cell, "blocks")) + json_array_size(row->pairs) > 0;
	struct remark *remark = remark_on(remarks, begun ? "not decided" : "not measured",
					  row->reason ? row->reason : "no reason is known");

	if (remark)
		remark_holds(remark, row->id);
	return remark ? 0 : -ENOMEM;
}

/* "the slow-down is between -0.3 % and +1.2 %, on both sides of what is allowed" */
static void unclear_bounds(char *text, size_t size, const struct gate_rows *rows, const struct gate_row *row)
{
	bool would_pass = row->slowdown.high < log1p(rows->tolerance);
	const struct slowdown *s = would_pass && row->pairing ? &row->mean : &row->slowdown;
	char low[32], high[32];

	gate_percent_text(low, sizeof(low), rows, expm1(s->low), s == &row->mean ? 0 : expm1(rows->margin));
	gate_percent_text(high, sizeof(high), rows, expm1(s->high), rows->tolerance);
	if (isfinite(s->low) && isfinite(s->high))
		snprintf(text, size, "%s is between %s and %s, on both sides of what is allowed",
			 s == &row->mean ? "in the mean the slow-down" : "the slow-down", low, high);
	else
		snprintf(text, size, "so few %s give no bounds of the slow-down", row->pairing ? "pairs" : "runs");
}

static int remark_unclear(struct remarks *remarks, const struct gate_rows *rows, const struct gate_row *row)
{
	char bounds[160], advice[160], text[sizeof(remarks->remark->text)];

	unclear_bounds(bounds, sizeof(bounds), rows, row);
	advice_text(advice, sizeof(advice), rows, row);
	snprintf(text, sizeof(text), "%.512s%s%s%s%s", row->reason ? row->reason : "", row->reason ? "; " : "", bounds,
		 advice[0] ? "; " : "", advice);
	return say(remarks, row->id, text);
}

static bool control_failed(const struct gate_rows *rows)
{
	const char *key;
	const json_t *control;

	json_object_foreach(json_object_get(rows->gate, "controls"), key, control)
		if (json_is_false(json_object_get(control, "holds")))
			return true;
	return false;
}

int gate_remarks_unclear(struct remarks *remarks, const struct gate_rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	if (control_failed(rows))
		return say(remarks, "a control failed",
			   "what is known to be equal, or slower, was not found to be so: no verdict of this gate can "
			   "be trusted; run it again, on a quieter machine or with more runs");
	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct gate_row *row = &rows->row[i];

		if (row->rank == RANK_CANNOT_TELL)
			err = row->measured ? remark_unclear(remarks, rows, row) : remark_unmeasured(remarks, row);
	}
	return err;
}

/* ---- What else is to be known ---- */

int gate_remarks_doubts(struct remarks *remarks, const struct gate_rows *rows)
{
	const char *left_out = json_text(rows->gate, "left_out");
	const json_t *doubts = json_object_get(rows->gate, "doubts"), *doubt;
	int err = 0;
	size_t i;

	*remarks = (struct remarks){ 0 };
	json_array_foreach(doubts, i, doubt) {
		const char *code = json_text(doubt, "code"), *advice = json_text(doubt, "advice");

		err = err ? err : say(remarks, code ? code : "doubt", advice ? advice : "");
	}
	if (left_out && !err)
		err = say(remarks, "left out", left_out);
	return err;
}

int gate_remarks_power(struct remarks *remarks, const struct gate_rows *rows)
{
	double floor = json_double(rows->gate, "noise_floor"), shown = json_double(rows->gate, "smallest_shown");
	char percent[32], text[256];
	int err = 0;

	*remarks = (struct remarks){ 0 };
	if (isfinite(floor)) {
		percent_text(percent, sizeof(percent), floor, 2);
		snprintf(text, sizeof(text), "%s: %s", percent + strspn(percent, "+"),
			 rows->by_instructions
				 ? "so much do two counts of A differ"
				 : "half the distance between the bounds of A against A; in a cell whose own "
				   "bounds are closer, a smaller slow-down is regressed, too");
		err = say(remarks, "noise floor", text);
	}
	if (isfinite(shown) && !rows->by_instructions && !err) {
		percent_above(percent, sizeof(percent), shown, 2);
		snprintf(text, sizeof(text), "%s would have shown in every cell that is not faster", percent);
		err = say(remarks, "smallest slow-down", text);
	}
	return err;
}
