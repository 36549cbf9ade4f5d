/* Writes a run as the data files that the gnuplot scripts in plots/ read; plots/README.md describes them. */
#ifndef BENCH_REPORT_RUN_PLOTS_RUN_H
#define BENCH_REPORT_RUN_PLOTS_RUN_H

#include "report/kit/plot_data.h"
#include "report/run/rows.h"

/* Makes the data for plots_draw(); the rows must outlive it. */
struct plot_data plot_run(const struct rows *rows);

/* The data files. */
struct plot_files {
	FILE *points, *account, *latencies, *names, *facts;
};

/* Write the points of lines over the number of workers, the bars of the account, the latencies of items. Return 0 or
 * -ENOMEM. */
int plot_points_write(const struct plot_files *files, const struct rows *rows);
int plot_account_write(const struct plot_files *files, const struct rows *rows);
int plot_latencies_write(const struct plot_files *files, const struct rows *rows);

#endif
