#include "report/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *open_file(const char *folder, const char *name)
{
	int inside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = inside < 0 ? -1 : openat(inside, name, O_RDONLY | O_CLOEXEC);
	int err = errno;

	if (inside >= 0)
		close(inside);
	errno = err;
	return fd < 0 ? NULL : fdopen(fd, "r");
}

char *text_read(const char *folder, const char *name)
{
	FILE *file = open_file(folder, name);
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	errno = 0;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = errno ? NULL : calloc(1, 1); /* at the end at once: empty */
	}
	fclose(file);
	return text;
}

static int write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno != EINTR)
			return -errno;
		text += written > 0 ? written : 0;
		size -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

int text_replace(const char *folder, const char *name, const char *text, size_t size)
{
	char new_name[NAME_MAX];
	int inside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, err;

	if (inside < 0)
		return -errno;
	snprintf(new_name, sizeof(new_name), ".%s.new", name);
	fd = openat(inside, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	err = fd < 0 ? -errno : write_all(fd, text, size);
	if (fd >= 0 && close(fd) != 0 && !err)
		err = -errno;
	if (!err && renameat(inside, new_name, inside, name) != 0)
		err = -errno;
	if (err)
		unlinkat(inside, new_name, 0);
	close(inside);
	return err;
}
