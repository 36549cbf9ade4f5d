#include "run/dealer.h"

#include "run/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECES_A_TURN 256 /* from one worker, before the next one's turn */

/* What the parent is about to say to one worker, and what that worker is saying. */
struct desk {
	struct message up; /* being received */
	size_t up_have;    /* bytes of it, and of its payload, so far */
	char *payload;     /* of output_max bytes, made when first needed */
	bool ended;

	bool answering;      /* a range is being sent, and its inputs */
	struct message down; /* being sent */
	struct bytes input;  /* of `down`, if it is a MESSAGE_INPUT */
	size_t down_sent;    /* bytes of both */
	struct range left;   /* items whose inputs follow */
};

struct dealer {
	unsigned workers, ended;
	size_t output_max;
	bool *to_send;
	struct desk desk[];
};

struct dealer *dealer_create(const struct crew *crew)
{
	unsigned workers = crew->cell->workers;
	struct dealer *d = calloc(1, sizeof(*d) + workers * sizeof(d->desk[0]));

	if (!d)
		return NULL;
	d->workers = workers;
	d->output_max = crew->state.output_max;
	d->to_send = calloc(workers, sizeof(*d->to_send));
	if (!d->to_send) {
		free(d);
		return NULL;
	}
	return d;
}

void dealer_destroy(struct dealer *d)
{
	if (!d)
		return;
	for (unsigned w = 0; w < d->workers; w++)
		free(d->desk[w].payload);
	free(d->to_send);
	free(d);
}

void dealer_begin(struct dealer *d)
{
	d->ended = 0;
	for (unsigned w = 0; w < d->workers; w++)
		d->desk[w].ended = false;
}

void dealer_succeed(struct dealer *d, unsigned w)
{
	d->ended -= d->desk[w].ended;
	d->desk[w].ended = false;
}

bool dealer_has_ended(const struct dealer *d, unsigned w)
{
	return d->desk[w].ended;
}

bool dealer_all_ended(const struct dealer *d)
{
	return d->ended == d->workers;
}

/* A worker asks: names its range, then the inputs of it. */
static int answer(struct desk *k, struct crew *crew, unsigned w)
{
	struct range range = { k->up.first, k->up.first + k->up.size };

	if (k->answering || k->up.size > crew->arena->items || range.end > crew->arena->items)
		return -EPROTO;
	if (k->up.size == 0 && !ranges_take(arena_ranges(crew->arena), w, &range))
		range = (struct range){ 0, 0 };
	k->answering = true;
	k->down = message_make(MESSAGE_RANGE, range.first, range.end - range.first);
	k->down_sent = 0;
	k->input = (struct bytes){ NULL, 0 };
	k->left = crew->has_input ? range : (struct range){ 0, 0 };
	return 0;
}

static int take_message(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct desk *k = &d->desk[w];
	struct result result = { k->up.first, { k->payload, k->up.size } };

	switch (k->up.kind) {
	case MESSAGE_REQUEST:
		return answer(k, crew, w);
	case MESSAGE_RESULT:
		if (sink->result)
			sink->result(sink->context, &result);
		return 0;
	case MESSAGE_END:
		d->ended += !k->ended;
		k->ended = true;
		return 0;
	default:
		return -EPROTO;
	}
}

/* Bytes of payload that follow the message. */
static size_t payload_size(const struct message *m)
{
	return m->kind == MESSAGE_RESULT || m->kind == MESSAGE_INPUT ? m->size : 0;
}

/* Receives one piece. Returns the bytes moved, or -errno. */
static ssize_t receive_piece(struct dealer *d, struct crew *crew, unsigned w, const struct sink *sink)
{
	struct desk *k = &d->desk[w];
	size_t head = sizeof(k->up), rest = payload_size(&k->up);
	bool in_head = k->up_have < head;
	ssize_t n;
	int err;

	if (in_head)
		n = crew->transport->receive(crew->channels, w, END_PARENT, (char *)&k->up + k->up_have,
					     head - k->up_have);
	else
		n = crew->transport->receive(crew->channels, w, END_PARENT, k->payload + (k->up_have - head),
					     rest - (k->up_have - head));
	if (n <= 0)
		return n;
	k->up_have += (size_t)n;
	if (in_head && k->up_have == head) {
		rest = payload_size(&k->up);
		if (!message_is_sane(&k->up) || rest > d->output_max ||
		    (k->up.kind == MESSAGE_RESULT && k->up.first >= crew->arena->items))
			return -EPROTO;
		if (rest && !k->payload)
			k->payload = malloc(d->output_max);
		if (rest && !k->payload)
			return -ENOMEM;
	}
	if (k->up_have < head || k->up_have < head + rest)
		return n;
	k->up_have = 0;
	err = take_message(d, crew, w, sink);
	return err ? err : n;
}

/* Makes the next input the message to send. Returns 0, or -errno of the workload. */
static int next_input(struct desk *k, struct crew *crew)
{
	uint64_t item = k->left.first++;
	int err = crew->workload->input(crew->state.data, item, &k->input);

	k->down = message_make(MESSAGE_INPUT, item, k->input.size);
	k->down_sent = 0;
	return err;
}

/* Sends one piece. Returns the bytes moved, or -errno. */
static ssize_t send_piece(struct desk *k, struct crew *crew, unsigned w)
{
	size_t head = sizeof(k->down), whole = head + k->input.size;
	ssize_t n;

	if (k->down_sent < head)
		n = crew->transport->send(crew->channels, w, END_PARENT, (char *)&k->down + k->down_sent,
					  head - k->down_sent);
	else
		n = crew->transport->send(crew->channels, w, END_PARENT,
					  (const char *)k->input.data + (k->down_sent - head), whole - k->down_sent);
	if (n <= 0)
		return n;
	k->down_sent += (size_t)n;
	if (k->down_sent < whole)
		return n;
	k->answering = k->left.first < k->left.end;
	if (k->answering) {
		int err = next_input(k, crew);

		return err ? err : n;
	}
	return n;
}

int dealer_serve(struct dealer *d, struct crew *crew, const struct sink *sink, unsigned *worker)
{
	bool moved = false;

	for (unsigned w = 0; w < d->workers; w++) {
		struct desk *k = &d->desk[w];
		ssize_t n = 0;

		*worker = w;
		for (int piece = 0; piece < PIECES_A_TURN && (n = receive_piece(d, crew, w, sink)) > 0; piece++)
			moved = true;
		if (n < 0)
			return (int)n;
		while (k->answering && (n = send_piece(k, crew, w)) > 0)
			moved = true;
		if (n < 0)
			return (int)n;
	}
	return moved;
}

void dealer_wait(struct dealer *d, struct crew *crew, int timeout_ms)
{
	bool any = false;

	for (unsigned w = 0; w < d->workers; w++)
		any |= d->to_send[w] = d->desk[w].answering;
	crew->transport->wait(crew->channels, 0, END_PARENT, any ? d->to_send : NULL, timeout_ms);
}
