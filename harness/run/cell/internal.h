/* The parts of a cell process; only the files of this folder include this header.
 *
 * cell.c opens the workload, starts and stops the crew; rounds.c executes rounds; checks.c compares what a
 * round produced with what it must. Functions return 0, or -ECHILD with the failure told to the supervisor. */
#ifndef BENCH_RUN_CELL_INTERNAL_H
#define BENCH_RUN_CELL_INTERNAL_H

#include "run/wire/frames.h"
#include "run/cell/gather.h"
#include "run/wire/spec.h"

#define UNSTAMPED_ROUNDS 5 /* for the cost of the stamps */
#define STAMP_GROUP 64     /* items of which one is stamped, or more where that would cost too much */

struct cell_process {
	int fd;
	struct spec spec;
	double weights[COST_RANGES];
	bool has_weights;
	struct crew crew;
	struct sample sample; /* of the last round */
	struct before_round before;
	uint32_t rounds_done; /* of all kinds: number of the last round */
	uint64_t digest;      /* of the first round with all items */
	bool has_digest;
	uint64_t received_items, received_digest; /* by the sink, in this round */
	struct crew_report report;
	double stamped_ns[UNSTAMPED_ROUNDS], unstamped_ns[UNSTAMPED_ROUNDS]; /* wall time of rounds */
	unsigned pairs;
};

/* That a phase begins. */
void cell_tell_phase(const struct cell_process *p, enum phase phase);

/* Tells the crew's failure, and ends what is left of it; makes one of `why` before. */
int cell_tell_failure(const struct cell_process *p);
int cell_fail(struct cell_process *p, const char *why);

/* Whether every item carries its own stamps, whatever it costs: one process an item, or a line in the log. */
bool cell_stamps_all(const struct cell_process *p);

/* The warm-up round, the counted rounds, and the one for counters that are dear to open; each sample is sent. */
int cell_warm_up(struct cell_process *p);
int cell_count_rounds(struct cell_process *p);
int cell_probed_round(struct cell_process *p);

/* After a round: the same items with the same answers as before; all results arrived as they were sent; what the
 * workload and the mode have to say; and after the warm-up, every item exactly once. */
int cell_check_sample(struct cell_process *p, const struct round *round);
int cell_check_received(struct cell_process *p, const struct round *round);
int cell_settle(struct cell_process *p, const struct round *round);
int cell_check_marks(struct cell_process *p, const struct round *round);

#endif
