#include "report/kit/plots.h"

#include "base/file.h"
#include "base/janitor.h"
#include "base/root.h"
#include "report/kit/fonts.h"
#include "report/kit/gnuplot.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRIVER "driver.gp"
#define NAMES "names.tsv"
#define PNG_NAMES "names.png.tsv"
#define SCRIPTS "plots" /* a link to the project's scripts in gnuplot's folder, so that gnuplot needs no path */
#define PLACE_LAST 1000

static const char *const formats[] = { "svg", "png" };

/* The folder in which gnuplot works. It lies inside that of the pictures, so that they get there by renaming. */
struct workshop {
	char path[4096];
	struct aide janitor;
	int folder, inside; /* descriptors: of the pictures' folder, and of the workshop inside */
};

/* Accepts "speedup.gp", and no name that gnuplot could take for anything else. */
static int is_script(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	if (size <= 3 || size - 3 >= sizeof(((struct plot *)0)->name) || strcmp(entry->d_name + size - 3, ".gp") != 0)
		return 0;
	for (size_t i = 0; i < size - 3; i++)
		if (!isalnum((unsigned char)entry->d_name[i]) && !strchr("-_", entry->d_name[i]))
			return 0;
	return 1;
}

static void read_head(struct plot *plot, int scripts)
{
	char name[sizeof(plot->name) + 3], line[sizeof(plot->caption)];
	FILE *file;
	int fd;

	snprintf(name, sizeof(name), "%s.gp", plot->name);
	fd = openat(scripts, name, O_RDONLY | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	plot->place = PLACE_LAST;
	if (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(plot->caption, sizeof(plot->caption), "%s", line + strspn(line, "# "));
	}
	if (file && fgets(line, sizeof(line), file))
		sscanf(line, "# place: %ld", &plot->place);
	if (file)
		fclose(file);
}

static int by_place(const void *left, const void *right)
{
	const struct plot *a = left, *b = right;

	return a->place != b->place ? (a->place < b->place ? -1 : 1) : strcmp(a->name, b->name);
}

static int list_scripts(struct plots *plots, int scripts)
{
	struct dirent **entries;
	int count = scandirat(scripts, ".", &entries, is_script, NULL);

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		struct plot *plot = &plots->plot[plots->count];

		if (plots->count < PLOTS_MAX) {
			snprintf(plot->name, sizeof(plot->name), "%.*s", (int)strlen(entries[i]->d_name) - 3,
				 entries[i]->d_name);
			read_head(plot, scripts);
			plots->count++;
		}
		free(entries[i]);
	}
	free(entries);
	qsort(plots->plot, plots->count, sizeof(plots->plot[0]), by_place);
	return 0;
}

