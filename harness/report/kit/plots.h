/* Draws pictures: every script NAME.gp of a folder makes NAME.svg and NAME.png.
 *
 * One process of gnuplot draws them all. A script that finds nothing to draw in its data makes no picture. */
#ifndef BENCH_REPORT_KIT_PLOTS_H
#define BENCH_REPORT_KIT_PLOTS_H

#include "base/why.h"
#include "report/kit/plot_data.h"

#include <stddef.h>

#define PLOTS_MAX 16

struct plot {
	char name[64];     /* "speedup", for speedup.svg and speedup.png */
	char caption[192]; /* what the picture shows: the comment in the script's first line */
	long place;        /* pictures are ordered by it; it stands in the second line: "# place: 10" */
};

struct plots {
	struct plot plot[PLOTS_MAX]; /* in the order of their places */
	size_t count;
};

/* Draws the data into `folder` by the project's scripts, in place of earlier pictures, and lists in `plots` what was
 * drawn. Returns 0, or -errno with `why`: then it drew nothing, or not all; -ENOPKG: there is no gnuplot. */
int plots_draw(struct plots *plots, const struct plot_data *data, const char *folder, const struct why *why);

#endif
