#include "report/compare/internal.h"

#include "store/run/rounds.h"
#include "store/run/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_comparable(const struct row *row)
{
	return row_measured(row) && !row->incomplete;
}

/* ---- Numbers ---- */

/* The rounds of both sides of a pair. */
struct pair_rounds {
	struct stored_rounds a, b;
};

static int find(struct change *change, struct pair_rounds *rounds, const char *group, const char *key)
{
	size_t a = stored_rounds_values(&rounds->a, group, key), b = stored_rounds_values(&rounds->b, group, key);

	return change_find(change, rounds->a.timed.values, a, rounds->b.timed.values, b);
}

static int find_quantity(struct change *change, struct pair_rounds *rounds, enum quantity_id id)
{
	size_t a = stored_rounds_quantity(&rounds->a, id), b = stored_rounds_quantity(&rounds->b, id);

	return change_find(change, rounds->a.timed.values, a, rounds->b.timed.values, b);
}

static int find_changes(struct pair *pair, const struct compared *compared)
{
	struct pair_rounds rounds = { .a = { .json = NULL } };
	int err = stored_rounds_init(&rounds.a, pair->a->cell);

	err = err ? err : stored_rounds_init(&rounds.b, pair->b->cell);
	err = err ? err : find_quantity(&pair->wall_ns, &rounds, QUANTITY_WALL);
	for (enum quantity_id id = 0; id < QUANTITY_COUNT && !err; id++)
		if (quantities[id].change.heading)
			err = find_quantity(&pair->quantity[id], &rounds, id);
	for (size_t i = 0; i < compared->parts && !err; i++)
		err = find(&pair->part_ns[i], &rounds, compared->part[i].group, compared->part[i].key);
	for (size_t i = 0; i < compared->counters && !err; i++)
		err = find(&pair->counter[i], &rounds, "counters", compared->counter[i].name);
	stored_rounds_release(&rounds.b);
	stored_rounds_release(&rounds.a);
	return err;
}

double pair_part_share(const struct pair *pair, size_t part)
{
	const struct change *change = &pair->part_ns[part];

	return (change->b - change->a) / (pair->wall_ns.a * (double)pair->a->workers);
}

size_t pair_main_part(const struct compared *compared, const struct pair *pair)
{
	double most = fabs(pair->wall_ns.ratio.median - 1) / 2;
	size_t part = compared->parts;

	if (pair->wall_ns.direction == DIRECTION_NOT_SHOWN || pair->a->workers != pair->b->workers)
		return part;
	for (size_t i = 0; i < compared->parts; i++) {
		if (pair->part_ns[i].direction != pair->wall_ns.direction || !(fabs(pair_part_share(pair, i)) > most))
			continue;
		most = fabs(pair_part_share(pair, i));
		part = i;
	}
	return part;
}

/* ---- Pairs ---- */

static int add_pair(struct compared *compared, const struct row *a, const struct row *b, size_t side)
{
	struct pair *grown = reallocarray(compared->pair, compared->pairs + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	compared->pair = grown;
	grown[compared->pairs] = (struct pair){ .a = a, .b = b, .side = side };
	return find_changes(&grown[compared->pairs++], compared);
}

/* Returns the row that is most like `row` and that no other row has taken; NULL: no row is like it. */
static const struct row *partner_of(const struct rows *rows, const struct row *row, const bool *taken,
				    enum likeness likeness)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!taken[i] && cells_likeness(rows->row[i].cell, row->cell) == likeness)
			return &rows->row[i];
	return NULL;
}

