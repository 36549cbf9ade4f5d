#include "run/worker/internal.h"

#include "base/futex.h"
#include "base/proc.h"
#include "run/wire/log.h"
#include "run/worker/marks.h"

#include <sched.h>
#include <string.h>

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

static uint64_t scaled(int64_t part, uint64_t whole, uint64_t to)
{
	return part > 0 && whole ? (uint64_t)((double)part / (double)whole * (double)to) : 0;
}

/* Finds out how much CPU time the bodies took and how long they waited for a processor. The numbers are exact where
 * every body was probed, and scaled up where one in several was. Items below 10 us cannot be probed: there the round's
 * times stand for the bodies', since the worker does nothing else but dispatch. */
static void split_body(struct worker *w, uint64_t body_ns, const struct probe *round)
{
	uint64_t cpu_ns, run_queue_ns, stolen_ns;

	if (w->probed_body_ns) {
		cpu_ns = scaled(w->probed_cpu_ns, w->probed_body_ns, body_ns);
		run_queue_ns = scaled(w->probed_run_queue_ns, w->probed_body_ns, body_ns);
		stolen_ns = scaled(w->probed_stolen_ns, w->probed_body_ns, body_ns);
	} else {
		cpu_ns = round->cpu_ns;
		run_queue_ns = round->run_queue_ns;
		stolen_ns = round->voluntary_switches ? 0 : body_ns;
	}
	cpu_ns = at_most(cpu_ns, body_ns);
	run_queue_ns = at_most(run_queue_ns, body_ns - cpu_ns);
	w->slot->body_cpu_ns += cpu_ns;
	w->slot->body_run_queue_ns += run_queue_ns;
	w->slot->body_stolen_ns += at_most(stolen_ns, body_ns - cpu_ns - run_queue_ns);
}

static void read_binding(struct slot *slot)
{
	cpu_set_t set;

	memset(&slot->bound_to, 0, sizeof(slot->bound_to));
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		memcpy(&slot->bound_to, &set, sizeof(slot->bound_to));
}

/* Of a worker that ends, only what it had for itself counts: when the cell process looks at its own memory after the
 * round, that has the worker's share of the rest, or the worker's successor has it. */
static void read_memory(const struct worker *w)
{
	struct peak_memory now = proc_peak_memory(getpid()), *memory = &w->slot->memory;

	memory->shared_bytes = w->crew->mode->crew_in_round || worker_leaves(w) ? 0 : now.shared_bytes;
	if (now.private_bytes > memory->private_bytes)
		memory->private_bytes = now.private_bytes;
}

_Thread_local struct worker *this_worker;

void worker_waits(enum wait what)
{
	struct worker *w = this_worker;
	uint64_t now_ns, ns;

	if (!w)
		return;
	now_ns = clock_ns();
	if (what == WAIT_OVER) {
		ns = now_ns - w->waits_since_ns;
		w->slot->account.waited_ns[w->waits_for] += ns;
		w->item_waited_ns += ns;
	}
	w->waits_since_ns = now_ns;
	w->waits_for = what == WAIT_LOCK ? PART_LOCK : PART_STARVE;
}

static void begin_round(struct worker *w)
{
	w->until_stamp = w->since_ns = 0;
	w->digest = w->items = w->stamped = w->stamped_body_ns = w->probed_body_ns = 0;
	w->probed_cpu_ns = w->probed_run_queue_ns = w->probed_stolen_ns = 0;
	w->range = w->slot->left; /* of the worker before it in this slot */
	w->slot->left = (struct range){ 0, 0 };
	w->body_before_ns = w->slot->account.part_ns[PART_BODY];
	this_worker = w;
	counters_begin(w);
	w->before = probe_begin(w);
	if (w->marks && !w->arena->warmup)
		instructions_begin();
}

static void end_round(struct worker *w)
{
	struct slot *s = w->slot;
	uint64_t body_ns = w->stamped_body_ns;
	struct probe spent;

	if (w->marks && !w->arena->warmup)
		instructions_end();
	spent = probe_end(w);
	spent.cpu_ns -= w->before.cpu_ns;
	spent.run_queue_ns -= w->before.run_queue_ns;
	spent.voluntary_switches -= w->before.voluntary_switches;
	counters_end(w);
	if (!w->parent_counts) {
		s->items += w->items;
		s->digest += w->digest;
	}
	s->cpu_ns += spent.cpu_ns;
	if (w->arena->stamp_every > 1) {
		account_split(&s->account);
		body_ns = s->account.part_ns[PART_BODY] - w->body_before_ns;
	} else {
		account_take_waits(&s->account);
	}
	split_body(w, body_ns, &spent);
	this_worker = NULL;
	atomic_store(&s->item, ITEM_NONE);
	read_binding(s);
	if (w->arena->warmup && !w->in_one_process)
		read_memory(w);
}

void worker_count_as_done(struct arena *arena, unsigned index)
{
	atomic_store(&arena_slot(arena, index)->ended, arena->round);
	if (atomic_fetch_add(&arena->done, 1) + 1 == arena->workers)
		futex_wake(&arena->done, 1);
}

/* The worker has executed as many items as it may. What it has taken and not executed is left to its successor. */
static void leave(struct worker *w)
{
	struct account *a = &w->slot->account;

	w->slot->left = w->range;
	account_switch(a, PART_COPY);
	atomic_store(&w->slot->leaves, true);
	messages_end(w, MESSAGE_LEAVE);
	account_switch(a, PART_TEARDOWN);
	end_round(w);
	log_line(w->crew->log, LOG_INFO, w->index, 0, "leaves after %llu items",
		 (unsigned long long)w->crew->cell->calling.recycle);
}

void worker_join_round(struct worker *w)
{
	struct account *a = &w->slot->account;

	begin_round(w);
	account_switch(a, PART_DISPATCH);
	items_run(w);
	if (worker_leaves(w)) {
		leave(w);
		return;
	}
	if (w->crew->talks) {
		account_switch(a, PART_COPY);
		messages_end(w, MESSAGE_END);
	}
	account_switch(a, PART_IDLE);
	end_round(w);
	worker_count_as_done(w->arena, w->index);
}

void worker_round(struct worker *w)
{
	account_begin(&w->slot->account, PART_SPAWN, w->arena->start_ns);
	worker_join_round(w);
}

void worker_begin(struct worker *w)
{
	account_begin(&w->slot->account, PART_SPAWN, w->arena->start_ns);
	begin_round(w);
	account_switch(&w->slot->account, PART_DISPATCH);
}

void worker_end(struct worker *w)
{
	account_switch(&w->slot->account, PART_IDLE);
	end_round(w);
}

void worker_one_item(struct worker *w, uint64_t item)
{
	struct account *a = &w->slot->account;

	begin_round(w);
	account_switch(a, PART_DISPATCH);
	items_run_one(w, item);
	atomic_store(&w->slot->ended, w->arena->round);
	if (w->crew->talks) {
		account_switch(a, PART_COPY);
		messages_end(w, MESSAGE_END);
	}
	account_switch(a, PART_TEARDOWN);
	end_round(w);
}
