/* A campaign: measures the cells of a gate and judges them (layers, looks, screening, controls).
 *
 * Several cells are screened first, with few runs and a lenient level; those that might be slower are measured
 * again with fresh data, so that nobody is condemned by the luck that made him suspect. A single cell is tested at
 * once. Called by the main process. */
#ifndef BENCH_GATE_CAMPAIGN_H
#define BENCH_GATE_CAMPAIGN_H

#include "gate/trials/trial.h"
#include "run/supervise/placement.h"

/* What is called between blocks; any may be NULL. */
struct campaign_observer {
	void (*progress)(void *context, uint64_t done_ns, uint64_t total_ns, const char *what);
	/* Saves the gate, at most once a second. Returns 0, or -errno: the gate ends. */
	int (*save)(void *context, const struct gate *gate);
	void *context;
};

struct campaign {
	struct trial_setup setup; /* but its launcher's signals, which are the campaign's */
	const struct gate_options *options;
	const struct placement *placement;
	struct campaign_observer observer;
};

/* Fills gate->cells, whose `id` and `cell` are set, the controls and the verdicts. Returns 0, also when cells
 * failed; -EINTR after a signal, named in gate->interrupted, its number in campaign->setup.signal; or -errno when no
 * process could be started or the gate not be saved. */
int campaign_run(struct campaign *campaign, struct gate *gate);

#endif
