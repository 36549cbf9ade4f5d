#include "report/run/plots/run.h"

#include "report/run/facts.h"

#include <inttypes.h>
#include <stdlib.h>

static void write_subtitle(FILE *out, const struct rows *rows)
{
	facts_workloads(out, rows);
	fputs(" on ", out);
	facts_machine(out, rows);
}

static void write_facts(const struct plot_files *files, const struct rows *rows)
{
	const json_t *topology = json_object_get(json_object_get(rows->run, "machine"), "topology");
	char *subtitle = fact_text(write_subtitle, rows);

	plot_name_write(files->names, "subtitle", subtitle ? subtitle : "");
	free(subtitle);
	fprintf(files->facts, "processors = %" PRIu64 "\n", json_count(topology, "usable_processors"));
}

static int write_run(FILE *const *file, const void *from)
{
	const struct plot_files files = { file[0], file[1], file[2], file[3], file[4] };
	int err;

	write_facts(&files, from);
	err = plot_points_write(&files, from);
	err = err ? err : plot_account_write(&files, from);
	return err ? err : plot_latencies_write(&files, from);
}

struct plot_data plot_run(const struct rows *rows)
{
	return (struct plot_data){
		.scripts = "plots",
		.files = { "points.tsv", "account.tsv", "latencies.tsv", "names.tsv", "facts.gp" },
		.write = write_run,
		.from = rows,
	};
}
