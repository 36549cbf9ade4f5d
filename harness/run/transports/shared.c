#include "run/transports/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECES_MAX 32

#ifndef __has_feature
#define __has_feature(name) 0
#endif

/* An address far from where the kernel puts mappings; a sanitizer leaves fewer such addresses. */
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define REGION ((char *)0x560000000000)
#elif defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define REGION ((char *)0x200000000000)
#else
#define REGION ((char *)0x100000000000)
#endif
#define PAGE ((size_t)4096)

struct piece {
	void *at; /* NULL: the piece was given back */
	size_t size;
	int fd;
};

struct list {
	size_t count, found; /* found: how many a fresh worker has asked for again */
	size_t used;         /* bytes of the region that are used */
	struct piece piece[PIECES_MAX];
};

/* The pieces that this process has mapped: state of the whole process, as malloc() has it. */
static struct list pieces;

static void *map_at(void *wanted, size_t size, int fd, int flags)
{
	void *at = mmap(wanted, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE | flags, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void *map_piece(const struct piece *p)
{
	return map_at(p->at, p->size, p->fd, MAP_FIXED_NOREPLACE);
}

static void *make_piece(size_t size)
{
	struct piece *p = &pieces.piece[pieces.count];
	void *made;

	if (pieces.count == PIECES_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	*p = (struct piece){ .at = REGION + pieces.used, .size = (size + PAGE - 1) & ~(PAGE - 1) };
	p->fd = memfd_create("bench-shared", 0);
	if (p->fd < 0)
		return NULL;
	made = ftruncate(p->fd, (off_t)p->size) == 0 ? map_piece(p) : NULL;
	if (!made) /* the address space is small: any place will do, as a fresh worker will likely find it free, too */
		made = map_at(NULL, p->size, p->fd, 0);
	p->at = made;
	if (!made) {
		int err = errno;

		close(p->fd);
		errno = err;
		return NULL;
	}
	pieces.used += p->size + PAGE; /* between two pieces is a page that nobody may touch */
	pieces.count++;
	return p->at;
}

void *shared_memory(size_t size)
{
	if (pieces.found == pieces.count) {
		void *made = make_piece(size ? size : 1);

		pieces.found = pieces.count;
		return made;
	}
	if (pieces.piece[pieces.found].size >= size)
		return pieces.piece[pieces.found++].at;
	errno = EINVAL;
	return NULL;
}

void shared_release(void *memory)
{
	for (size_t i = 0; memory && i < pieces.count; i++) {
		struct piece *p = &pieces.piece[i];

		if (p->at != memory)
			continue;
		munmap(p->at, p->size);
		close(p->fd);
		p->at = NULL;
	}
	while (pieces.count && !pieces.piece[pieces.count - 1].at) {
		struct piece *last = &pieces.piece[--pieces.count];

		pieces.used -= last->size + PAGE;
		pieces.found = pieces.found > pieces.count ? pieces.count : pieces.found;
	}
}

int shared_list(void)
{
	int fd = memfd_create("bench-shared-list", 0), err;

	if (fd < 0)
		return -errno;
	if (pwrite(fd, &pieces, sizeof(pieces), 0) == (ssize_t)sizeof(pieces))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

int shared_attach(int list)
{
	if (pread(list, &pieces, sizeof(pieces), 0) != (ssize_t)sizeof(pieces))
		return -EPROTO;
	pieces.found = 0;
	for (size_t i = 0; i < pieces.count; i++)
		if (pieces.piece[i].at && !map_piece(&pieces.piece[i]))
			return -errno;
	return 0;
}
