#include "run/supervise/culprit.h"

#include "base/proc.h"

#include <stdio.h>

static int64_t item_of(const struct arena *arena, const struct slot *slot)
{
	uint64_t item = arena_item(arena, atomic_load(&slot->item));

	return item == ITEM_NONE ? -1 : (int64_t)item;
}

int64_t culprit_last_item(pid_t cell, const struct arena *arena)
{
	int32_t tid = arena ? atomic_load(&arena->last_tid) : 0;
	unsigned candidates = 0;
	int64_t last = -1;

	for (unsigned w = 0; arena && w < arena->workers; w++) {
		const struct slot *slot = arena_slot(arena, w);

		if (atomic_load(&slot->pid) != cell || item_of(arena, slot) < 0)
			continue;
		if (tid == 0 || atomic_load(&slot->tid) == tid) {
			last = item_of(arena, slot);
			candidates++;
		}
	}
	return candidates == 1 ? last : -1;
}

static struct culprit of_worker(const struct arena *arena, unsigned w, bool stopped)
{
	const struct slot *slot = arena_slot(arena, w);
	struct culprit culprit = { .pid = atomic_load(&slot->pid), .item = item_of(arena, slot), .stopped = stopped };
	char where[48] = "";

	if (culprit.item >= 0)
		snprintf(where, sizeof(where), " %s item %lld", stopped ? "at" : "from", (long long)culprit.item);
	snprintf(culprit.who, sizeof(culprit.who), "worker %u (pid %d) %s%s", w, (int)culprit.pid,
		 stopped ? "is stopped (SIGSTOP)" : "does not come back", where);
	return culprit;
}

/* The worker whose process is `pid`; -1: none. */
static int worker_of(const struct arena *arena, pid_t pid)
{
	for (unsigned w = 0; arena && w < arena->workers; w++)
		if (atomic_load(&arena_slot(arena, w)->pid) == pid)
			return (int)w;
	return -1;
}

static struct culprit of_stopped(const struct arena *arena, pid_t cell, pid_t pid)
{
	int worker = pid == cell ? -1 : worker_of(arena, pid);
	struct culprit culprit = { .pid = pid, .item = -1, .stopped = true };
	char name[32];

	if (worker >= 0)
		return of_worker(arena, (unsigned)worker, true);
	if (pid == cell) {
		culprit.item = culprit_last_item(cell, arena);
		snprintf(culprit.who, sizeof(culprit.who), "the cell process (pid %d) is stopped (SIGSTOP)", (int)pid);
	} else {
		snprintf(culprit.who, sizeof(culprit.who), "'%s' (pid %d) is stopped (SIGSTOP)",
			 proc_name(pid, name, sizeof(name)), (int)pid);
	}
	return culprit;
}

struct culprit culprit_find(pid_t cell, const struct arena *arena)
{
	pid_t stopped = proc_state(cell) == 'T' ? cell : proc_stopped_of_group(cell);

	if (stopped)
		return of_stopped(arena, cell, stopped);
	for (unsigned w = 0; arena && w < arena->workers; w++)
		if (atomic_load(&arena_slot(arena, w)->pid) && item_of(arena, arena_slot(arena, w)) >= 0)
			return of_worker(arena, w, false);
	return (struct culprit){ .item = -1 };
}
