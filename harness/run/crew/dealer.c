#include "run/crew/dealer.h"

#include "base/digest.h"
#include "run/crew/futures.h"
#include "run/crew/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECES_A_TURN 256  /* from one worker, before the next one's turn */
#define INBOX_SIZE 65536   /* bytes that are received at once */
#define VIEW_LEAST 4096    /* bytes of a payload that is worth looking at in place */
#define PARENT 0xfffe      /* takes submissions to cancel them */
#define ERRNO_MOST 4095    /* as the kernel's MAX_ERRNO */

/* What the parent is about to say to one worker, and what that worker is saying. */
struct conversation {
	char *inbox; /* whole messages, and the beginning of one */
	size_t have; /* bytes in it */
	struct message large; /* its payload does not fit there */
	char *payload;        /* of output_max bytes, made when first needed */
	size_t payload_have;
	bool in_payload;
	bool ended, left;
	uint64_t since; /* number of the first submission that the present worker can have taken */
	uint64_t items, digest; /* results of the present worker, where the parent counts them */

	bool asks;            /* for a range; there was none yet */
	bool answering;       /* a range is being sent, and what belongs to it */
	struct message down;  /* being sent */
	struct bytes payload_down;
	size_t down_sent;     /* bytes of both */
	struct range items_left; /* whose arguments and inputs follow */
	bool arguments_sent;  /* of the first of them */
	char *arguments;      /* of one item */
};

struct dealer {
	unsigned workers, ended;
	size_t output_max;
	bool counts; /* results: workers may be lost, who then cannot */
	struct range pending; /* handed out by the futures, not yet submitted */
	bool closed;
	size_t arguments_size; /* 0: none travel */
	bool *to_send;
	struct conversation talk[];
};

/* ---- Making ---- */

static size_t arguments_size(const struct crew *crew)
{
	size_t size = sizeof(uint64_t);

	if (!crew->call || !crew->call->arguments)
		return 0;
	for (size_t i = 0; crew->workload->params && crew->workload->params[i].name; i++)
		size += strlen(crew->cell->values[i]) + 1;
	return size;
}

/* All but the item's number, which comes first. */
static void write_arguments(const struct crew *crew, char *to)
{
	to += sizeof(uint64_t);
	for (size_t i = 0; crew->workload->params && crew->workload->params[i].name; i++)
		to = stpcpy(to, crew->cell->values[i]) + 1;
}

struct dealer *dealer_create(const struct crew *crew)
{
	unsigned workers = crew->cell->workers;
	struct dealer *d = calloc(1, sizeof(*d) + workers * sizeof(d->talk[0]));

	if (!d)
		return NULL;
	d->workers = workers;
	d->output_max = crew->state.output_max;
	d->counts = crew_may_lose(crew);
	d->arguments_size = arguments_size(crew);
	d->to_send = calloc(workers, sizeof(*d->to_send));
	for (unsigned w = 0; w < workers && d->to_send; w++) {
		struct conversation *k = &d->talk[w];

		k->inbox = malloc(INBOX_SIZE);
		k->arguments = malloc(d->arguments_size + 1);
		if (!k->inbox || !k->arguments) {
			dealer_destroy(d);
			return NULL;
		}
		if (d->arguments_size)
			write_arguments(crew, k->arguments);
	}
	if (d->to_send)
		return d;
	dealer_destroy(d);
	return NULL;
}

void dealer_destroy(struct dealer *d)
{
	if (!d)
		return;
	for (unsigned w = 0; w < d->workers; w++) {
		free(d->talk[w].inbox);
		free(d->talk[w].payload);
		free(d->talk[w].arguments);
	}
	free(d->to_send);
	free(d);
}

void dealer_begin(struct dealer *d)
{
	d->ended = 0;
	d->closed = false;
	d->pending = (struct range){ 0, 0 };
	for (unsigned w = 0; w < d->workers; w++) {
		dealer_renew(d, w);
		d->talk[w].asks = d->talk[w].answering = false;
		d->talk[w].since = 0;
	}
	d->ended = 0;
}

void dealer_renew(struct dealer *d, unsigned w)
{
	struct conversation *k = &d->talk[w];

	d->ended -= k->ended;
	k->ended = k->left = false; /* what is being sent to one that left is its successor's */
	k->items = k->digest = 0;
}

bool dealer_has_ended(const struct dealer *d, unsigned w)
{
	return d->talk[w].ended;
}

