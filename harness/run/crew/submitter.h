/* The parent's end of the submissions: it hands out the ranges of the futures and tells the futures who has taken them.
 * Called in the cell process only. */
#ifndef BENCH_RUN_CREW_SUBMITTER_H
#define BENCH_RUN_CREW_SUBMITTER_H

#include "run/crew/crew.h"

struct submitter {
	const struct crew *crew; /* the crew that has the futures and the submissions */
	struct range pending;    /* handed out by the futures, but not yet submitted */
	bool closed;
	uint64_t *since; /* for each worker, number of the first submission that the present one can have taken */
};

/* Returns 0 or -ENOMEM. submitter_release() accepts a zeroed struct. */
int submitter_init(struct submitter *submitter, const struct crew *crew);
void submitter_release(struct submitter *submitter);

/* Called before a round. */
void submitter_begin(struct submitter *submitter);

/* Submits what can be submitted now; once --cancel-after is reached, cancels what nobody has begun. Returns whether
 * anything was submitted. */
bool submitter_submit(struct submitter *submitter);

/* Worker `w` is dead: tells the futures which ranges it had taken. */
void submitter_note_death(struct submitter *submitter, unsigned w);

#endif
