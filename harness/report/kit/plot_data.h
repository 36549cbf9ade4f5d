/* Data files that gnuplot scripts read.
 *
 * gnuplot gets only numbers and names, and names only as fields of data files, never as parts of a script. So gnuplot
 * cannot be made to execute a text of a run, nor to draw something else because of it; names are drawn as they are, in
 * a PNG as far as there are fonts. */
#ifndef BENCH_REPORT_KIT_PLOT_DATA_H
#define BENCH_REPORT_KIT_PLOT_DATA_H

#include <stdio.h>

#define PLOT_FILES_MAX 12

struct plot_data {
	const char *scripts;               /* the project's folder of scripts that read the files: "plots" */
	const char *files[PLOT_FILES_MAX]; /* their names, "points.tsv", ...; facts.gp and names.tsv must be there */
	int (*write)(FILE *const *files, const void *from); /* fills the files, in the same order; 0 or -errno */
	const void *from;                                   /* what write() is given */
};

/* Writes the files into a folder that has none of them yet. Returns 0 or -errno. */
int plot_data_write(int folder, const struct plot_data *data);

/* Writes a line of names.tsv: a kind, a name, and the columns that the name takes. What a picture cannot show, such as
 * control characters, is '?' in it. */
void plot_name_write(FILE *names, const char *kind, const char *name);

#endif
