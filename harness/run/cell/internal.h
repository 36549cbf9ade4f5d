/* The parts of a cell process; only the files of this folder include this header.
 *
 * cell.c opens the workload and starts and stops the crew; rounds.c executes rounds, turns.c does so when the cell
 * process is told to, or lets slices.c execute slices; checks.c checks what a round has produced. Functions return 0,
 * or -ECHILD with the failure told to the supervisor. */
#ifndef BENCH_RUN_CELL_INTERNAL_H
#define BENCH_RUN_CELL_INTERNAL_H

#include "run/wire/frames.h"
#include "run/cell/gather.h"
#include "run/wire/spec.h"

#define UNSTAMPED_ROUNDS 5 /* rounds without stamps, which show what the stamps cost */
#define STAMP_GROUP 64     /* items of which one is stamped; groups are larger where that would cost too much */

struct cell_process {
	int fd;
	struct frame_buffer received; /* from the supervisor */
	struct spec spec;
	double weights[COST_RANGES];
	bool has_weights;
	struct crew crew;
	struct sample sample; /* of the last round, whatever its kind */
	struct before_round before;
	uint32_t rounds_done; /* of all kinds; it is the number of the last round */
	uint64_t digest;      /* of the first round in which all items had a result */
	bool has_digest;
	uint64_t received_items, received_digest; /* what the sink has received in this round */
	struct crew_report crew_report;
	double stamped_ns[UNSTAMPED_ROUNDS], unstamped_ns[UNSTAMPED_ROUNDS]; /* wall time of each pair of rounds */
	unsigned pairs;
};

/* Tells the supervisor that a phase begins. */
void cell_tell_phase(const struct cell_process *p, enum phase phase);

/* cell_tell_failure() tells the supervisor the crew's failure and ends what is left of the crew; cell_fail() does so
 * after it has recorded `why` as the failure, cell_fail_by() "WHAT 'NAME': ..." and an errno as text. A failure that is
 * recorded already stays. */
int cell_tell_failure(const struct cell_process *p);
int cell_fail(struct cell_process *p, const char *why);
int cell_fail_by(struct cell_process *p, int error, const char *what, const char *name);

/* Whether every item carries its own stamps whatever that costs: with a worker for each item, or when the log has a
 * line for each. */
bool cell_stamps_all(const struct cell_process *p);

/* Execute the warm-up round, `rounds` counted rounds, and a round for counters that are expensive to open. Each sample
 * is sent. For a disturbed round another one is executed, but never more than `most` in all; nothing disturbs counts of
 * instructions. */
int cell_warm_up(struct cell_process *p);
int cell_count_rounds(struct cell_process *p, uint32_t rounds, uint32_t most);
int cell_probed_round(struct cell_process *p);

/* Rests, and executes rounds when the supervisor gives a turn, until it lets the cell process leave. */
int cell_take_turns(struct cell_process *p);

/* Executes the slices that fall to the seat of this process in the ring of its specification, and checks their answers.
 * Sends no sample. What it has written to the ring counts if the last turn is over. */
int cell_execute_slices(struct cell_process *p);

/* Checks after a round. cell_check_sample(): it had the same items with the same answers as the first round;
 * cell_check_received(): all results have arrived as they were sent; cell_settle(): what the workload has found and the
 * mode has measured; cell_check_marks(): in the warm-up round every item was executed exactly once. */
int cell_check_sample(struct cell_process *p, const struct round *round);
int cell_check_received(struct cell_process *p, const struct round *round);
int cell_settle(struct cell_process *p, const struct round *round);
int cell_check_marks(struct cell_process *p, const struct round *round);

#endif
