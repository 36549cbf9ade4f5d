#include "report/run/conclusion/contest.h"

#include "analyse/comparison.h"
#include "store/run/rounds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct interval wall_of(const struct row *row)
{
	return row->value[QUANTITY_WALL];
}

static bool is_sure(const struct row *row)
{
	return wall_of(row).level >= CONFIDENCE;
}

bool row_is_comparable(const struct row *row, const char *workload)
{
	return row->ok && !row->incomplete && strcmp(row->workload, workload) == 0;
}

/* ---- Who takes part ---- */

static bool is_same_way(const struct rows *rows, const struct row *a, const struct row *b)
{
	char own[96], other[96];

	row_series(own, sizeof(own), rows, a);
	row_series(other, sizeof(other), rows, b);
	return strcmp(own, other) == 0;
}

/* Whether `a`, without an interval, took less time than `b` is likely to, which has one. */
static bool seems_faster(const struct row *a, const struct row *b)
{
	return !is_sure(a) && is_sure(b) && wall_of(a).median < wall_of(b).low;
}

/* Whether `a` represents its way of running rather than `b`. */
static bool is_better(const struct row *a, const struct row *b)
{
	if (is_sure(a) != is_sure(b))
		return is_sure(a) ? !seems_faster(b, a) : seems_faster(a, b);
	return wall_of(a).median < wall_of(b).median;
}

static struct contender *find_way(const struct contest *contest, const struct rows *rows, const struct row *row)
{
	for (size_t i = 0; i < contest->count; i++)
		if (is_same_way(rows, contest->contender[i].row, row))
			return &contest->contender[i];
	return NULL;
}

static void enter(struct contest *contest, const struct rows *rows, const struct row *row)
{
	struct contender *way = find_way(contest, rows, row);

	if (!contest->quickest || wall_of(row).median < wall_of(contest->quickest).median)
		contest->quickest = row;
	if (!way)
		contest->contender[contest->count++] =
			(struct contender){ row, STANDING_UNSURE, INTERVAL_UNKNOWN };
	else if (is_better(row, way->row))
		way->row = row;
}

/* Files of older versions have no ranks: then the order of the cells decides alone. */
static double rank_of(const struct row *row)
{
	const json_t *rank = json_object_get(row->cell, "mode_rank");

	return json_is_number(rank) ? json_number_value(rank) : 0;
}

static int by_simplicity(const void *left, const void *right)
{
	const struct row *a = ((const struct contender *)left)->row, *b = ((const struct contender *)right)->row;

	if (rank_of(a) != rank_of(b))
		return rank_of(a) < rank_of(b) ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* ---- How they compare ---- */

/* Compares what both took in the generations that both were in. Returns 0 or -ENOMEM. */
static int compare_paired(struct interval *ratio, struct stored_rounds *own, struct stored_rounds *other)
{
	round_value *wall = quantities[QUANTITY_WALL].round_value;
	size_t pairs = rounds_ratios(&own->timed, wall, &other->timed, wall, NULL);

	return paired_interval(ratio, other->timed.values, pairs);
}

static int compare_apart(struct interval *ratio, struct stored_rounds *own, struct stored_rounds *other)
{
	size_t own_count = stored_rounds_quantity(own, QUANTITY_WALL);
	size_t other_count = stored_rounds_quantity(other, QUANTITY_WALL);
	struct change change;
	int err = change_find(&change, other->timed.values, other_count, own->timed.values, own_count);

	*ratio = change.ratio;
	return err;
}

static int compare(struct interval *ratio, const struct row *row, const struct row *fastest)
{
	struct stored_rounds own = { .json = NULL }, other = { .json = NULL };
	int err = stored_rounds_init(&own, row->cell);

	err = err ? err : stored_rounds_init(&other, fastest->cell);
	err = err ? err : compare_paired(ratio, &own, &other);
	if (!err && !(ratio->level >= CONFIDENCE))
		err = compare_apart(ratio, &own, &other);
	stored_rounds_release(&other);
	stored_rounds_release(&own);
	return err;
}

static enum standing standing_of(struct interval ratio)
{
	if (!(ratio.level >= CONFIDENCE))
		return STANDING_UNSURE;
	if (interval_direction(ratio, 1) == DIRECTION_MORE)
		return STANDING_SLOWER;
	return ratio.high <= 1 + EQUAL_MOST ? STANDING_EQUAL : STANDING_OPEN;
}

static void find_fastest(struct contest *contest)
{
	for (size_t i = 0; i < contest->count; i++) {
		const struct contender *own = &contest->contender[i];

		if (is_sure(own->row) && (!contest->fastest || is_better(own->row, contest->fastest->row)))
			contest->fastest = own;
	}
}

static int compare_all(struct contest *contest)
{
	int err = 0;

	for (size_t i = 0; i < contest->count && !err; i++) {
		struct contender *own = &contest->contender[i];

		if (own == contest->fastest)
			own->ratio = (struct interval){ 1, 1, 1, 1 };
		else if (contest->fastest && is_sure(own->row))
			err = compare(&own->ratio, own->row, contest->fastest->row);
		own->standing = standing_of(own->ratio);
		if (own->standing == STANDING_EQUAL && !contest->simplest)
			contest->simplest = own;
	}
	return err;
}

int contest_make(struct contest *contest, const struct rows *rows, const char *workload)
{
	*contest = (struct contest){ .contender = calloc(rows->count + 1, sizeof(*contest->contender)) };
	if (!contest->contender)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (row_is_comparable(row, workload) && row->baseline && !contest->baseline)
			contest->baseline = row;
		else if (row_is_comparable(row, workload) && !row->baseline)
			enter(contest, rows, row);
	}
	qsort(contest->contender, contest->count, sizeof(*contest->contender), by_simplicity);
	find_fastest(contest);
	contest->unproven = contest->fastest && seems_faster(contest->quickest, contest->fastest->row);
	return compare_all(contest);
}

void contest_release(struct contest *contest)
{
	free(contest->contender);
	*contest = (struct contest){ .count = 0 };
}
