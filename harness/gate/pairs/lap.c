#include "gate/pairs/lap.h"

#include "base/random.h"
#include "gate/pairs/slicing.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Draws one of the processors on which the cell's worker may run. */
static void draw_processor(struct lap *l, struct cpus *one)
{
	const struct cpus *set = l->plan->trial->bind;
	size_t count = 0;

	for (unsigned cpu = 0; cpu < CPUS_WORDS * 64; cpu++) {
		if (!(set->bits[cpu / 64] >> cpu % 64 & 1) || random_below(&l->setup->random, ++count))
			continue;
		*one = (struct cpus){ 0 };
		one->bits[cpu / 64] = UINT64_C(1) << cpu % 64;
	}
}

static int execute(struct lap *l, int ring_fd)
{
	struct cpus bind = { 0 };
	struct pair_layout layout = { .control = l->control, .ring = l->ring, .ring_fd = ring_fd, .bind = &bind };
	int err;

	draw_processor(l, &bind);
	err = processes_begin(&l->processes, l->setup, l->cell, l->plan, &layout);
	if (!err) {
		l->turns.again_seat = l->control ? processes_seat(&l->processes, SIDE_CONTROL) : 0;
		turns_draw(&l->turns, &l->setup->random, l->ring->turns);
		ring_start(l->ring);
		err = processes_turn(&l->processes, l->turns.rounds);
	}
	err = processes_end(&l->processes, err, l->times);
	return err || ring_is_over(l->ring) ? err : -EPROTO;
}

int lap_drive(struct lap *l)
{
	struct ring_layout layout = {
		.seats = l->turns.seats,
		.slices = l->turns.slices,
		.rounds = l->turns.rounds,
		.turns = (uint32_t)turns_count(&l->turns),
	};
	int fd, err;

	l->ring = ring_create(&layout, &fd);
	if (!l->ring)
		return -errno;
	memcpy(ring_cuts(l->ring), l->slicing->cuts, (layout.slices + (size_t)1) * sizeof(uint64_t));
	err = execute(l, fd);
	close(fd);
	return err;
}
