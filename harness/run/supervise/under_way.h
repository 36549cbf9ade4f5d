/* The parts of an invocation that is under way; only running.c, start.c, received.c and ended.c include this header.
 * start.c starts the cell process, received.c takes what it sends, running.c waits for it and gives it turns, ended.c
 * ends it and says how it has failed. */
#ifndef BENCH_RUN_SUPERVISE_UNDER_WAY_H
#define BENCH_RUN_SUPERVISE_UNDER_WAY_H

#include "base/child.h"
#include "run/supervise/running.h"

/* The process that was started: the cell process itself, or the nursery of several. */
struct parent {
	struct child child;
	size_t cells;    /* that are under way; the last one releases it */
	pid_t nursery;   /* kept after it has ended; 0: the child is the only cell process */
	bool has_status; /* it was ended */
	int status;
};

struct running {
	const struct cell_launcher *launcher;
	struct spec *spec;
	struct invocation_result *result;
	invocation_skipped *skipped;
	void *context;
	struct parent *parent; /* NULL: nothing was started, or it has ended */
	pid_t pid;             /* the cell process's, kept after it has ended; 0: it was not started */
	int socket, arena;     /* -1: not open */
	int other_end;         /* of the socket, and `text`, the encoded specification: only during the start */
	char *text;
	struct frame_buffer buffer;
	uint64_t started_ns, phase_ns;
	enum phase phase;
	enum running_state state;
	const struct ring *ring; /* in which it takes its turns; NULL: none */
	unsigned seat;
	bool ended;      /* regularly: it has said so */
	bool has_status; /* its nursery has said how it has ended */
	int status;
	bool stopped; /* by the caller, or since another one of its ring is over: how it ends is no failure */
};

/* Makes what these cell processes need, and starts one program for all; `weights` are sent to each. A failure is
 * recorded in the results, and then they are over. */
void running_start(struct running *const all[], size_t count, const double *weights);

/* Reads and takes the frames that have come. Returns false at the end of the stream, or if they cannot be read. */
bool running_receive(struct running *running);

/* Records that its time, which began then, is over, and who is to blame. */
void running_timed_out(struct running *running, uint64_t began_ns);

/* Ends the cell process, kills it unless it ends by itself, and records how it has ended if it did not say so. */
void running_end_child(struct running *running);

/* Says that a phase begins now. */
void running_enter(struct running *running, enum phase phase);

/* Records the invocation's failure, if it is the first. */
void running_fail(struct running *running, enum failure_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
