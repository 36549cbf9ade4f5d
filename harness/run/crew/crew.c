#include "run/crew/crew.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int crew_fail(struct crew *crew, enum failure_kind kind, int worker, const char *format, ...)
{
	struct failure *f = &crew->failure;
	va_list list;

	if (crew->failed)
		return -ECHILD;
	crew->failed = true;
	*f = (struct failure){ .kind = kind, .exit_status = -1, .item = -1 };
	if (worker >= 0) {
		const struct slot *slot = arena_slot(crew->arena, (unsigned)worker);
		uint64_t item = atomic_load(&slot->item);

		f->pid = atomic_load(&slot->pid);
		f->item = item == ITEM_NONE ? -1 : (int64_t)item;
	}
	va_start(list, format);
	vsnprintf(f->message, sizeof(f->message), format, list);
	va_end(list);
	return -ECHILD;
}

int crew_check_errors(struct crew *crew)
{
	if (!atomic_load(&crew->arena->abort))
		return 0;
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct slot *slot = arena_slot(crew->arena, w);
		int error = atomic_load(&slot->error);
		bool wrong = error == EBADMSG;

		if (!error)
			continue;
		if (slot->error_item == ITEM_NONE)
			return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: %s", w, strerror(error));
		crew_fail(crew, wrong ? FAILURE_WRONG_ANSWER : FAILURE_ERROR, (int)w, "%s %llu: %s",
			  crew->workload->item, (unsigned long long)slot->error_item,
			  wrong ? "wrong answer" : strerror(error));
		crew->failure.item = (int64_t)slot->error_item;
		return -ECHILD;
	}
	return 0;
}
