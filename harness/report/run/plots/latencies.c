#include "report/run/plots/run.h"

#include <math.h>

#define ROWS_MOST 40 /* cells that are drawn */

/* How far the times that are drawn reach. */
struct reach {
	double least_ns, most_ns;
};

static void write_time(FILE *out, double ns, struct reach *reach)
{
	if (!(ns > 0)) {
		fputs("\tNaN", out);
		return;
	}
	fprintf(out, "\t%.9g", ns / 1e9);
	reach->least_ns = fmin(reach->least_ns, ns);
	reach->most_ns = fmax(reach->most_ns, ns);
}

static void write_row(const struct plot_files *files, const struct rows *rows, const struct row *row, size_t number,
		      struct reach *reach)
{
	char label[160];

	row_label(label, sizeof(label), rows, row);
	plot_name_write(files->names, "latency", label);
	fprintf(files->latencies, "%zu", number);
	for (size_t i = 0; i < LATENCY_COUNT; i++)
		write_time(files->latencies, row->latency_ns[i], reach);
	write_time(files->latencies, row->first_result_ns, reach);
	putc('\n', files->latencies);
}

int plot_latencies_write(const struct plot_files *files, const struct rows *rows)
{
	struct reach reach = { INFINITY, 0 };
	struct picks picks;
	size_t p99 = 0;
	int err = rows_pick(&picks, rows, row_has_latencies, ROWS_MOST);

	if (err)
		return err;
	for (size_t i = 0; i < picks.count; i++) {
		write_row(files, rows, picks.row[i], i + 1, &reach);
		p99 += picks.row[i]->latency_ns[LATENCY_P99] > 0;
	}
	fprintf(files->facts, "latencies = %zu\nall_latencies = %zu\nlatencies_p99 = %zu\n", picks.count, picks.of,
		p99);
	if (picks.count)
		fprintf(files->facts, "latency_least = %.9g\nlatency_most = %.9g\n", reach.least_ns / 1e9,
			reach.most_ns / 1e9);
	picks_release(&picks);
	return 0;
}