/* Remarks what a side has instead of a measured cell. */
static int remark_unmeasured(struct compared *compared, const struct row *a, const struct row *b, size_t side)
{
	const struct rows *rows = &compared->side[0].rows;
	const struct row *without = row_measured(a) ? b : a;
	char text[320], subject[32];

	if (strcmp(a->status, "failed") == 0 || strcmp(b->status, "failed") == 0)
		return 0; /* it is among the failures */
	snprintf(subject, sizeof(subject), "not measured in %c", without == a ? 'a' : side_letter(side));
	snprintf(text, sizeof(text), "%.40s%s%.240s",
		 strcmp(without->status, "ok") == 0 ? "no round that counts" : without->status,
		 without->reason ? ": " : "", without->reason ? without->reason : "");
	return remark_cell(&compared->alone, subject, text, rows, a);
}

static int add_match(struct compared *compared, const struct row *a, const struct row *b, size_t side,
		     enum likeness likeness)
{
	const struct rows *rows = &compared->side[side].rows;
	char text[512];

	if (likeness == LIKENESS_WAY) {
		cells_difference(text, sizeof(text), a->cell, b->cell, side);
		return remark_cell(&compared->unlike, "other work", text, rows, b);
	}
	if (!row_measured(a) || !row_measured(b))
		return remark_unmeasured(compared, a, b, side);
	if (!is_comparable(a) || !is_comparable(b)) {
		snprintf(text, sizeof(text), "not all items had a result in %c",
			 is_comparable(a) ? side_letter(side) : 'a');
		return remark_cell(&compared->unlike, "incomplete", text, rows, b);
	}
	return add_pair(compared, a, b, side);
}

/* Matches cells that are the same first, so that no others take their places. */
static int match(struct compared *compared, size_t side, bool *taken, bool *matched)
{
	const struct rows *ours = &compared->side[0].rows, *theirs = &compared->side[side].rows;
	int err = 0;

	for (enum likeness likeness = LIKENESS_FULL; likeness > LIKENESS_NONE && !err; likeness--) {
		for (size_t i = 0; i < theirs->count && !err; i++) {
			const struct row *a = matched[i] ? NULL : partner_of(ours, &theirs->row[i], taken, likeness);

			if (!a)
				continue;
			taken[a - ours->row] = matched[i] = true;
			err = add_match(compared, a, &theirs->row[i], side, likeness);
		}
	}
	return err;
}

static int remark_alone(struct compared *compared, const struct rows *rows, const bool *matched, char has, char lacks)
{
	char subject[16], text[48];
	int err = 0;

	snprintf(subject, sizeof(subject), "only in %c", has);
	snprintf(text, sizeof(text), "%c has no such cell", lacks);
	for (size_t i = 0; i < rows->count && !err; i++)
		if (!matched[i])
			err = remark_cell(&compared->alone, subject, text, rows, &rows->row[i]);
	return err;
}

static int compare_side(struct compared *compared, size_t side)
{
	const struct rows *ours = &compared->side[0].rows, *theirs = &compared->side[side].rows;
	bool *taken = calloc(ours->count + 1, sizeof(*taken)), *matched = calloc(theirs->count + 1, sizeof(*matched));
	int err = taken && matched ? match(compared, side, taken, matched) : -ENOMEM;

	if (!err)
		err = remark_alone(compared, ours, taken, 'a', side_letter(side));
	if (!err)
		err = remark_alone(compared, theirs, matched, side_letter(side), 'a');
	free(taken);
	free(matched);
	return err;
}

/* Returns the row that a mode is compared with: the sequential cell of the same work, else its first cell. */
static const struct row *baseline_of(const struct rows *rows, const struct row *row)
{
	const struct row *first = NULL;

	for (const struct row *other = rows->row; other < rows->row + rows->count; other++) {
		if (!is_comparable(other) || !work_same(other->cell, row->cell))
			continue;
		if (other->baseline)
			return other;
		first = first ? first : other;
	}
	return first;
}

static int compare_modes(struct compared *compared)
{
	const struct rows *rows = &compared->side[0].rows;
	int err = remarks_missing(&compared->alone, rows);

	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct row *row = &rows->row[i], *baseline = baseline_of(rows, row);

		if (row_measured(row) && row->incomplete)
			err = remark_cell(&compared->unlike, "incomplete", "not all items had a result", rows, row);
		else if (is_comparable(row) && baseline != row)
			err = add_pair(compared, baseline, row, 0);
	}
	return err;
}

