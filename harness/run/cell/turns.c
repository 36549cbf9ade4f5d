#include "run/cell/internal.h"
#include "run/cell/rest.h"

#include <errno.h>
#include <string.h>

/* Waits for what the supervisor says next. Returns 1, or 0 if it has nothing more to say. */
static int receive_next(struct cell_process *p, struct frame_head *head, const void **data)
{
	struct rest rest = rest_begin(&p->crew);
	int received;

	frame_send(p->fd, FRAME_RESTS, NULL, 0);
	received = frame_receive(&p->received, p->fd, head, data);
	p->crew_report.spins |= rest_was_spent(&rest, &p->crew);
	return received == 1;
}

int cell_take_turns(struct cell_process *p)
{
	struct frame_head head;
	const void *data;
	uint32_t rounds;

	while (receive_next(p, &head, &data)) {
		int err;

		if (head.type == FRAME_LEAVE)
			return 0;
		if (head.type != FRAME_TURN || head.size != sizeof(rounds))
			return cell_fail(p, "the supervisor speaks another version of the frames");
		memcpy(&rounds, data, sizeof(rounds));
		err = p->spec.ring_fd ? cell_execute_slices(p) : cell_count_rounds(p, rounds, rounds);
		if (err)
			return err;
	}
	return cell_fail(p, "the supervisor has left");
}
