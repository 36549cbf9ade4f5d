#include "run/crew/crew.h"

#include "base/why.h"

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

int crew_fail_by(struct crew *crew, int error, const char *format, ...)
{
	char what[sizeof(crew->failure.message)];
	va_list list;

	va_start(list, format);
	vsnprintf(what, sizeof(what), format, list);
	va_end(list);
	return crew_fail(crew, FAILURE_ERROR, -1, "%.300s: %s", what, error_text((char[ERROR_TEXT]){ 0 }, error));
}

int crew_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	int err = crew->mode->launch(crew, w, task);

	return err ? crew_fail_by(crew, err, "cannot make worker %u of %u", w, crew->cell->workers) : 0;
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
			return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u cannot go on: %s", w,
					 error_text((char[ERROR_TEXT]){ 0 }, error));
		crew_fail(crew, wrong ? FAILURE_WRONG_ANSWER : FAILURE_ERROR, (int)w, "%s %llu: %s",
			  crew->workload->item, (unsigned long long)arena_item(crew->arena, slot->error_item),
			  wrong ? "wrong answer" : strerror(error));
		crew->failure.item = (int64_t)arena_item(crew->arena, slot->error_item);
		return -ECHILD;
	}
	return 0;
}
