/* A run as the data files that the gnuplot scripts in plots/ read; plots/README.md describes them.
 *
 * gnuplot gets numbers and names only, and names only as fields of data files, reduced to letters,
 * digits and a few harmless signs: nothing in a run can be executed by it or change what it draws. */
#ifndef BENCH_REPORT_PLOT_DATA_H
#define BENCH_REPORT_PLOT_DATA_H

#include "report/rows.h"

/* Writes points.tsv, account.tsv, names.tsv and facts.gp into a folder, which has none of them yet.
 * Returns 0 or -errno. */
int plot_data_write(int folder, const struct rows *rows);

/* Where the parts of the data go. */
struct plot_files {
	FILE *points, *account, *names, *facts;
};

/* The two halves of it: the lines over workers, and the bars of the account. Return 0 or -ENOMEM. */
int plot_points_write(const struct plot_files *files, const struct rows *rows);
int plot_account_write(const struct plot_files *files, const struct rows *rows);

/* A line of names.tsv: a kind and one word; `also`: signs that may stand in it beside harmless ones. */
void plot_name_write(const struct plot_files *files, const char *kind, const char *name, const char *also);

#endif
