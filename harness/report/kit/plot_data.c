#include "report/kit/plot_data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

void plot_name_write(FILE *names, const char *kind, const char *name, const char *also)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+()%";

	fprintf(names, "%s\t", kind);
	for (; *name; name++) {
		if (strchr(harmless, *name) || strchr(also, *name))
			putc(*name, names);
		else
			putc(*name == ' ' ? ':' : '_', names); /* a name is one word to the scripts */
	}
	putc('\n', names);
}

static FILE *create(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

/* Closes the file. Returns 0, or -errno: the file is not complete. */
static int complete(FILE *file)
{
	bool failed = ferror(file);

	return fclose(file) != 0 ? -errno : failed ? -EIO : 0;
}

int plot_data_write(int folder, const struct plot_data *data)
{
	FILE *file[PLOT_FILES_MAX] = { NULL };
	int err = 0, end;

	for (int i = 0; i < PLOT_FILES_MAX && data->files[i] && !err; i++) {
		file[i] = create(folder, data->files[i]);
		err = file[i] ? 0 : -errno;
	}
	if (!err)
		err = data->write(file, data->from);
	for (int i = 0; i < PLOT_FILES_MAX; i++) {
		end = file[i] ? complete(file[i]) : 0;
		err = err ? err : end;
	}
	return err;
}
