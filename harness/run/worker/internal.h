/* The parts of a worker; only the files of this folder include this header.
 *
 * worker.c makes a worker and runs its life, round.c begins and ends a round's account, items.c executes items,
 * messages.c exchanges messages with the parent, readings.c reads the kernel's clocks and the counters. */
#ifndef BENCH_RUN_WORKER_INTERNAL_H
#define BENCH_RUN_WORKER_INTERNAL_H

#include "run/crew/message.h"
#include "run/worker/worker.h"

#define SOURCES_MAX 8     /* sources of counters */
#define OUTBOX_SIZE 32768 /* bytes of small messages that are sent together */

/* What is read from the kernel before and after a body. */
struct probe {
	uint64_t cpu_ns, run_queue_ns, voluntary_switches;
};

struct worker {
	struct crew *crew;
	const struct workload *workload;
	const void *data; /* the workload's state */
	struct arena *arena;
	struct slot *slot;
	struct ranges *ranges;
	uint32_t *range_items;
	unsigned index, cost_shift;
	struct range range;              /* the items that it has taken and not executed */
	uint64_t digest, items;          /* of this round; added to the slot at the round's end */
	bool in_one_process;             /* no process but this one: inputs are pointers, outputs stay where they are */
	bool asks;                       /* it asks the parent for ranges, or for their inputs and arguments */
	bool answers;                    /* it sends a result for every item */
	bool keeps_errors;               /* an item's error goes to the item's future */
	bool parent_counts;              /* the parent counts the results, not this worker */
	bool marks;                      /* it marks where the instructions of a round begin and end (marks.h) */
	struct submissions *submissions; /* NULL: it takes ranges by itself */
	uint64_t items_left;             /* how many it may still execute, over all rounds */
	struct buffer out;
	char *inbox, *outbox;
	size_t inbox_size, outbox_used;
	uint64_t random;
	/* The stamped items of this round: */
	uint64_t body_before_ns; /* PART_BODY of the workers before it in its slot */
	struct probe before;     /* read before the round */
	uint64_t until_stamp;    /* worker_do(): how many items come before the next stamped one */
	uint64_t since_ns;       /* worker_do(): when the last of those items ended */
	uint64_t stamped, stamped_body_ns, probed_body_ns;
	int64_t probed_cpu_ns, probed_run_queue_ns, probed_stolen_ns;
	uint64_t waits_since_ns, item_waited_ns; /* waits inside work(): worker_waits() */
	enum part waits_for;
	int schedstat_fd;
	bool counters_opened;
	void *counter_state[SOURCES_MAX];
};

/* The worker that runs in the calling thread; NULL: none does. */
extern _Thread_local struct worker *this_worker;

/* Read the kernel for the calling thread, by three system calls, 1 us. probe_begin() reads the CPU clock last and
 * probe_end() reads it first, so that the probes themselves are not measured. */
struct probe probe_begin(const struct worker *w);
struct probe probe_end(const struct worker *w);

/* Executes items until none is left for this worker. Every item is stamped, or one in a group. */
void items_run(struct worker *w);

/* Executes one item that the parent has named; first asks the parent for the item's input and arguments, if they
 * travel. */
void items_run_one(struct worker *w, uint64_t item);

/* Executes one item and stamps it; `from_ns`: when the item before it ended (only in groups, else 0). Returns false,
 * with the error in the slot, if it failed. */
bool items_run_stamped(struct worker *w, uint64_t item, uint64_t from_ns);

/* Makes an error of an item (ITEM_NONE: of the worker itself) known. No worker takes more items then. */
void messages_fail(struct worker *w, uint64_t item, int err);

/* Sends a message. Small messages are kept and sent together. Returns 0 or -errno, as the functions below. */
int messages_post(struct worker *w, struct message message, const void *payload);

/* Sends the messages that were kept. */
int messages_flush(struct worker *w);

/* Asks the parent for any range (`*range` is empty), or for the inputs of `*range`, and waits for the answer. */
int messages_ask(struct worker *w, struct range *range);

/* Receives the input of `item`; it is valid until the next one is received. */
int messages_input(struct worker *w, uint64_t item, struct bytes *in);

/* Receives and unpacks the arguments of `item`. */
int messages_arguments(struct worker *w, uint64_t item);

/* Tells the parent that the worker has asked for the last time in this round, or leaves, and sends the messages that
 * were kept. */
void messages_end(struct worker *w, enum message_kind how);

/* Executes the rest of a round, in a slot that another worker has used before. */
void worker_join_round(struct worker *w);

/* Executes a round of one item, in a slot that other workers use before and after it (--per item): leaves the account
 * in PART_TEARDOWN and does not count the worker as done. */
void worker_one_item(struct worker *w, uint64_t item);

/* Whether the worker has executed as many items as it may (--recycle). */
static inline bool worker_leaves(const struct worker *w)
{
	return w->items_left == 0;
}

/* The counters are opened in the worker's first round, read before and after each round, and closed with the worker. */
void counters_begin(struct worker *w);
void counters_end(struct worker *w);
void counters_close(struct worker *w);

#endif