bool dealer_all_ended(const struct dealer *d)
{
	return d->ended == d->workers;
}

bool dealer_has_left(const struct dealer *d, unsigned w)
{
	return d->talk[w].left;
}

/* ---- Down: ranges, arguments, inputs ---- */

static void begin_answer(struct dealer *d, const struct crew *crew, struct conversation *k, struct range range)
{
	k->answering = true;
	k->arguments_sent = false;
	k->down = message_make(MESSAGE_RANGE, range.first, range.end - range.first);
	k->down_sent = 0;
	k->payload_down = (struct bytes){ NULL, 0 };
	k->items_left = crew->has_input || d->arguments_size ? range : (struct range){ 0, 0 };
}

/* Answers a worker that wants any range. Where there is none yet, it waits. */
static void answer_any(struct dealer *d, struct crew *crew, unsigned w)
{
	struct conversation *k = &d->talk[w];
	struct range range = { 0, 0 };

	if (crew_submits(crew)) {
		enum next next = futures_next(crew->futures, arena_ranges(crew->arena)->chunk, &range);

		k->asks = next == NEXT_HOLD || (next == NEXT_END && crew->cell->calling.retry &&
						!futures_all_ended(crew->futures));
		if (k->asks)
			return;
		futures_own(crew->futures, range, w);
	} else if (!ranges_take(arena_ranges(crew->arena), w, &range)) {
		range = (struct range){ 0, 0 };
	}
	begin_answer(d, crew, k, range);
}

/* Makes what belongs to the next item the message to send. Returns 0, or -errno of the workload. */
static int next_payload(struct dealer *d, struct conversation *k, struct crew *crew)
{
	uint64_t item = k->items_left.first;
	enum message_kind kind = MESSAGE_INPUT;
	int err = 0;

	if (d->arguments_size && !k->arguments_sent) {
		memcpy(k->arguments, &item, sizeof(item));
		k->payload_down = (struct bytes){ k->arguments, d->arguments_size };
		k->arguments_sent = true;
		kind = MESSAGE_ARGUMENTS;
	} else {
		err = crew->workload->input(crew->state.data, item, &k->payload_down);
	}
	if (kind == MESSAGE_INPUT || !crew->has_input) {
		k->items_left.first++;
		k->arguments_sent = false;
	}
	k->down = message_make(kind, item, k->payload_down.size);
	k->down_sent = 0;
	return err;
}

/* Sends one piece. Returns the bytes moved, or -errno. */
static ssize_t send_piece(struct dealer *d, struct crew *crew, unsigned w)
{
	struct conversation *k = &d->talk[w];
	size_t head = sizeof(k->down), whole = head + k->payload_down.size;
	bool in_head = k->down_sent < head;
	const char *from = in_head ? (char *)&k->down + k->down_sent :
				     (const char *)k->payload_down.data + (k->down_sent - head);
	ssize_t n = crew->transport->send(crew->channels, w, END_PARENT, from, (in_head ? head : whole) - k->down_sent);

	if (n <= 0)
		return n;
	k->down_sent += (size_t)n;
	if (k->down_sent < whole)
		return n;
	k->answering = k->items_left.first < k->items_left.end;
	if (k->answering) {
		int err = next_payload(d, k, crew);

		return err ? err : n;
	}
	return n;
}

/* A worker asks: for any range, or for what belongs to the one that it names. */
static int answer(struct dealer *d, struct crew *crew, unsigned w, const struct message *m)
{
	struct conversation *k = &d->talk[w];
	struct range range = { m->first, m->first + m->size };
	ssize_t n = 1;

	if (!crew_asks(crew))
		return -EPROTO;
	while (k->answering && n > 0) /* it has taken all, but not every transport says so before it is asked */
		n = send_piece(d, crew, w);
	if (n < 0)
		return (int)n;
	if (k->answering || k->asks || m->first > crew->arena->items || m->size > crew->arena->items - m->first)
		return -EPROTO;
	if (m->size == 0)
		answer_any(d, crew, w);
	else
		begin_answer(d, crew, k, range);
	return 0;
}

/* ---- Up: requests, results ---- */

static int take_result(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink, struct result *result)
{
	struct conversation *k = &d->talk[w];
	int late;

	if (result->item >= crew->arena->items)
		return -EPROTO;
	if (!crew->futures) {
		if (sink->result)
			sink->result(sink->context, result);
		return 0;
	}
	late = futures_complete(crew->futures, result);
	if (late == 0 && d->counts && !result->error) {
		k->items++;
		k->digest += digest_item(result->item, result->output.data, result->output.size);
	}
	return late < 0 ? late : 0;
}

