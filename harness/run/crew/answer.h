/* What the parent says to one worker that has asked: a range, and what belongs to each of its items. It
 * leaves in pieces, as the channel takes them. */
#ifndef BENCH_RUN_CREW_ANSWER_H
#define BENCH_RUN_CREW_ANSWER_H

#include "run/crew/crew.h"
#include "run/crew/message.h"

struct answer {
	const struct crew *crew;
	unsigned worker;
	bool under_way;
	struct message message; /* being sent */
	struct bytes payload;   /* of it */
	size_t sent;            /* bytes of both */
	struct range left;      /* items whose arguments and inputs follow */
	bool arguments_sent;    /* of the first of them */
	char *arguments;        /* of one item */
	size_t arguments_size;  /* 0: none travel */
};

/* Returns 0 or -ENOMEM. Release accepts what was zeroed. */
int answer_init(struct answer *answer, const struct crew *crew, unsigned worker);
void answer_release(struct answer *answer);

/* Begins a new one, of a range that may be empty: nothing is left. */
void answer_begin(struct answer *answer, struct range range);

/* Sends one piece of what is under way. Returns the bytes moved, 0: there is no room now, or -errno. */
ssize_t answer_send(struct answer *answer);

#endif
