#include "run/crew/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t arguments_size(const struct crew *crew)
{
	size_t size = sizeof(uint64_t);

	if (!crew->call || !crew->call->arguments)
		return 0;
	for (size_t i = 0; crew->workload->params && crew->workload->params[i].name; i++)
		size += strlen(crew->cell->values[i]) + 1;
	return size;
}

/* Writes all arguments but the first, which is the item's number. */
static void write_arguments(const struct crew *crew, char *to)
{
	to += sizeof(uint64_t);
	for (size_t i = 0; crew->workload->params && crew->workload->params[i].name; i++)
		to = stpcpy(to, crew->cell->values[i]) + 1;
}

int answer_init(struct answer *a, const struct crew *crew, unsigned worker)
{
	*a = (struct answer){ .crew = crew, .worker = worker, .arguments_size = arguments_size(crew) };
	if (!a->arguments_size)
		return 0;
	a->arguments = malloc(a->arguments_size);
	if (!a->arguments)
		return -ENOMEM;
	write_arguments(crew, a->arguments);
	return 0;
}

void answer_release(struct answer *a)
{
	free(a->arguments);
}

static void begin_message(struct answer *a, enum message_kind kind, uint64_t first, uint64_t size)
{
	a->message = message_make(kind, first, size);
	a->sent = 0;
}

void answer_begin(struct answer *a, struct range range)
{
	a->under_way = true;
	a->arguments_sent = false;
	a->payload = (struct bytes){ NULL, 0 };
	a->left = a->crew->has_input || a->arguments_size ? range : (struct range){ 0, 0 };
	begin_message(a, MESSAGE_RANGE, range.first, range.end - range.first);
}

/* Makes the next item's arguments or input the message to send. Returns 0, or the workload's -errno. */
static int next_payload(struct answer *a)
{
	const struct crew *crew = a->crew;
	enum message_kind kind = MESSAGE_INPUT;
	uint64_t item = a->left.first;
	int err = 0;

	if (a->arguments_size && !a->arguments_sent) {
		memcpy(a->arguments, &item, sizeof(item));
		a->payload = (struct bytes){ a->arguments, a->arguments_size };
		a->arguments_sent = true;
		kind = MESSAGE_ARGUMENTS;
	} else {
		err = crew->workload->input(crew->state.data, item, &a->payload);
	}
	if (kind == MESSAGE_INPUT || !crew->has_input) {
		a->left.first++;
		a->arguments_sent = false;
	}
	begin_message(a, kind, item, a->payload.size);
	return err;
}

ssize_t answer_send(struct answer *a)
{
	size_t head = sizeof(a->message), whole = head + a->payload.size;
	bool in_head = a->sent < head;
	const char *from = in_head ? (char *)&a->message + a->sent :
				     (const char *)a->payload.data + (a->sent - head);
	ssize_t n = a->crew->transport->send(a->crew->channels, a->worker, END_PARENT, from,
					     (in_head ? head : whole) - a->sent);
	int err = 0;

	if (n <= 0)
		return n;
	a->sent += (size_t)n;
	if (a->sent < whole)
		return n;
	a->under_way = a->left.first < a->left.end;
	if (a->under_way)
		err = next_payload(a);
	return err ? err : n;
}
