#include "base/textfile.h"

#include <errno.h>
#include <fcntl.h>
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
