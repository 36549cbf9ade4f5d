/* The messages of one worker, at the parent's end of its channel: pieces come in, whole messages go out. An inbox does
 * not trust lengths: a payload of more than `payload_max` bytes is no message. */
#ifndef BENCH_RUN_CREW_INBOX_H
#define BENCH_RUN_CREW_INBOX_H

#include "model/transport.h"
#include "run/crew/message.h"

#define INBOX_SIZE 65536 /* most bytes that are received at once */

struct inbox {
	const struct transport *transport;
	void *channels; /* the transport's state */
	unsigned worker;
	size_t payload_max;
	char *data;           /* whole messages, and the beginning of another one */
	size_t begin, end;    /* the bytes of `data` that were not taken yet */
	struct message large; /* a message whose payload does not fit into `data`, or can be looked at in place */
	char *payload;        /* room for its payload, payload_max bytes, made when it is first needed */
	size_t payload_have;
	bool in_payload;
	const void *whole; /* where the payload of the large message lies; NULL: it is not complete */
};

/* Returns 0 or -ENOMEM. inbox_release() accepts a zeroed struct. */
int inbox_init(struct inbox *inbox, const struct transport *transport, void *channels, unsigned worker,
	       size_t payload_max);
void inbox_release(struct inbox *inbox);

/* Receives one piece. Returns the bytes moved, 0: nothing is there now, or -errno. */
ssize_t inbox_receive(struct inbox *inbox);

/* Takes the next whole message; its payload is valid until more is received. Returns 1, 0: there is none yet,
 * -EPROTO or -ENOMEM. */
int inbox_next(struct inbox *inbox, struct message *message, const void **payload);

/* Forgets the beginning of a message. */
void inbox_clear(struct inbox *inbox);

#endif
