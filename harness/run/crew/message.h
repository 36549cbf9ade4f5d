/* What parent and workers say to each other over a transport.
 *
 * Up: REQUEST asks for a range, or for the inputs of a range that the worker has taken itself; RESULT carries an
 * output, ERROR an item's errno, which goes to the item's future; END says that the worker has asked for the last time
 * in this round, LEAVE that it has executed as many items as it may and exits. Down: RANGE names a range; an empty
 * range says that nothing is left. For each of its items follow ARGUMENTS, if they travel (call `starmap`), and INPUT,
 * if the workload has input payloads. */
#ifndef BENCH_RUN_CREW_MESSAGE_H
#define BENCH_RUN_CREW_MESSAGE_H

#include <stdint.h>

enum message_kind {
	MESSAGE_REQUEST = 1,
	MESSAGE_RESULT,
	MESSAGE_ERROR,
	MESSAGE_END,
	MESSAGE_LEAVE,
	MESSAGE_RANGE,
	MESSAGE_ARGUMENTS,
	MESSAGE_INPUT,
};

/* The head of a message; a payload may follow it. The arguments of an item are its number and the workload's values, as
 * text. */
struct message {
	uint32_t kind;
	uint32_t check; /* MESSAGE_CHECK ^ kind: so that garbage is found at once */
	uint64_t first; /* the item, or the first item of a range */
	uint64_t size;  /* number of items of a range, bytes of a payload, or errno of an error */
};

#define MESSAGE_CHECK 0x6d736721u

/* Bytes of payload that follow the message. */
static inline uint64_t message_payload(const struct message *m)
{
	return m->kind == MESSAGE_RESULT || m->kind == MESSAGE_INPUT || m->kind == MESSAGE_ARGUMENTS ? m->size : 0;
}

static inline struct message message_make(enum message_kind kind, uint64_t first, uint64_t size)
{
	return (struct message){ .kind = kind, .check = MESSAGE_CHECK ^ kind, .first = first, .size = size };
}

static inline int message_is_sane(const struct message *m)
{
	return m->kind >= MESSAGE_REQUEST && m->kind <= MESSAGE_INPUT && m->check == (MESSAGE_CHECK ^ m->kind);
}

#endif
