/* The cell processes of a pair: a fresh one of each side, and one more of A as a control. They are there at the same
 * time and take turns. Padding of the stack and mappings are drawn for the pair, not for the process, since where
 * memory lies moves times more than what a pair is to show. Called by the main process. */
#ifndef BENCH_GATE_PAIRS_PROCESSES_H
#define BENCH_GATE_PAIRS_PROCESSES_H

#include "gate/pairs/pairing.h"
#include "run/supervise/running.h"

struct pair_process {
	enum gate_side side;
	struct cell_launcher launcher;
	char *environment[3];
	char scratch[SCRATCH_SIZE];
	struct spec spec;
	struct invocation_result result;
};

/* Zeroed to begin with; must stay where it is until processes_end(). */
struct pair_processes {
	struct trial_setup *setup;
	struct gate_cell *cell;
	size_t count;
	struct pair_process of[SIDE_COUNT];  /* in an order that is drawn: the index of a process is its seat */
	struct running *running[SIDE_COUNT]; /* of each; NULL: it is not there */
	char padding[PADDING_SIZE];
};

/* What processes of a pair have besides the plan of their cell. */
struct pair_layout {
	bool control;
	const struct ring *ring; /* in which they take turns; NULL: none */
	int ring_fd;             /* of it; 0: none */
	struct cpus *bind;       /* of each worker */
};

/* Starts the processes, makes them warm, and waits until all rest. Returns as trial_run() does; processes_end() must
 * follow in any case. */
int processes_begin(struct pair_processes *processes, struct trial_setup *setup, struct gate_cell *cell,
		    const struct pair_plan *plan, const struct pair_layout *layout);

/* Lets all execute their slices in the ring, or `rounds` rounds at the same time, and waits until they rest again. The
 * time is over for who has the token in the ring. Returns as trial_run() does. */
int processes_turn(struct pair_processes *processes, uint32_t rounds);

/* Lets the one in `seat` execute rounds, while the others rest. */
int processes_turn_of(struct pair_processes *processes, size_t seat, uint32_t rounds);

/* Ends the processes, notes in the cell whether their memory was laid out alike, and keeps the digests of their outputs
 * in `times` (NULL: nowhere). Returns `err`, or if that is 0, as trial_run() does. */
int processes_end(struct pair_processes *processes, int err, struct pair_time times[SIDE_COUNT]);

/* The seat of a side. */
unsigned processes_seat(const struct pair_processes *processes, enum gate_side side);

#endif
