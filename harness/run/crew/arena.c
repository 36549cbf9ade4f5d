#include "run/crew/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int arena_create(void)
{
	int fd = memfd_create("bench-arena", MFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Reserves `size` bytes of the arena on cache lines of their own; returns their offset. */
static size_t reserve(size_t *end, size_t size)
{
	size_t offset = *end;

	*end = (offset + size + 127) & ~(size_t)127;
	return offset;
}

static void lay_out(struct arena *a, const struct arena_layout *l)
{
	size_t end = 0;

	reserve(&end, sizeof(*a));
	a->slots_offset = reserve(&end, sizeof(struct slot) * l->workers);
	a->ranges_offset = reserve(&end, sizeof(struct ranges) + sizeof(struct own_range) * l->workers);
	a->submissions_offset = l->submits ? reserve(&end, sizeof(struct submissions)) : 0;
	a->range_items_offset = reserve(&end, sizeof(uint32_t) * COST_RANGES * l->workers);
	a->costs_offset = reserve(&end, sizeof(struct range_cost) * COST_RANGES);
	a->marks_offset = reserve(&end, l->items);
	a->digests_offset = reserve(&end, sizeof(uint64_t) * l->digest_count);
	a->picked_offset = l->picked ? reserve(&end, sizeof(uint64_t) * l->items) : 0;
	a->size = end;
	a->workers = l->workers;
	a->items = l->items;
	a->digest_count = l->digest_count;
}

struct arena *arena_map(int fd, const struct arena_layout *layout)
{
	struct arena shape = { 0 }, *a;

	lay_out(&shape, layout);
	if (ftruncate(fd, (off_t)shape.size))
		return NULL;
	a = mmap(NULL, shape.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (a == MAP_FAILED)
		return NULL;
	*a = shape;
	ranges_init(arena_ranges(a), layout->schedule, layout->items, layout->chunk, layout->workers);
	if (layout->picked)
		memcpy((char *)a + a->picked_offset, layout->picked, sizeof(uint64_t) * layout->items);
	for (uint32_t w = 0; w < a->workers; w++)
		atomic_store(&arena_slot(a, w)->item, ITEM_NONE);
	a->magic = ARENA_MAGIC; /* set last: from here on the supervisor may read the arena */
	return a;
}

const struct arena *arena_open(int fd)
{
	struct stat st;
	const struct arena *a;

	if (fstat(fd, &st) || (size_t)st.st_size < sizeof(*a))
		return NULL;
	a = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (a == MAP_FAILED)
		return NULL;
	if (a->magic == ARENA_MAGIC && a->size == (size_t)st.st_size)
		return a;
	munmap((void *)a, (size_t)st.st_size);
	return NULL;
}

void arena_unmap(const struct arena *arena)
{
	if (arena)
		munmap((void *)arena, arena->size);
}
