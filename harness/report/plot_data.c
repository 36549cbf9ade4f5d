#include "report/plot_data.h"
#include "report/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

void plot_name_write(const struct plot_files *files, const char *kind, const char *name, const char *also)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+()%";

	fprintf(files->names, "%s\t", kind);
	for (; *name; name++) {
		if (strchr(harmless, *name) || strchr(also, *name))
			putc(*name, files->names);
		else
			putc(*name == ' ' ? ':' : '_', files->names); /* a name is one word to the scripts */
	}
	putc('\n', files->names);
}

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

	plot_name_write(files, "subtitle", subtitle ? subtitle : "", " @");
	free(subtitle);
	fprintf(files->facts, "processors = %" JSON_INTEGER_FORMAT "\n",
		json_integer_value(json_object_get(topology, "usable_processors")));
}

static FILE *create(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

/* 0, or why the file is not complete; closes it. */
static int complete(FILE *file)
{
	bool failed = ferror(file);

	return fclose(file) != 0 ? -errno : failed ? -EIO : 0;
}

int plot_data_write(int folder, const struct rows *rows)
{
	static const char *const names[] = { "points.tsv", "account.tsv", "names.tsv", "facts.gp" };
	FILE *file[4] = { NULL };
	struct plot_files files;
	int err = 0, end;

	for (int i = 0; i < 4 && !err; i++) {
		file[i] = create(folder, names[i]);
		err = file[i] ? 0 : -errno;
	}
	files = (struct plot_files){ file[0], file[1], file[2], file[3] };
	if (!err) {
		write_facts(&files, rows);
		err = plot_points_write(&files, rows);
	}
	if (!err)
		err = plot_account_write(&files, rows);
	for (int i = 0; i < 4; i++) {
		end = file[i] ? complete(file[i]) : 0;
		err = err ? err : end;
	}
	return err;
}