static int take_message(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink,
			const struct message *m, const void *payload)
{
	struct result result = { .item = m->first, .output = { payload, m->size } };
	struct conversation *k = &d->talk[w];

	switch (m->kind) {
	case MESSAGE_REQUEST:
		return answer(d, crew, w, m);
	case MESSAGE_ERROR:
		result = (struct result){ .item = m->first, .error = (int)m->size };
		if (!crew->futures || !crew_keeps_errors(crew) || m->size == 0 || m->size > ERRNO_MOST)
			return -EPROTO;
		return take_result(d, crew, w, sink, &result);
	case MESSAGE_RESULT:
		return take_result(d, crew, w, sink, &result);
	case MESSAGE_END:
		d->ended += !k->ended;
		k->ended = true;
		return 0;
	case MESSAGE_LEAVE:
		if (!crew->cell->calling.recycle)
			return -EPROTO;
		k->left = true;
		return 0;
	default:
		return -EPROTO;
	}
}

static bool is_sane(const struct dealer *d, const struct message *m)
{
	return message_is_sane(m) && message_payload(m) <= d->output_max;
}

/* A payload that the inbox cannot hold: what has come of it goes to a place of its own. */
static int begin_large(struct dealer *d, struct conversation *k, const struct message *m, const char *rest, size_t size)
{
	if (!k->payload)
		k->payload = malloc(d->output_max);
	if (!k->payload)
		return -ENOMEM;
	memcpy(k->payload, rest, size);
	k->large = *m;
	k->payload_have = size;
	k->in_payload = true;
	return 0;
}

/* Takes the whole messages out of the inbox. Returns 0 or -errno. */
static int open_inbox(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct conversation *k = &d->talk[w];
	size_t at = 0;
	int err = 0;

	while (!err && k->have - at >= sizeof(struct message)) {
		const char *payload = k->inbox + at + sizeof(struct message);
		size_t there = k->have - at - sizeof(struct message), size;
		struct message m;

		memcpy(&m, k->inbox + at, sizeof(m));
		if (!is_sane(d, &m))
			return -EPROTO;
		size = message_payload(&m);
		if (size > there && (crew->transport->view || sizeof(m) + size > INBOX_SIZE)) {
			err = begin_large(d, k, &m, payload, there);
			at = k->have;
			break;
		}
		if (size > there)
			break;
		err = take_message(d, crew, w, sink, &m, payload);
		at += sizeof(m) + size;
	}
	memmove(k->inbox, k->inbox + at, k->have - at);
	k->have -= at;
	return err;
}

/* Looks at the payload in place. Returns its size, 0: there is nothing to look at, or -errno. */
static ssize_t view_payload(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct conversation *k = &d->talk[w];
	const void *payload;
	int err;

	if (!crew->transport->view || k->payload_have || k->large.size < VIEW_LEAST)
		return 0;
	errno = 0;
	payload = crew->transport->view(crew->channels, w, END_PARENT, k->large.size);
	if (!payload)
		return -errno;
	k->in_payload = false;
	err = take_message(d, crew, w, sink, &k->large, payload);
	return err ? err : (ssize_t)k->large.size;
}

static ssize_t receive_payload(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct conversation *k = &d->talk[w];
	ssize_t n = view_payload(d, crew, w, sink);
	int err;

	if (n)
		return n;
	n = crew->transport->receive(crew->channels, w, END_PARENT, k->payload + k->payload_have,
				     k->large.size - k->payload_have);
	if (n <= 0)
		return n;
	k->payload_have += (size_t)n;
	if (k->payload_have < k->large.size)
		return n;
	k->in_payload = false;
	err = take_message(d, crew, w, sink, &k->large, k->payload);
	return err ? err : n;
}

/* Receives one piece. Returns the bytes moved, or -errno. */
static ssize_t receive_piece(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct conversation *k = &d->talk[w];
	/* where a payload can be looked at in place, no more than its head may be received */
	size_t room = crew->transport->view ? sizeof(struct message) - k->have : INBOX_SIZE - k->have;
	ssize_t n;
	int err;

	if (k->in_payload)
		return receive_payload(d, crew, w, sink);
	n = crew->transport->receive(crew->channels, w, END_PARENT, k->inbox + k->have, room);
	if (n <= 0)
		return n;
	k->have += (size_t)n;
	err = open_inbox(d, crew, w, sink);
	return err ? err : n;
}