/* ---- All ---- */

static int remark_failures(struct compared *compared, size_t side)
{
	struct remarks own;
	char text[sizeof(own.remark->text)];
	int err = remarks_failures(compared->sides > 1 ? &own : &compared->failures, &compared->side[side].rows);

	if (compared->sides == 1)
		return err;
	for (size_t i = 0; i < own.count && !err; i++) {
		snprintf(text, sizeof(text), "in %c, %.880s", side_letter(side), own.remark[i].text);
		err = remark_on(&compared->failures, own.remark[i].subject, text) ? 0 : -ENOMEM;
	}
	remarks_release(&own);
	return err;
}

static bool is_known_counter(const struct compared *compared, const char *name)
{
	for (size_t i = 0; i < compared->counters; i++)
		if (strcmp(compared->counter[i].name, name) == 0)
			return true;
	return false;
}

static void find_counters(struct compared *compared, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const json_t *summary = json_object_get(rows->row[i].cell, "summary"), *counter;
		size_t at;

		json_array_foreach(json_object_get(summary, "counters"), at, counter) {
			const char *name = json_text(counter, "name");

			if (name && !isnan(json_double(counter, "value")) && compared->counters < COUNTERS_MAX &&
			    !is_known_counter(compared, name))
				compared->counter[compared->counters++] =
					(struct compared_counter){ name, json_text(counter, "unit") };
		}
	}
}

static void find_parts(struct compared *compared)
{
	static const char *const split[] = { "useful", "inflation", "blocked" };
	const struct rows *rows = &compared->side[0].rows;

	compared->part[compared->parts++] = (struct compared_part){ "work", NULL, "body_cpu_ns" };
	compared->part[compared->parts++] = (struct compared_part){ "waiting", NULL, "body_wait_ns" };
	for (size_t i = 0; i < rows->parts && compared->parts < PARTS_MAX; i++) {
		const char *name = rows->part[i];

		if (strcmp(name, split[0]) && strcmp(name, split[1]) && strcmp(name, split[2]))
			compared->part[compared->parts++] = (struct compared_part){ name, "account_ns", name };
	}
}

static int by_change(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int order = change_order(&a->wall_ns, &b->wall_ns);

	if (order)
		return order;
	return a->side != b->side ? (a->side < b->side ? -1 : 1) : a->b < b->b ? -1 : a->b > b->b;
}

int compare_make(struct compared *compared, const json_t *const *runs, const char *const *names, size_t count)
{
	struct rows *all[SIDES_MAX] = { NULL };
	int err = 0;

	*compared = (struct compared){ .sides = count };
	for (size_t i = 0; i < count && !err; i++) {
		compared->side[i] = (struct compared_side){ .name = names[i], .run = runs[i] };
		all[i] = &compared->side[i].rows;
		err = rows_make(all[i], runs[i]);
	}
	if (!err)
		rows_name_together(all, count);
	for (size_t i = 0; i < count && !err; i++) {
		err = remark_failures(compared, i);
		if (!err)
			find_counters(compared, &compared->side[i].rows);
	}
	find_parts(compared);
	for (size_t i = 1; i < count && !err; i++)
		err = compare_side(compared, i);
	if (count == 1 && !err)
		err = compare_modes(compared);
	if (compared->pairs)
		qsort(compared->pair, compared->pairs, sizeof(*compared->pair), by_change);
	return err;
}

void compare_release(struct compared *compared)
{
	for (size_t i = 0; i < compared->sides; i++)
		rows_release(&compared->side[i].rows);
	free(compared->pair);
	remarks_release(&compared->unlike);
	remarks_release(&compared->failures);
	remarks_release(&compared->alone);
	*compared = (struct compared){ .sides = 0 };
}
