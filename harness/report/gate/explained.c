#include "report/gate/internal.h"

#include <errno.h>
#include <string.h>

#define RARE_ROUND 1.1       /* a round that takes so many times as long as undisturbed is one of the rare ones */
#define SAME_COUNT 0.0005    /* counts of instructions that differ by less are called the same */
#define FOOTPRINT_TOLD 0.002 /* a ratio less 1 */
#define LONG_SLICE_NS 1e6    /* slices are longer for their footprint, or since items are */

static int say(struct remarks *remarks, const struct gate_row *row, const char *text)
{
	return remark_on(remarks, row->id, text) ? 0 : -ENOMEM;
}

/* ---- Slower in the mean only ---- */

struct rounds_seen {
	size_t all, rare;
	double worst; /* the longest, by the side's median */
};

/* Counts the rounds of a side that took much longer than its undisturbed time, over all pairs. */
static struct rounds_seen rounds_of(const struct gate_row *row, const char *side)
{
	struct rounds_seen seen = { .all = 0 };
	const json_t *pair, *round;
	size_t i, j;

	json_array_foreach(row->pairs, i, pair) {
		const json_t *time = json_object_get(pair, side);
		double usual_ns = json_double(time, "undisturbed_ns");

		json_array_foreach(json_object_get(time, "rounds_ns"), j, round) {
			double times = json_number_value(round) / usual_ns;

			seen.all++;
			seen.rare += times > RARE_ROUND;
			seen.worst = isfinite(times) ? fmax(seen.worst, times) : seen.worst;
		}
	}
	return seen;
}

static int explain_rare(struct remarks *remarks, const struct gate_rows *rows, const struct gate_row *row)
{
	struct rounds_seen a = rounds_of(row, "a"), b = rounds_of(row, "b");
	char typical[32], mean[32], text[sizeof(remarks->remark->text)];
	int used;

	gate_percent_text(typical, sizeof(typical), rows, expm1(row->slowdown.theta), NAN);
	gate_percent_text(mean, sizeof(mean), rows, expm1(row->mean.theta), rows->tolerance);
	used = snprintf(text, sizeof(text),
			"undisturbed, B differs by %s, but by %s in the mean: something slows B down in some rounds "
			"only, such as a rehash, a collector, or a lock now and then", typical, mean);
	if (a.all && b.all)
		snprintf(text + used, sizeof(text) - (size_t)used,
			 "; %zu of B's %zu rounds took over 10 %% longer than undisturbed (the longest %.3g times as "
			 "long), of A's %zu rounds %zu", b.rare, b.all, b.worst, a.all, a.rare);
	return say(remarks, row, text);
}

static bool is_slower(const struct gate_row *row)
{
	return row->rank == RANK_REGRESSED || row->rank == RANK_ALLOWED;
}

/* ---- A mean that says something else ---- */

/* Which remark an undisturbed time needs that decides against the mean; NULL: none. */
static const char *against_mean(const struct gate_rows *rows, const struct gate_row *row)
{
	double limit = log1p(rows->tolerance);

	if (row->rank == RANK_PASS && row->mean.theta > limit)
		return "the mean seems slower by %s (%s to %s), but these bounds show neither that it is nor that it "
		       "is not: more pairs would (--max-runs)";
	if (is_slower(row) && !row->rare && row->mean.high < limit)
		return "only undisturbed time is slower; in the mean B differs by %s (%s to %s), by less than is "
		       "tolerated: B may have become more even, not slower, since of two equal means the one that "
		       "scatters more reads lower undisturbed";
	return NULL;
}

static int explain_mean(struct remarks *remarks, const struct gate_rows *rows, const struct gate_row *row)
{
	const char *format = against_mean(rows, row);
	char mean[32], low[32], high[32], text[sizeof(remarks->remark->text)];

	if (!format)
		return 0;
	gate_percent_text(mean, sizeof(mean), rows, expm1(row->mean.theta), rows->tolerance);
	gate_percent_text(low, sizeof(low), rows, expm1(row->mean.low), 0);
	gate_percent_text(high, sizeof(high), rows, expm1(row->mean.high), rows->tolerance);
	snprintf(text, sizeof(text), format, mean, low, high);
	return say(remarks, row, text);
}

/* ---- Instructions beside time ---- */

static int explain_counts(struct remarks *remarks, const struct gate_row *row)
{
	double more = row->counts[1] / row->counts[0] - 1;
	bool same = fabs(more) < SAME_COUNT, unclear = row->rank == RANK_CANNOT_TELL;
	char count[32], text[sizeof(remarks->remark->text)];

	percent_text(count, sizeof(count), more, 2);
	if (same && is_slower(row))
		snprintf(text, sizeof(text),
			 "both sides execute as many instructions (%s): B is slower by where code or data lie in "
			 "memory, by caches, branches or waiting, not by more work", count);
	else if (same && unclear)
		snprintf(text, sizeof(text),
			 "both sides execute as many instructions (%s): if B is slower, then not by more work", count);
	else if (more > SAME_COUNT && row->rank == RANK_PASS)
		snprintf(text, sizeof(text), "B executes more instructions (%s), which cost less time than that here",
			 count);
	else if (is_slower(row) || unclear)
		snprintf(text, sizeof(text), "B executes %s instructions (%s)%s", more > 0 ? "more" : "fewer", count,
			 is_slower(row) && more > 0 ? ", too" : "");
	else
		return 0;
	return say(remarks, row, text);
}

/* ---- What is judged ---- */

static bool is_command(const struct gate_row *row)
{
	return row->pairing && (!strcmp(row->pairing, "runs") || !strcmp(row->pairing, "files"));
}

static int explain_clock(struct remarks *remarks, const struct gate_row *row)
{
	if (!strcmp(row->measure, "cpu"))
		return say(remarks, row, "CPU time is judged, since neither side sleeps");
	return say(remarks, row,
		   "wall time is judged, since a side sleeps or runs on several processors, or its CPU time is not "
		   "known exactly");
}

/* "16 of its 200 items", if there are more than a round executes. */
static int explain_sample(struct remarks *remarks, const struct gate_row *row)
{
	double items = json_double(row->cell, "items"), all = json_double(row->cell, "items_of");
	char text[sizeof(remarks->remark->text)];

	if (!(items < all))
		return 0;
	snprintf(text, sizeof(text),
		 "judged by %.0f of %.0f items, so that rounds are short; --items %.0f takes them all", items, all,
		 all);
	return say(remarks, row, text);
}

/* ---- Caches ---- */

static int explain_footprint(struct remarks *remarks, const struct gate_row *row)
{
	char after[32], text[sizeof(remarks->remark->text)];

	percent_text(after, sizeof(after), row->footprint, 2);
	snprintf(text, sizeof(text),
		 "a slice is slower after the other side's than after its own (%s), as where they share caches: slices "
		 "are longer for that", after);
	return say(remarks, row, text);
}

int gate_remarks_explained(struct remarks *remarks, const struct gate_rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct gate_row *row = &rows->row[i];

		if (is_command(row) && row->measured)
			err = explain_clock(remarks, row);
		if (!err)
			err = explain_sample(remarks, row);
		if (!err && row->rare && is_slower(row))
			err = explain_rare(remarks, rows, row);
		if (!err && row->pairing)
			err = explain_mean(remarks, rows, row);
		if (!err && !rows->by_instructions && isfinite(row->counts[1] / row->counts[0]))
			err = explain_counts(remarks, row);
		if (!err && row->footprint > FOOTPRINT_TOLD && row->slice_ns > LONG_SLICE_NS)
			err = explain_footprint(remarks, row);
	}
	return err;
}
