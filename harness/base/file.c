#include "base/file.h"

#include "base/interrupts.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a path ends in a link, so that what it leads to is meant. Returns 1, 0, or -ELOOP for the link of another
 * user but root: whoever prepares a folder for others must not choose which of their files is overwritten. */
static int leads_elsewhere(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
		return 0;
	return status.st_uid == geteuid() || status.st_uid == 0 ? 1 : -ELOOP;
}

static int open_at(const char *path, int flags)
{
	int link = leads_elsewhere(path), fd = link;

	if (link >= 0)
		fd = open(path, O_WRONLY | O_CLOEXEC | flags | (link ? 0 : O_NOFOLLOW), 0666);
	return fd >= 0 || link < 0 ? fd : -errno;
}

int file_create(int folder, const char *name)
{
	int fd = unlinkat(folder, name, 0) && errno != ENOENT ? -1 :
		 openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : fd;
}

int file_append(const char *path, bool empty)
{
	return open_at(path, O_CREAT | O_APPEND | (empty ? O_TRUNC : 0));
}

int file_check_link(const char *path)
{
	int link = leads_elsewhere(path);

	return link < 0 ? link : 0;
}

int folder_make(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		return 1;
	return errno == EEXIST ? file_check_link(path) : -errno;
}

FILE *file_stream(int fd)
{
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	int err = file ? 0 : fd < 0 ? -fd : errno;

	if (!file && fd >= 0)
		close(fd);
	errno = err;
	return file;
}

/* Closes the file, also after an error. */
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

static int put(const char *folder, const char *name, void (*fill)(struct writer *writer, const void *what),
	       const void *what, bool last, const struct why *why)
{
	char new_name[NAME_MAX]; /* always the same name, so that writers that are killed leave one file at most */
	int inside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	FILE *file;

	snprintf(new_name, sizeof(new_name), ".%s.new", name);
	file = file_stream(inside < 0 ? -errno : file_create(inside, new_name));
	err = file ? write_file(file, fill, what, last) : -errno;
	if (!err && renameat(inside, new_name, inside, name) != 0)
		err = -errno;
	if (err && inside >= 0)
		unlinkat(inside, new_name, 0);
	if (inside >= 0)
		close(inside);
	if (err)
		why_failed(why, err, "cannot write '%s/%s'", folder, name);
	return err;
}

int file_put(const char *folder, const char *name, void (*fill)(struct writer *writer, const void *what),
	     const void *what, bool last, const struct why *why)
{
	sigset_t before;
	int err;

	interrupts_hold(&before);
	err = put(folder, name, fill, what, last, why);
	interrupts_let(-1, &before);
	return err;
}

/* Where a file is: its folder and its name, each within a copy of the path. A link has been followed, so that it
 * stays. */
struct place {
	char path[PATH_MAX], folder_path[PATH_MAX];
	const char *folder, *name;
	bool irregular; /* what is there cannot be replaced: it is a pipe or a device */
};

static int find_place(struct place *place, const char *file)
{
	struct stat status;
	bool there = stat(file, &status) == 0;
	int link = leads_elsewhere(file);

	if (link < 0)
		return link;
	if (there && S_ISDIR(status.st_mode))
		return -EISDIR;
	if (strlen(file) >= sizeof(place->path))
		return -ENAMETOOLONG;
	place->irregular = there && !S_ISREG(status.st_mode);
	if (!link || !there || !realpath(file, place->path))
		snprintf(place->path, sizeof(place->path), "%s", file);
	memcpy(place->folder_path, place->path, sizeof(place->path));
	place->folder = dirname(place->folder_path);
	place->name = basename(place->path);
	return 0;
}

int file_check(const char *file)
{
	struct place place;
	int err = find_place(&place, file);

	return err || access(place.irregular ? file : place.folder, W_OK) == 0 ? err : -errno;
}

int file_put_at(const char *file, void (*fill)(struct writer *writer, const void *what), const void *what)
{
	struct place place;
	int err = find_place(&place, file);
	FILE *out;

	if (err || !place.irregular)
		return err ? err : file_put(place.folder, place.name, fill, what, true, WHY((char[512]){ 0 }));
	out = file_stream(open_at(file, 0));
	return out ? write_file(out, fill, what, false) : -errno;
}

char *file_text(const char *folder, const char *name)
{
	int inside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = inside < 0 ? -1 : openat(inside, name, O_RDONLY | O_CLOEXEC), err = errno;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char *text = NULL;
	size_t size = 0;

	if (inside >= 0)
		close(inside);
	errno = file ? 0 : err;
	if (file && getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = errno ? NULL : calloc(1, 1); /* without an error the file is empty */
	}
	if (file)
		fclose(file);
	return text;
}
