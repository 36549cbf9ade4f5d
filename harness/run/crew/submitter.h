/* The parent's end of submissions: hands out what the futures have, and knows who has taken it. In the cell process
 * only. */
#ifndef BENCH_RUN_CREW_SUBMITTER_H
#define BENCH_RUN_CREW_SUBMITTER_H

#include "run/crew/crew.h"

struct submitter {
	const struct crew *crew; /* whose futures and submissions they are */
	struct range pending;    /* handed out by the futures, not yet submitted */
	bool closed;
	uint64_t *since; /* one a worker: number of the first submission that the present worker can have taken */
};

/* Returns 0 or -ENOMEM. Release accepts what was zeroed. */
int submitter_init(struct submitter *submitter, const struct crew *crew);
void submitter_release(struct submitter *submitter);

/* Before a round. */
void submitter_begin(struct submitter *submitter);

/* Submits what can be submitted now; cancels what nobody has begun once --cancel-after is reached. Returns whether
 * anything was submitted. */
bool submitter_submit(struct submitter *submitter);

/* Worker `w` is dead: tells the futures what it had taken. */
void submitter_bury(struct submitter *submitter, unsigned w);

#endif
