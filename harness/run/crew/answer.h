/* The parent's answer to a request of one worker: a range, then the arguments and the input of each of its items, where
 * they travel. The answer is sent in pieces, as the channel takes them. */
#ifndef BENCH_RUN_CREW_ANSWER_H
#define BENCH_RUN_CREW_ANSWER_H

#include "run/crew/crew.h"
#include "run/crew/message.h"

struct answer {
	const struct crew *crew;
	unsigned worker;
	bool under_way;
	struct message message; /* the message that is being sent */
	struct bytes payload;   /* its payload */
	size_t sent;            /* bytes of message and payload that have been sent */
	struct range left;      /* items whose arguments or inputs have not been sent */
	bool arguments_sent;    /* the arguments of the first item of `left` have been sent */
	char *arguments;        /* room for the arguments of one item */
	size_t arguments_size;  /* bytes; 0: no arguments travel */
};

/* Returns 0 or -ENOMEM. answer_release() accepts a zeroed struct. */
int answer_init(struct answer *answer, const struct crew *crew, unsigned worker);
void answer_release(struct answer *answer);

/* Begins a new answer. An empty range says that nothing is left. */
void answer_begin(struct answer *answer, struct range range);

/* Sends one piece of the answer that is under way. Returns the bytes moved, 0: there is no room now, or -errno. */
ssize_t answer_send(struct answer *answer);

#endif
