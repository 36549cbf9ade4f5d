#include "run/crew/inbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_LEAST 4096 /* bytes from which on a payload is worth looking at in place */

int inbox_init(struct inbox *b, const struct transport *transport, void *channels, unsigned worker, size_t payload_max)
{
	*b = (struct inbox){ transport, channels, worker, payload_max, .data = malloc(INBOX_SIZE) };
	return b->data ? 0 : -ENOMEM;
}

void inbox_release(struct inbox *b)
{
	free(b->data);
	free(b->payload);
}

void inbox_clear(struct inbox *b)
{
	b->begin = b->end = 0;
	b->in_payload = false;
	b->whole = NULL;
}

static void complete_large(struct inbox *b, const void *payload)
{
	b->in_payload = false;
	b->whole = payload;
}

/* Looks at the payload in place. Returns its size, 0: there is nothing to look at, or -errno. */
static ssize_t view_payload(struct inbox *b)
{
	const void *payload;

	if (!b->transport->view || b->payload_have || b->large.size < VIEW_LEAST)
		return 0;
	errno = 0;
	payload = b->transport->view(b->channels, b->worker, END_PARENT, b->large.size);
	if (!payload)
		return -errno;
	complete_large(b, payload);
	return (ssize_t)b->large.size;
}

static ssize_t receive_payload(struct inbox *b)
{
	ssize_t n = view_payload(b);

	if (n)
		return n;
	n = b->transport->receive(b->channels, b->worker, END_PARENT, b->payload + b->payload_have,
				  b->large.size - b->payload_have);
	if (n <= 0)
		return n;
	b->payload_have += (size_t)n;
	if (b->payload_have == b->large.size)
		complete_large(b, b->payload);
	return n;
}

ssize_t inbox_receive(struct inbox *b)
{
	size_t room;
	ssize_t n;

	if (b->in_payload)
		return receive_payload(b);
	memmove(b->data, b->data + b->begin, b->end - b->begin);
	b->end -= b->begin;
	b->begin = 0;
	/* a payload can be looked at in place only if no more than its head has been received */
	room = b->transport->view ? sizeof(struct message) - b->end : INBOX_SIZE - b->end;
	n = b->transport->receive(b->channels, b->worker, END_PARENT, b->data + b->end, room);
	if (n > 0)
		b->end += (size_t)n;
	return n;
}

/* Begins a message whose payload `data` cannot hold: moves the bytes of it that have come to `payload`. Returns 0 or
 * -ENOMEM. */
static int begin_large(struct inbox *b, const struct message *m, const char *rest, size_t size)
{
	if (!b->payload)
		b->payload = malloc(b->payload_max);
	if (!b->payload)
		return -ENOMEM;
	memcpy(b->payload, rest, size);
	b->large = *m;
	b->payload_have = size;
	b->in_payload = true;
	b->begin = b->end = 0;
	return 0;
}

static int take_large(struct inbox *b, struct message *m, const void **payload)
{
	*m = b->large;
	*payload = b->whole;
	b->whole = NULL;
	return 1;
}

int inbox_next(struct inbox *b, struct message *m, const void **payload)
{
	const char *head = b->data + b->begin;
	size_t there = b->end - b->begin, size;

	if (b->whole)
		return take_large(b, m, payload);
	if (b->in_payload || there < sizeof(*m))
		return 0;
	memcpy(m, head, sizeof(*m));
	if (!message_is_sane(m) || message_payload(m) > b->payload_max)
		return -EPROTO;
	size = message_payload(m);
	there -= sizeof(*m);
	if (size > there && (b->transport->view || sizeof(*m) + size > INBOX_SIZE))
		return begin_large(b, m, head + sizeof(*m), there);
	if (size > there)
		return 0;
	*payload = head + sizeof(*m);
	b->begin += sizeof(*m) + size;
	return 1;
}
