#include "report/compare/internal.h"

#include "report/run/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CELLS 40 /* so many cells are drawn: the first ones in their order */

struct axis_range {
	double least, most;
};

static void write_label(FILE *names, const struct compared *compared, const struct pair *pair)
{
	char label[192];

	row_label(label, 160, &compared->side[pair->side].rows, pair->b);
	if (compared->sides > 2)
		snprintf(label + strlen(label), 8, " (%c)", side_letter(pair->side));
	plot_name_write(names, "cell", label);
}

static void write_subtitle(FILE *names, const struct compared *compared)
{
	const struct rows *rows = &compared->side[0].rows;
	char *workloads = fact_text(facts_workloads, rows), *machine = fact_text(facts_machine, rows), text[512];

	snprintf(text, sizeof(text), "%.200s on %.200s", workloads ? workloads : "", machine ? machine : "");
	plot_name_write(names, "subtitle", text);
	free(workloads);
	free(machine);
}

static int write_compared(FILE *const *file, const void *from)
{
	static const int signs[] = { [DIRECTION_LESS] = -1, [DIRECTION_NOT_SHOWN] = 0, [DIRECTION_MORE] = 1 };
	const struct compared *compared = from;
	struct axis_range range = { 1, 1 };
	size_t cells = 0, all = 0;

	write_subtitle(file[1], compared);
	for (size_t i = 0; i < compared->pairs; i++) {
		const struct change *change = &compared->pair[i].wall_ns;

		if (!(change->ratio.low > 0 && change->ratio.level > 0) || ++all > CELLS)
			continue;
		fprintf(file[0], "%zu\t%.9g\t%.9g\t%.9g\t%d\n", ++cells, change->ratio.median, change->ratio.low,
			change->ratio.high, signs[change->direction]);
		write_label(file[1], compared, &compared->pair[i]);
		range = (struct axis_range){ fmin(range.least, change->ratio.low),
					     fmax(range.most, change->ratio.high) };
	}
	fprintf(file[2], "cells = %zu\nall_cells = %zu\nratio_least = %.9g\nratio_most = %.9g\nruns = %zu\n", cells,
		all, range.least, range.most, compared->sides);
	return 0;
}

struct plot_data plot_compare(const struct compared *compared)
{
	return (struct plot_data){
		.scripts = "plots/compare",
		.files = { "ratios.tsv", "names.tsv", "facts.gp" },
		.write = write_compared,
		.from = compared,
	};
}
