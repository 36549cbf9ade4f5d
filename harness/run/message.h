/* What parent and workers say to each other over a transport.
 *
 * Up: REQUEST asks for a range, or for the inputs of one that the worker took itself; RESULT carries an
 * output; END says that the worker has asked for the last time in this round.
 * Down: RANGE names the range, followed by one INPUT for each of its items where the workload has
 * input payloads; an empty RANGE: nothing is left. */
#ifndef BENCH_RUN_MESSAGE_H
#define BENCH_RUN_MESSAGE_H

#include <stdint.h>

enum message_kind { MESSAGE_REQUEST = 1, MESSAGE_RESULT, MESSAGE_END, MESSAGE_RANGE, MESSAGE_INPUT };

/* Comes before each payload. */
struct message {
	uint32_t kind;
	uint32_t check; /* MESSAGE_CHECK ^ kind: garbage is found at once */
	uint64_t first; /* item, or first item of a range */
	uint64_t size;  /* items of a range, bytes of a payload */
};

#define MESSAGE_CHECK 0x6d736721u

static inline struct message message_make(enum message_kind kind, uint64_t first, uint64_t size)
{
	return (struct message){ .kind = kind, .check = MESSAGE_CHECK ^ kind, .first = first, .size = size };
}

static inline int message_is_sane(const struct message *m)
{
	return m->kind >= MESSAGE_REQUEST && m->kind <= MESSAGE_INPUT && m->check == (MESSAGE_CHECK ^ m->kind);
}

#endif
