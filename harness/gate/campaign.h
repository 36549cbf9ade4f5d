/* A campaign measures the cells of a gate and judges them, by looks and controls: by pairs (gate/pairs/judge.h), by
 * instructions, or by blocks, where a build cannot take turns.
 *
 * By blocks several cells are screened first, with few runs and at a lenient level. Those that might be slower are
 * measured again, and judged by the new data only, so that the chance by which a cell looked slow does not count
 * against it. A single cell is tested at once, as all are by pairs. Called by the main process. */
#ifndef BENCH_GATE_CAMPAIGN_H
#define BENCH_GATE_CAMPAIGN_H

#include "gate/trials/trial.h"
#include "run/supervise/placement.h"

/* What a campaign calls between blocks; either may be NULL. */
struct campaign_observer {
	void (*progress)(void *context, uint64_t done_ns, uint64_t total_ns, const char *what);
	/* Saves the gate; called at most once a second, and at the end. Returns 0, or -errno, which ends the gate. */
	int (*save)(void *context, const struct gate *gate);
	void *context;
};

struct campaign {
	struct trial_setup setup; /* without the launcher's signals, which the campaign sets */
	const struct gate_options *options;
	const struct placement *placement;
	struct campaign_observer observer;
};

/* Fills gate->cells (whose `id` and `cell` are set), the controls and the verdicts. Returns 0, also if cells failed;
 * -EINTR after a signal, which is then in gate->interrupted and campaign->setup.signal; or -errno: a process could not
 * be started, or the gate not be saved. */
int campaign_run(struct campaign *campaign, struct gate *gate);

#endif