static int find_scripts(struct plots *plots, const char *folder, const struct why *why)
{
	char path[PATH_MAX];
	int root = open(project_root(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int scripts = openat(root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = scripts < 0 ? -errno : 0;

	*plots = (struct plots){ .count = 0 };
	if (!err)
		err = list_scripts(plots, scripts);
	if (err)
		why_say(why, "cannot read '%s/%s': %s", project_root(path), folder, strerror(-err));
	if (scripts >= 0)
		close(scripts);
	if (root >= 0)
		close(root);
	return err;
}

static int workshop_open(struct workshop *shop, const char *folder)
{
	char link[4096], root[PATH_MAX];
	char *full = realpath(project_root(root), NULL);
	int err = 0;

	shop->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	shop->inside = -1;
	if (shop->folder < 0 || !full) {
		err = -errno;
		goto out;
	}
	snprintf(shop->path, sizeof(shop->path), "%s/.plots-XXXXXX", folder);
	snprintf(link, sizeof(link), "%s/" SCRIPTS, full);
	err = janitor_start(&shop->janitor, shop->path, false);
	if (err)
		goto out;
	shop->inside = open(shop->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (shop->inside < 0 || symlinkat(link, shop->inside, SCRIPTS) != 0)
		err = -errno;
out:
	free(full);
	return err;
}

static void workshop_close(struct workshop *shop)
{
	if (shop->inside >= 0)
		close(shop->inside);
	if (shop->folder >= 0)
		close(shop->folder);
	janitor_finish(&shop->janitor);
}

/* Writes the names once more, as a PNG can show them; an SVG is shown by a program with fonts of its own. */
static int write_png_names(const struct workshop *shop)
{
	char *names = file_text(shop->path, NAMES);
	int err = names ? fonts_replace(names) : -errno;
	FILE *out = err ? NULL : file_stream(file_create(shop->inside, PNG_NAMES));

	if (out)
		fputs(names, out);
	free(names);
	return err ? err : out && fclose(out) == 0 ? 0 : -errno;
}

/* Writes the script that gnuplot gets: it draws every plot in every format. */
static int write_driver(const struct workshop *shop, const struct plots *plots, const char *scripts)
{
	FILE *out = file_stream(file_create(shop->inside, DRIVER));

	if (!out)
		return -errno;
	fprintf(out, "load 'facts.gp'\n");
	for (size_t i = 0; i < plots->count; i++)
		for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++)
			fprintf(out,
				"reset\nformat = '%s'\npicture = '%s.%s'\nload '%s/common.gnuplot'\nload '%s/%s.gp'\n"
				"unset output\n",
				formats[f], plots->plot[i].name, formats[f], scripts, scripts, plots->plot[i].name);
	return fclose(out) == 0 ? 0 : -errno;
}

/* Returns whether a picture is whole, which it is if it ends as its format does; gnuplot does not notice a full
 * disk. */
static bool is_whole(int folder, const char *name)
{
	static const char *const ends[] = { "</svg>", "IEND" };
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	char tail[16] = "";
	bool whole = false;

	if (fd >= 0 && lseek(fd, -(off_t)sizeof(tail), SEEK_END) > 0 && read(fd, tail, sizeof(tail)) == sizeof(tail))
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			whole |= memmem(tail, sizeof(tail), ends[i], strlen(ends[i])) != NULL;
	if (fd >= 0)
		close(fd);
	return whole;
}

/* Moves a picture to its folder. Returns 1; 0: it was not drawn; or -errno. */
static int take_picture(const struct workshop *shop, const char *name)
{
	if (faccessat(shop->inside, name, F_OK, 0) != 0)
		return 0;
	if (!is_whole(shop->inside, name))
		return -ENOSPC;
	return renameat(shop->inside, name, shop->folder, name) == 0 ? 1 : -errno;
}

/* Moves the pictures to their folder, and drops the plots that made none. */
static int take_pictures(const struct workshop *shop, struct plots *plots, const char *folder, const struct why *why)
{
	size_t drawn = 0;

	for (size_t i = 0; i < plots->count; i++) {
		int taken = 0;

		for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]) && taken >= 0; f++) {
			char name[80];

			snprintf(name, sizeof(name), "%s.%s", plots->plot[i].name, formats[f]);
			taken = take_picture(shop, name);
			if (taken < 0)
				why_say(why, "cannot write '%s/%s': %s", folder, name, strerror(-taken));
		}
		if (taken < 0) {
			plots->count = drawn;
			return taken;
		}
		if (taken)
			plots->plot[drawn++] = plots->plot[i];
	}
	plots->count = drawn;
	return 0;
}

int plots_draw(struct plots *plots, const struct plot_data *data, const char *folder, const struct why *why)
{
	struct workshop shop = { .janitor = { 0 } };
	int err = find_scripts(plots, data->scripts, why);

	if (err)
		return err;
	err = workshop_open(&shop, folder);
	if (!err)
		err = plot_data_write(shop.inside, data);
	if (!err)
		err = write_png_names(&shop);
	if (!err)
		err = write_driver(&shop, plots, data->scripts);
	if (err) {
		why_say(why, "cannot write in '%s': %s", folder, strerror(-err));
		plots->count = 0;
	} else {
		int failed = gnuplot_run(shop.inside, DRIVER, why);

		err = take_pictures(&shop, plots, folder, failed ? WHY((char[1]){ "" }) : why);
		err = failed ? failed : err;
	}
	workshop_close(&shop);
	return err;
}
