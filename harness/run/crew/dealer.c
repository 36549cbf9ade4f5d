#include "run/crew/dealer.h"

#include "base/digest.h"
#include "run/crew/answer.h"
#include "run/crew/futures.h"
#include "run/crew/inbox.h"
#include "run/crew/submitter.h"

#include <errno.h>
#include <stdlib.h>

#define PIECES_A_TURN 256 /* pieces that are taken from one worker before the next one's turn */
#define ERRNO_MOST 4095   /* the kernel's MAX_ERRNO */

/* The conversation between the parent and the worker that has one of the places now. */
struct conversation {
	struct inbox inbox;
	struct answer answer;
	bool asks; /* it has asked for a range, but there was none yet */
	bool ended, left;
	uint64_t items, digest; /* its results, if the parent counts them */
};

struct dealer {
	const struct crew *crew;
	const struct sink *sink; /* the round's */
	unsigned workers, ended;
	bool counts; /* the parent counts results, since workers may be lost */
	struct submitter submitter;
	bool *to_send;
	struct conversation with[]; /* one a worker */
};

/* ---- Making ---- */

struct dealer *dealer_create(const struct crew *crew)
{
	unsigned workers = crew->cell->workers;
	struct dealer *d = calloc(1, sizeof(*d) + workers * sizeof(d->with[0]));
	int err;

	if (!d)
		return NULL;
	d->crew = crew;
	d->workers = workers;
	d->counts = crew_may_lose(crew);
	d->to_send = calloc(workers, sizeof(*d->to_send));
	err = d->to_send ? submitter_init(&d->submitter, crew) : -ENOMEM;
	for (unsigned w = 0; w < workers && !err; w++) {
		err = inbox_init(&d->with[w].inbox, crew->transport, crew->channels, w, crew->state.output_max);
		err = err ? err : answer_init(&d->with[w].answer, crew, w);
	}
	if (!err)
		return d;
	dealer_destroy(d);
	return NULL;
}

void dealer_destroy(struct dealer *d)
{
	if (!d)
		return;
	for (unsigned w = 0; w < d->workers; w++) {
		inbox_release(&d->with[w].inbox);
		answer_release(&d->with[w].answer);
	}
	submitter_release(&d->submitter);
	free(d->to_send);
	free(d);
}

void dealer_begin(struct dealer *d, const struct round *round)
{
	d->sink = &round->sink;
	submitter_begin(&d->submitter);
	for (unsigned w = 0; w < d->workers; w++) {
		dealer_replace(d, w);
		d->with[w].asks = d->with[w].answer.under_way = false;
	}
}

void dealer_replace(struct dealer *d, unsigned w)
{
	struct conversation *c = &d->with[w];

	d->ended -= c->ended;
	c->ended = c->left = false; /* `answer` stays: what was being sent is for the successor */
	c->items = c->digest = 0;
}

bool dealer_has_ended(const struct dealer *d, unsigned w)
{
	return d->with[w].ended;
}

bool dealer_all_ended(const struct dealer *d)
{
	return d->ended == d->workers;
}

bool dealer_has_left(const struct dealer *d, unsigned w)
{
	return d->with[w].left;
}

/* ---- Requests ---- */

/* Takes the futures' next range for worker `w`. Returns false when the worker must wait for one. */
static bool find_in_futures(const struct crew *crew, unsigned w, struct range *range)
{
	enum next next = futures_next(crew->futures, arena_ranges(crew->arena)->chunk, range);

	if (next == NEXT_HOLD ||
	    (next == NEXT_END && crew->cell->calling.retry && !futures_all_ended(crew->futures)))
		return false;
	futures_own(crew->futures, *range, w);
	return true;
}

/* Answers a worker that wants any range. If there is none yet, the worker waits. */
static void answer_any(struct dealer *d, unsigned w)
{
	const struct crew *crew = d->crew;
	struct conversation *c = &d->with[w];
	struct range range = { 0, 0 };

	if (crew_submits(crew))
		c->asks = !find_in_futures(crew, w, &range);
	else if (!ranges_take(arena_ranges(crew->arena), w, &range))
		range = (struct range){ 0, 0 };
	if (!c->asks)
		answer_begin(&c->answer, range);
}

/* Takes a worker's request: for any range, or for the arguments and inputs of the range that it names. */
static int take_request(struct dealer *d, unsigned w, const struct message *m)
{
	struct conversation *c = &d->with[w];
	uint64_t items = d->crew->arena->items;
	ssize_t n = 1;

	if (!crew_asks(d->crew))
		return -EPROTO;
	while (c->answer.under_way && n > 0) /* all was taken, but some transports say so only when asked */
		n = answer_send(&c->answer);
	if (n < 0)
		return (int)n;
	if (c->answer.under_way || c->asks || m->first > items || m->size > items - m->first)
		return -EPROTO;
	if (m->size == 0)
		answer_any(d, w);
	else
		answer_begin(&c->answer, (struct range){ m->first, m->first + m->size });
	return 0;
}

