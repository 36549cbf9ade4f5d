#include "run/worker_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_LEAST 65536 /* bytes of an input, from which on it is worth a look whether it can be read in place */

static int send_all(struct worker *w, const void *data, size_t size)
{
	const struct transport *t = w->crew->transport;

	while (size) {
		ssize_t n = t->send(w->crew->channels, w->index, END_WORKER, data, size);

		if (n < 0)
			return (int)n;
		if (n == 0)
			t->wait(w->crew->channels, w->index, END_WORKER, NULL, 1000);
		data = (const char *)data + n;
		size -= (size_t)n;
	}
	return 0;
}

static int receive_all(struct worker *w, void *data, size_t size)
{
	const struct transport *t = w->crew->transport;

	while (size) {
		ssize_t n = t->receive(w->crew->channels, w->index, END_WORKER, data, size);

		if (n < 0)
			return (int)n;
		if (n == 0)
			t->wait(w->crew->channels, w->index, END_WORKER, NULL, 1000);
		data = (char *)data + n;
		size -= (size_t)n;
	}
	return 0;
}

static int flush_outbox(struct worker *w)
{
	size_t size = w->outbox_used;

	w->outbox_used = 0;
	return send_all(w, w->outbox, size);
}

int messages_post(struct worker *w, struct message m, const void *payload)
{
	size_t size = m.kind == MESSAGE_RESULT ? m.size : 0;
	int err = 0;

	if (w->outbox_used + sizeof(m) + size > OUTBOX_SIZE)
		err = flush_outbox(w);
	memcpy(w->outbox + w->outbox_used, &m, sizeof(m));
	w->outbox_used += sizeof(m);
	if (payload && size > OUTBOX_SIZE / 8) { /* not worth a copy more */
		err = err ? err : flush_outbox(w);
		return err ? err : send_all(w, payload, size);
	}
	if (payload)
		memcpy(w->outbox + w->outbox_used, payload, size);
	w->outbox_used += size;
	return err;
}

int messages_ask(struct worker *w, struct range *range)
{
	struct message m = message_make(MESSAGE_REQUEST, range->first, range->end - range->first);
	uint64_t from_ns = clock_ns();
	int err = messages_post(w, m, NULL);

	err = err ? err : flush_outbox(w);
	err = err ? err : receive_all(w, &m, sizeof(m));
	w->slot->account.asked_ns += clock_ns() - from_ns;
	if (err)
		return err;
	if (!message_is_sane(&m) || m.kind != MESSAGE_RANGE)
		return -EPROTO;
	range->first = m.first;
	range->end = m.first + m.size;
	return 0;
}

/* The next `size` bytes where they lie; NULL with errno 0: they must be received, else an error. */
static const void *look_at(struct worker *w, size_t size)
{
	const struct transport *t = w->crew->transport;
	const void *view;
	bool there;

	do {
		there = t->wait(w->crew->channels, w->index, END_WORKER, NULL, 1000);
		view = t->view(w->crew->channels, w->index, END_WORKER, size);
	} while (!view && !errno && !there);
	return view;
}

int messages_input(struct worker *w, uint64_t item, struct bytes *in)
{
	struct message m;
	int err;

	err = receive_all(w, &m, sizeof(m));
	if (err)
		return err;
	if (!message_is_sane(&m) || m.kind != MESSAGE_INPUT || m.first != item)
		return -EPROTO;
	w->slot->bytes_moved += m.size;
	if (w->crew->transport->view && m.size >= VIEW_LEAST) {
		*in = (struct bytes){ look_at(w, m.size), m.size };
		if (in->data || errno)
			return in->data ? 0 : -errno;
	}
	if (m.size > w->inbox_size) {
		char *larger = realloc(w->inbox, m.size);

		if (!larger)
			return -ENOMEM;
		w->inbox = larger;
		w->inbox_size = m.size;
	}
	*in = (struct bytes){ w->inbox, m.size };
	return receive_all(w, w->inbox, m.size);
}

void messages_end(struct worker *w)
{
	int err = messages_post(w, message_make(MESSAGE_END, 0, 0), NULL);

	err = err ? err : flush_outbox(w);
	if (err)
		items_fail(w, ITEM_NONE, err);
}
