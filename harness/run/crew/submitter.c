#include "run/crew/submitter.h"

#include "run/crew/futures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PARENT 0xfffe /* the number with which the parent takes submissions that it cancels */

int submitter_init(struct submitter *s, const struct crew *crew)
{
	*s = (struct submitter){ .crew = crew, .since = calloc(crew->cell->workers, sizeof(*s->since)) };
	return s->since ? 0 : -ENOMEM;
}

void submitter_release(struct submitter *s)
{
	free(s->since);
}

void submitter_begin(struct submitter *s)
{
	s->pending = (struct range){ 0, 0 };
	s->closed = false;
	memset(s->since, 0, s->crew->cell->workers * sizeof(*s->since));
}

static void cancel_submitted(const struct crew *crew)
{
	struct range range;

	while (submissions_take(crew->submissions, PARENT, &range))
		futures_cancel(crew->futures, range);
}

/* Fills `pending` with the futures' next range if it is empty. Returns whether it has one. */
static bool find_pending(struct submitter *s)
{
	const struct crew *crew = s->crew;
	enum next next;

	if (s->pending.first < s->pending.end)
		return true;
	next = futures_next(crew->futures, arena_ranges(crew->arena)->chunk, &s->pending);
	if (next != NEXT_RANGE)
		s->pending = (struct range){ 0, 0 };
	if (next == NEXT_END && !s->closed && (!crew_may_lose(crew) || futures_all_ended(crew->futures))) {
		s->closed = true;
		submissions_close(crew->submissions);
	}
	return next == NEXT_RANGE;
}

/* Tells the futures who has taken a submission, unless that worker has been replaced since. */
static void note_owner(struct submitter *s, const struct taken *t)
{
	if (t->owner != OWNER_NONE && t->owner <= s->crew->cell->workers && t->number >= s->since[t->owner - 1])
		futures_own(s->crew->futures, t->range, t->owner - 1);
}

bool submitter_submit(struct submitter *s)
{
	struct submissions *submissions = s->crew->submissions;
	bool any = false;
	struct taken gone;

	if (futures_are_cancelled(s->crew->futures))
		cancel_submitted(s->crew);
	while (find_pending(s) && submissions_add(submissions, s->pending, &gone)) {
		note_owner(s, &gone);
		s->pending = (struct range){ 0, 0 };
		any = true;
	}
	if (any)
		submissions_wake(submissions);
	return any;
}

void submitter_note_death(struct submitter *s, unsigned w)
{
	for (unsigned i = 0; i < SUBMISSIONS; i++) {
		struct taken last = submissions_look(s->crew->submissions, i);

		if (last.owner == w + 1)
			note_owner(s, &last);
	}
	s->since[w] = submissions_next(s->crew->submissions);
}
