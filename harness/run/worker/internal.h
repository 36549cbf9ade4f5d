/* The parts of a worker; only the files of this folder include this header.
 *
 * worker.c makes it and lets it live, round.c keeps a round's books, items.c executes items, messages.c talks with the
 * parent, readings.c reads the kernel's clocks and the counters. */
#ifndef BENCH_RUN_WORKER_INTERNAL_H
#define BENCH_RUN_WORKER_INTERNAL_H

#include "run/crew/message.h"
#include "run/worker/worker.h"

#define SOURCES_MAX 8     /* of counters */
#define OUTBOX_SIZE 32768 /* bytes of small results that travel together */

/* The readings of the kernel around a body. */
struct probe {
	uint64_t cpu_ns, run_queue_ns, voluntary_switches;
};

struct worker {
	struct crew *crew;
	const struct workload *workload;
	const void *data; /* the workload's */
	struct arena *arena;
	struct slot *slot;
	struct ranges *ranges;
	uint32_t *range_items;
	unsigned index, cost_shift;
	struct range range;              /* what is left of what it has taken */
	uint64_t digest, items;          /* of this round; to the slot at its end */
	bool in_one_process;             /* inputs are pointers, outputs stay where they are */
	bool asks;                       /* takes ranges, or what belongs to them, from the parent */
	bool answers;                    /* every item has a result that travels */
	bool keeps_errors;               /* an error of an item goes to its future */
	bool parent_counts;              /* results, not the worker */
	bool marks;                      /* where the instructions of its rounds begin and end */
	struct submissions *submissions; /* NULL: takes ranges itself */
	uint64_t items_left;             /* that it may still execute, over all rounds */
	struct buffer out;
	char *inbox, *outbox;
	size_t inbox_size, outbox_used;
	uint64_t random;
	/* of sampled items, this round */
	uint64_t body_before_ns; /* of those before it in its slot */
	struct probe before;     /* the round */
	uint64_t until_stamp,
		since_ns; /* worker_do(): plain items before the next stamped one; when the last of them ended */
	uint64_t stamped, stamped_body_ns, probed_body_ns;
	int64_t probed_cpu_ns, probed_run_queue_ns, probed_stolen_ns;
	uint64_t waits_since_ns, item_waited_ns; /* inside work(): worker_waits() */
	enum part waits_for;
	int schedstat_fd;
	bool counters_opened;
	void *counter_state[SOURCES_MAX];
};

/* The worker that runs in this thread; NULL: none. */
extern _Thread_local struct worker *worker_here;

/* Read them for the calling thread: three system calls, 1 us. The CPU clock is read last before and first
 * after what is probed, so that the probes themselves lie outside. */
struct probe probe_begin(const struct worker *w);
struct probe probe_end(const struct worker *w);

/* Executes items until none is left for this worker. With one stamp set an item, or one in a group. */
void items_run(struct worker *w);

/* Executes one item that the parent has named, after it has asked for what belongs to it. */
void items_run_one(struct worker *w, uint64_t item);

/* Executes one item, stamped; `from_ns`: when the one before it ended (groups only). Returns false, with
 * the error in the slot, when it failed. */
bool items_run_stamped(struct worker *w, uint64_t item, uint64_t from_ns);

/* Makes an error of an item (ITEM_NONE: of the worker itself) known; all workers take no more. */
void messages_fail(struct worker *w, uint64_t item, int err);

/* Sends a message, together with those before it when they are small. 0 or -errno, as those below. */
int messages_post(struct worker *w, struct message message, const void *payload);

/* Sends what is in the outbox. */
int messages_flush(struct worker *w);

/* Asks the parent for a range (of no size: any), or for the inputs of one, and waits for the answer. */
int messages_ask(struct worker *w, struct range *range);

/* Receives the input of `item`, valid until the next one. */
int messages_input(struct worker *w, uint64_t item, struct bytes *in);

/* Receives and unpacks the arguments of `item`. */
int messages_arguments(struct worker *w, uint64_t item);

/* Says that it has asked for the last time in this round, or leaves, and sends what results are left. */
void messages_end(struct worker *w, enum message_kind how);

/* The rest of a round, in a slot that another worker has used before. */
void worker_join_round(struct worker *w);

/* A round of one item, in a slot that others have used before and will after it (--per item): it leaves the account in
 * PART_TEARDOWN and does not count as done. */
void worker_one_item(struct worker *w, uint64_t item);

/* Whether it has executed as many items as it may (--recycle). */
static inline bool worker_leaves(const struct worker *w)
{
	return w->items_left == 0;
}

/* The counters: opened in the first round, read around each, closed with the worker. */
void counters_begin(struct worker *w);
void counters_end(struct worker *w);
void counters_close(struct worker *w);

#endif
