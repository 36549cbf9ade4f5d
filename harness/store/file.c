#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The file is closed in any case. */
static int write_file(FILE *file, void (*fill)(struct writer *writer, const void *what), const void *what, bool last)
{
	struct writer writer = { .file = file };

	fill(&writer, what);
	if (!writer.error && fflush(file) != 0)
		writer_fail(&writer, -errno);
	if (!writer.error && last && fsync(fileno(file)) != 0)
		writer_fail(&writer, -errno);
	if (fclose(file) != 0)
		writer_fail(&writer, -errno);
	return writer.error;
}

int store_replace(const char *folder, const char *name, void (*fill)(struct writer *writer, const void *what),
		 const void *what, bool last, char *why, size_t why_size)
{
	char new_name[NAME_MAX]; /* always the same, so that a killed writer leaves one at most */
	int inside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, err;
	FILE *file;

	snprintf(new_name, sizeof(new_name), ".%s.new", name);
	fd = inside < 0 ? -1 : openat(inside, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	err = file ? write_file(file, fill, what, last) : -errno;
	if (!file && fd >= 0)
		close(fd);
	if (!err && renameat(inside, new_name, inside, name) != 0)
		err = -errno;
	if (err && inside >= 0)
		unlinkat(inside, new_name, 0);
	if (inside >= 0)
		close(inside);
	if (err)
		snprintf(why, why_size, "cannot write '%s/%s': %s", folder, name, strerror(-err));
	return err;
}
