#include "report/run/plots/run.h"

#include "analyse/account_split.h"

#include <string.h>

#define BARS 40    /* cells that are drawn */
#define SEEN 0.005 /* share of workers x wall time; parts that are less in every bar are drawn as one */
#define OTHER "other"

struct stack {
	double left, right; /* how far the bar reaches to the left and to the right of zero, in % */
};

/* Adds a piece to the bar; parts below zero, as inflation can be, are added on the left. */
static void write_piece(FILE *out, struct stack *stack, size_t bar, size_t part, double percent)
{
	double *edge = percent < 0 ? &stack->left : &stack->right;

	if (percent == 0)
		return;
	fprintf(out, "%zu\t%zu\t%.6f\t%.6f\n", bar, part, fmin(*edge, *edge + percent), fmax(*edge, *edge + percent));
	*edge += percent;
}

static double share(const struct row *row, size_t part)
{
	return row->part_ns[part] / row->account_ns;
}

/* The parts in the order in which a bar shows them: first the work itself, then where the rest went. */
struct order {
	size_t part[PARTS_MAX];
	bool seen[PARTS_MAX]; /* for each part, whether it is wide enough in some bar */
};

static struct order order_make(const struct rows *rows, const struct picks *picks)
{
	struct order order = { .part = { 0 } };
	size_t place = 0;

	for (size_t part = 0; part < rows->parts; part++)
		for (size_t i = 0; i < picks->count; i++)
			order.seen[part] |= picks->row[i]->account_ns > 0 && fabs(share(picks->row[i], part)) >= SEEN;
	for (size_t part = 0; part < rows->parts; part++)
		if (strcmp(rows->part[part], split_infos[SPLIT_USEFUL].name) == 0)
			order.part[place++] = part;
	for (size_t part = 0; part < rows->parts; part++)
		if (strcmp(rows->part[part], split_infos[SPLIT_USEFUL].name) != 0)
			order.part[place++] = part;
	return order;
}

/* Writes a bar; returns how far it reaches. */
static struct stack write_bar(FILE *out, const struct rows *rows, const struct row *row, size_t bar,
			      const struct order *order)
{
	struct stack stack = { 0, 0 };
	int tenths[PARTS_MAX], other = 0;
	size_t place = 0;

	row_shares(row, rows->parts, tenths);
	for (size_t i = 0; i < rows->parts; i++) {
		size_t part = order->part[i];

		if (order->seen[part])
			write_piece(out, &stack, bar, ++place, tenths[part] / 10.0);
		else
			other += tenths[part];
	}
	write_piece(out, &stack, bar, place + 1, other / 10.0);
	return stack;
}

static size_t write_names(const struct plot_files *files, const struct rows *rows, const struct order *order)
{
	size_t count = 1;

	for (size_t i = 0; i < rows->parts; i++) {
		if (!order->seen[order->part[i]])
			continue;
		plot_name_write(files->names, "part", rows->part[order->part[i]]);
		count++;
	}
	plot_name_write(files->names, "part", OTHER);
	return count;
}

int plot_account_write(const struct plot_files *files, const struct rows *rows)
{
	struct stack widest = { 0, 100 }, bar;
	struct order order;
	struct picks picks;
	size_t bars = 0;
	char label[160];
	int err = rows_pick(&picks, rows, row_measured, BARS);

	if (err)
		return err;
	order = order_make(rows, &picks);
	for (size_t i = 0; i < picks.count; i++) {
		if (picks.row[i]->account_ns == 0)
			continue;
		row_label(label, sizeof(label), rows, picks.row[i]);
		plot_name_write(files->names, "bar", label);
		bar = write_bar(files->account, rows, picks.row[i], ++bars, &order);
		widest = (struct stack){ fmin(widest.left, bar.left), fmax(widest.right, bar.right) };
	}
	fprintf(files->facts, "account_left = %.6f\naccount_right = %.6f\n", widest.left, widest.right);
	fprintf(files->facts, "bars = %zu\nall_bars = %zu\nparts = %zu\n", bars, picks.of,
		write_names(files, rows, &order));
	picks_release(&picks);
	return 0;
}
