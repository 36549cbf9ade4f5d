#include "workloads/parts/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether it is a link of another user but root. */
static bool is_others_link(int folder, const char *name)
{
	struct stat status;

	return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode) &&
	       status.st_uid != geteuid() && status.st_uid != 0;
}

int folder_prepare(int folder, const char *name)
{
	if (mkdirat(folder, name, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	return is_others_link(folder, name) ? -ELOOP : 0;
}

int folder_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int file_open(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int read_all(int fd, struct buffer *file)
{
	while (file->size < file->capacity) {
		ssize_t got = read(fd, (char *)file->data + file->size, file->capacity - file->size);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			break;
		if (got > 0)
			file->size += (size_t)got;
	}
	return 0;
}

int file_read_from(int fd, size_t most, struct buffer *file)
{
	struct stat status;
	int error;

	*file = (struct buffer){ 0 };
	if (fstat(fd, &status) != 0)
		return -errno;
	if ((uint64_t)status.st_size > most)
		return -EFBIG;
	file->capacity = (size_t)status.st_size;
	file->data = malloc(file->capacity + 1);
	if (!file->data)
		return -ENOMEM;
	error = read_all(fd, file);
	((char *)file->data)[file->size] = '\0';
	return error;
}

int file_read(int folder, const char *name, size_t most, struct buffer *file)
{
	int fd = file_open(folder, name), error;

	*file = (struct buffer){ 0 };
	if (fd < 0)
		return fd;
	error = file_read_from(fd, most, file);
	close(fd);
	return error;
}

static int write_all(int fd, struct bytes content)
{
	const char *next = content.data, *end = next + content.size;

	while (next < end) {
		ssize_t put = write(fd, next, (size_t)(end - next));

		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0)
			next += put;
	}
	return 0;
}

/* Looks at a link only when there is one, since the call is timed. Returns a descriptor or -errno. */
static int open_old(int folder, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
	int fd = openat(folder, name, flags | O_NOFOLLOW, 0666);

	if (fd < 0 && errno == ELOOP && !is_others_link(folder, name))
		fd = openat(folder, name, flags, 0666);
	return fd < 0 ? -errno : fd;
}

static int open_new(int folder, const char *name)
{
	int fd = unlinkat(folder, name, 0) != 0 && errno != ENOENT ? -1 :
		 openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : fd;
}

/* Closes the file. */
static int fill(int fd, int folder, const char *name, struct bytes content)
{
	int error;

	if (fd < 0)
		return fd;
	error = write_all(fd, content);
	if (!error && ftruncate(fd, (off_t)content.size) != 0)
		error = -errno;
	if (close(fd) != 0 && !error)
		error = -errno;
	if (error)
		unlinkat(folder, name, 0);
	return error;
}

/* Overwrites the old content and does not empty the file first: ext4 sends a file that was emptied and written
 * again to the disk when it is closed, which takes 2 ms. */
int file_write(int folder, const char *name, struct bytes content)
{
	return fill(open_old(folder, name), folder, name, content);
}

int file_replace(int folder, const char *name, const char *draft, struct bytes content)
{
	int error = fill(open_new(folder, draft), folder, draft, content);

	if (error)
		return error;
	if (renameat(folder, draft, folder, name) != 0) {
		error = -errno;
		unlinkat(folder, draft, 0);
	}
	return error;
}
