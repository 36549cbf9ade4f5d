/* By instructions, which are counted once or twice. */
#include "gate/internal.h"

#include "base/clock.h"
#include "gate/count/count.h"
#include "gate/time/judge.h"

#include <errno.h>

/* Counts the baseline once more, of the first cell that was counted. */
static int count_baseline_again(struct campaign_state *c)
{
	for (size_t i = 0; i < c->gate->cell_count; i++) {
		struct gate_cell *cell = &c->gate->cells[i];
		double difference;
		int err;

		if (!cell->measured)
			continue;
		err = count_control(&c->campaign->setup, cell, &c->cells[i].plan, c->gate->tolerance, &difference);
		if (!err)
			judge_counted_control(c->gate, cell, difference);
		return err == -ENODATA ? 0 : campaign_settle(cell, err);
	}
	return 0;
}

int campaign_by_counts(struct campaign_state *c)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && !err; i++) {
		struct gate_cell *cell = &c->gate->cells[i];
		bool late = clock_ns() > c->deadline_ns;

		if (cell->failed)
			continue;
		err = campaign_tell(c, cell->id, false);
		if (!err)
			err = late ? -ETIME
				   : count_cell(&c->campaign->setup, cell, &c->cells[i].plan, c->gate->tolerance);
		err = campaign_settle(cell, err);
	}
	return err ? err : count_baseline_again(c);
}
