/* What one worker says, at the parent's end of its channel: pieces come in, whole messages go out. A length is never
 * believed: a payload of more than `payload_max` bytes is no message. */
#ifndef BENCH_RUN_CREW_INBOX_H
#define BENCH_RUN_CREW_INBOX_H

#include "model/transport.h"
#include "run/crew/message.h"

#define INBOX_SIZE 65536 /* bytes that are received at once */

struct inbox {
	const struct transport *transport;
	void *channels; /* the transport's state */
	unsigned worker;
	size_t payload_max;
	char *data;           /* whole messages, and the beginning of one */
	size_t begin, end;    /* of what was not taken yet */
	struct message large; /* whose payload does not fit there, or can be looked at in place */
	char *payload;        /* of it, of payload_max bytes, made when first needed */
	size_t payload_have;
	bool in_payload;
	const void *whole; /* the large message is complete, and its payload lies here; NULL: it is not */
};

/* Returns 0 or -ENOMEM. Release accepts what was zeroed. */
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