/* ---- Submitting through shared memory ---- */

static void cancel_submitted(struct crew *crew)
{
	struct range range;

	while (submissions_take(crew->submissions, PARENT, &range))
		futures_cancel(crew->futures, range);
}

/* Makes `pending` hold a range. Returns whether there is one. */
static bool find_pending(struct dealer *d, struct crew *crew)
{
	enum next next;

	if (d->pending.first < d->pending.end)
		return true;
	next = futures_next(crew->futures, arena_ranges(crew->arena)->chunk, &d->pending);
	if (next != NEXT_RANGE)
		d->pending = (struct range){ 0, 0 };
	if (next == NEXT_END && !d->closed && (!d->counts || futures_all_ended(crew->futures))) {
		d->closed = true;
		submissions_close(crew->submissions);
	}
	return next == NEXT_RANGE;
}

/* Whose the items of a submission are; not if that worker has been replaced since. */
static void note_owner(struct dealer *d, struct crew *crew, const struct taken *t)
{
	if (t->owner != OWNER_NONE && t->owner <= d->workers && t->number >= d->talk[t->owner - 1].since)
		futures_own(crew->futures, t->range, t->owner - 1);
}

/* Returns whether anything was submitted. */
static bool submit(struct dealer *d, struct crew *crew)
{
	bool any = false;
	struct taken gone;

	if (futures_are_cancelled(crew->futures))
		cancel_submitted(crew);
	while (find_pending(d, crew) && submissions_add(crew->submissions, d->pending, &gone)) {
		note_owner(d, crew, &gone);
		d->pending = (struct range){ 0, 0 };
		any = true;
	}
	if (any)
		submissions_wake(crew->submissions);
	return any;
}

/* ---- Serving ---- */

static ssize_t serve_worker(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct conversation *k = &d->talk[w];
	bool moved = false;
	ssize_t n = 0;

	for (int piece = 0; piece < PIECES_A_TURN && (n = receive_piece(d, crew, w, sink)) > 0; piece++)
		moved = true;
	if (n >= 0 && k->asks) {
		k->asks = false;
		answer_any(d, crew, w);
	}
	while (n >= 0 && k->answering && (n = send_piece(d, crew, w)) > 0)
		moved = true;
	return n < 0 ? n : moved;
}

int dealer_serve(struct dealer *d, struct crew *crew, const struct sink *sink, unsigned *worker)
{
	bool moved = crew->submissions && submit(d, crew);

	for (unsigned w = 0; w < d->workers; w++) {
		ssize_t n = serve_worker(d, crew, w, sink);

		*worker = w;
		if (n < 0)
			return (int)n;
		moved |= n > 0;
	}
	return moved;
}

void dealer_count(const struct dealer *d, struct crew *crew, unsigned w)
{
	struct slot *slot = arena_slot(crew->arena, w);

	slot->items += d->talk[w].items;
	slot->digest += d->talk[w].digest;
	slot->sent_items += d->talk[w].items;
	slot->sent_digest += d->talk[w].digest;
}

int dealer_bury(struct dealer *d, struct crew *crew, const struct sink *sink, unsigned w)
{
	const struct transport *t = crew->transport;
	struct conversation *k = &d->talk[w];
	ssize_t n;

	do {
		n = receive_piece(d, crew, w, sink);
	} while (n > 0);
	k->have = 0; /* half a message */
	k->in_payload = k->asks = k->answering = false;
	while (t->wait(crew->channels, w, END_WORKER, NULL, 0))
		if (t->receive(crew->channels, w, END_WORKER, k->inbox, INBOX_SIZE) <= 0)
			break;
	for (unsigned i = 0; crew->submissions && i < SUBMISSIONS; i++) {
		struct taken last = submissions_look(crew->submissions, i);

		if (last.owner == w + 1)
			note_owner(d, crew, &last);
	}
	k->since = crew->submissions ? submissions_next(crew->submissions) : 0;
	return n == -EPIPE ? 0 : (int)n;
}

void dealer_wait(struct dealer *d, struct crew *crew, int timeout_ms)
{
	bool any = false;

	for (unsigned w = 0; w < d->workers; w++)
		any |= d->to_send[w] = d->talk[w].answering;
	crew->transport->wait(crew->channels, 0, END_PARENT, any ? d->to_send : NULL, timeout_ms);
}
