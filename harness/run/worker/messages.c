#include "run/worker/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_LEAST 65536 /* bytes from which on it is worth a look whether an input can be read in place */

void messages_fail(struct worker *w, uint64_t item, int err)
{
	if (!atomic_load(&w->slot->error)) {
		w->slot->error_item = item;
		atomic_store(&w->slot->error, -err); /* written after the item, since the parent may be looking */
	}
	atomic_store(&w->arena->abort, true);
}

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

int messages_flush(struct worker *w)
{
	size_t size = w->outbox_used;

	w->outbox_used = 0;
	return send_all(w, w->outbox, size);
}

int messages_post(struct worker *w, struct message m, const void *payload)
{
	size_t size = message_payload(&m);
	int err = 0;

	if (w->outbox_used + sizeof(m) + size > OUTBOX_SIZE)
		err = messages_flush(w);
	memcpy(w->outbox + w->outbox_used, &m, sizeof(m));
	w->outbox_used += sizeof(m);
	if (payload && size > OUTBOX_SIZE / 8) { /* too large to be worth another copy */
		err = err ? err : messages_flush(w);
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
	int err;

	if (range->first == range->end)
		atomic_store_explicit(&w->slot->item, ITEM_NONE, memory_order_relaxed); /* it waits, at no item */
	err = messages_post(w, m, NULL);

	err = err ? err : messages_flush(w);
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

/* Returns the next `size` bytes where they lie; NULL with errno 0: they must be received; NULL with errno set: an
 * error. */
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

/* Receives the payload of `kind` that belongs to `item`; it is valid until the next one is received. */
static int receive_payload(struct worker *w, enum message_kind kind, uint64_t item, struct bytes *in)
{
	struct message m;
	int err;

	err = receive_all(w, &m, sizeof(m));
	if (err)
		return err;
	if (!message_is_sane(&m) || m.kind != kind || m.first != item)
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

int messages_arguments(struct worker *w, uint64_t item)
{
	struct bytes packed;
	uint64_t number;
	size_t at = sizeof(number);
	int err = receive_payload(w, MESSAGE_ARGUMENTS, item, &packed);

	if (err || packed.size < sizeof(number))
		return err ? err : -EPROTO;
	memcpy(&number, packed.data, sizeof(number));
	while (at < packed.size) /* goes through each text, as a called function would */
		at += strnlen((const char *)packed.data + at, packed.size - at) + 1;
	return number == item && at == packed.size ? 0 : -EPROTO;
}

int messages_input(struct worker *w, uint64_t item, struct bytes *in)
{
	return receive_payload(w, MESSAGE_INPUT, item, in);
}

void messages_end(struct worker *w, enum message_kind how)
{
	int err = messages_post(w, message_make(how, 0, 0), NULL);

	err = err ? err : messages_flush(w);
	if (err)
		messages_fail(w, ITEM_NONE, err);
}
