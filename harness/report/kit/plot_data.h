/* Data files that gnuplot scripts read.
 *
 * gnuplot gets numbers and names only, and names only as fields of data files, reduced to letters,
 * digits and a few harmless signs: nothing in a run can be executed by it or change what it draws. */
#ifndef BENCH_REPORT_KIT_PLOT_DATA_H
#define BENCH_REPORT_KIT_PLOT_DATA_H

#include <stdio.h>

#define PLOT_FILES_MAX 8

struct plot_data {
	const char *scripts;                                /* what reads it, a folder of the project: "plots" */
	const char *files[PLOT_FILES_MAX];                  /* "points.tsv", ...; facts.gp and names.tsv are needed */
	int (*write)(FILE *const *files, const void *from); /* fills them, open in this order; returns 0 or -errno */
	const void *from;
};

/* Writes the files into a folder, which has none of them yet. Returns 0 or -errno. */
int plot_data_write(int folder, const struct plot_data *data);

/* A line of names.tsv: a kind and one word; `also`: signs that may stand in it beside harmless ones. */
void plot_name_write(FILE *names, const char *kind, const char *name, const char *also);

#endif