/* ---- Results ---- */

static int take_result(struct dealer *d, unsigned w, const struct result *result)
{
	struct conversation *c = &d->with[w];
	int late;

	if (result->item >= d->crew->arena->items)
		return -EPROTO;
	if (!d->crew->futures) {
		if (d->sink->result)
			d->sink->result(d->sink->context, result);
		return 0;
	}
	late = futures_complete(d->crew->futures, result);
	if (late == 0 && d->counts && !result->error) {
		c->items++;
		c->digest += digest_item(arena_item(d->crew->arena, result->item), result->output.data,
					 result->output.size);
	}
	return late < 0 ? late : 0;
}

static int take_error(struct dealer *d, unsigned w, const struct message *m)
{
	struct result result = { .item = m->first, .error = (int)m->size };

	if (!d->crew->futures || !crew_keeps_errors(d->crew) || m->size == 0 || m->size > ERRNO_MOST)
		return -EPROTO;
	return take_result(d, w, &result);
}

static int take_message(struct dealer *d, unsigned w, const struct message *m, const void *payload)
{
	struct result result = { .item = m->first, .output = { payload, m->size } };
	struct conversation *c = &d->with[w];

	switch (m->kind) {
	case MESSAGE_REQUEST:
		return take_request(d, w, m);
	case MESSAGE_RESULT:
		return take_result(d, w, &result);
	case MESSAGE_ERROR:
		return take_error(d, w, m);
	case MESSAGE_END:
		d->ended += !c->ended;
		c->ended = true;
		return 0;
	case MESSAGE_LEAVE:
		if (!d->crew->cell->calling.recycle)
			return -EPROTO;
		c->left = true;
		return 0;
	default:
		return -EPROTO;
	}
}

/* ---- Serving ---- */

/* Receives one piece and takes the messages that are whole. Returns the bytes moved, or -errno. */
static ssize_t hear(struct dealer *d, unsigned w)
{
	struct inbox *inbox = &d->with[w].inbox;
	ssize_t n = inbox_receive(inbox);
	const void *payload;
	struct message m;
	int more = n > 0, err = 0;

	while (more > 0 && !err) {
		more = inbox_next(inbox, &m, &payload);
		err = more > 0 ? take_message(d, w, &m, payload) : more;
	}
	return err ? err : n;
}

static ssize_t serve_worker(struct dealer *d, unsigned w)
{
	struct conversation *c = &d->with[w];
	bool moved = false;
	ssize_t n = 0;

	for (int piece = 0; piece < PIECES_A_TURN && (n = hear(d, w)) > 0; piece++)
		moved = true;
	if (n >= 0 && c->asks) {
		c->asks = false;
		answer_any(d, w);
	}
	while (n >= 0 && c->answer.under_way && (n = answer_send(&c->answer)) > 0)
		moved = true;
	return n < 0 ? n : moved;
}

int dealer_serve(struct dealer *d, unsigned *worker)
{
	bool moved = d->crew->submissions && submitter_submit(&d->submitter);

	for (unsigned w = 0; w < d->workers; w++) {
		ssize_t n = serve_worker(d, w);

		*worker = w;
		if (n < 0)
			return (int)n;
		moved |= n > 0;
	}
	return moved;
}

void dealer_count(const struct dealer *d, unsigned w)
{
	struct slot *slot = arena_slot(d->crew->arena, w);

	slot->items += d->with[w].items;
	slot->digest += d->with[w].digest;
	slot->sent_items += d->with[w].items;
	slot->sent_digest += d->with[w].digest;
}

int dealer_drain(struct dealer *d, unsigned w)
{
	const struct transport *t = d->crew->transport;
	void *channels = d->crew->channels;
	struct conversation *c = &d->with[w];
	ssize_t n;

	do {
		n = hear(d, w);
	} while (n > 0);
	inbox_clear(&c->inbox);
	c->asks = c->answer.under_way = false;
	while (t->wait(channels, w, END_WORKER, NULL, 0)) /* empties what the worker has not taken */
		if (t->receive(channels, w, END_WORKER, c->inbox.data, INBOX_SIZE) <= 0)
			break;
	if (d->crew->submissions)
		submitter_note_death(&d->submitter, w);
	return n == -EPIPE ? 0 : (int)n;
}

void dealer_wait(struct dealer *d, int timeout_ms)
{
	bool any = false;

	for (unsigned w = 0; w < d->workers; w++)
		any |= d->to_send[w] = d->with[w].answer.under_way;
	d->crew->transport->wait(d->crew->channels, 0, END_PARENT, any ? d->to_send : NULL, timeout_ms);
}
