#include "run/worker/internal.h"

#include "base/digest.h"
#include "base/futex.h"
#include "base/proc.h"
#include "run/wire/log.h"
#include "run/wire/spec.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

static void bind_self(struct worker *w)
{
	cpu_set_t set;

	if (!w->crew->bind)
		return;
	memcpy(&set, &w->crew->bind[w->index], sizeof(set));
	sched_setaffinity(0, sizeof(set), &set); /* the mask is read back after the round, which shows a failure */
}

/* Computes for as long as --initializer says, before the worker's first item. */
static void initialize(struct worker *w)
{
	uint64_t wanted_ns = w->crew->cell->calling.initializer_ns, from_ns = clock_ns();
	uint64_t cpu_ns = wanted_ns ? clock_thread_cpu_ns() : 0;

	if (!wanted_ns)
		return;
	while (clock_thread_cpu_ns() - cpu_ns < wanted_ns)
		;
	w->slot->initializer_ns += clock_ns() - from_ns;
	log_line(w->crew->log, LOG_INFO, w->index, 0, "initialized in %.3f ms", (double)(clock_ns() - from_ns) / 1e6);
}

struct worker *worker_create(struct crew *crew, unsigned index)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->crew = crew;
	w->workload = crew->workload;
	w->data = crew->state.data;
	w->arena = crew->arena;
	w->slot = arena_slot(crew->arena, index);
	w->ranges = arena_ranges(crew->arena);
	w->range_items = arena_range_items(crew->arena, index);
	w->cost_shift = cost_shift(crew->arena->items);
	w->index = index;
	w->in_one_process = !crew->transport;
	w->asks = crew_asks(crew);
	w->answers = crew_answers(crew);
	w->keeps_errors = crew_keeps_errors(crew);
	w->parent_counts = crew_may_lose(crew);
	w->marks = crew->spec && crew->spec->instructions;
	w->submissions = crew->submissions;
	w->items_left = crew->cell->calling.recycle ? crew->cell->calling.recycle : UINT64_MAX;
	w->random = digest_mix(index + 1);
	w->out.capacity = crew->state.output_max;
	w->out.data = malloc(w->out.capacity + 1);
	w->outbox = w->in_one_process ? NULL : malloc(OUTBOX_SIZE);
	w->schedstat_fd = proc_schedstat_open();
	if (!w->out.data || (!w->in_one_process && !w->outbox)) {
		worker_destroy(w);
		errno = ENOMEM;
		return NULL;
	}
	bind_self(w);
	atomic_store(&w->slot->pid, getpid());
	atomic_store(&w->slot->tid, gettid());
	log_started(crew->log, index);
	initialize(w);
	return w;
}

void worker_destroy(struct worker *w)
{
	if (!w)
		return;
	counters_close(w);
	if (w->schedstat_fd >= 0)
		close(w->schedstat_fd);
	free(w->out.data);
	free(w->inbox);
	free(w->outbox);
	free(w);
}

/* Makes the worker; if it cannot be made, tells the parent why. */
static struct worker *create_or_fail(struct crew *crew, unsigned index)
{
	struct worker *w = worker_create(crew, index);
	struct slot *slot = arena_slot(crew->arena, index);

	if (w)
		return w;
	slot->error_item = ITEM_NONE;
	atomic_store(&slot->error, errno);
	atomic_store(&crew->arena->abort, true);
	worker_count_as_done(crew->arena, index);
	return NULL;
}

/* Executes rounds until told to exit; the first is the one after `seen`, the round for which the gate was last seen
 * open. */
static void serve(struct worker *w, uint32_t seen)
{
	struct arena *a = w->arena;

	while (!worker_leaves(w)) {
		while (atomic_load(&a->gate) == seen)
			futex_wait(&a->gate, seen, -1);
		seen++;
		if (a->command == GATE_EXIT)
			break;
		worker_round(w);
	}
}

/* `seen` was read from the gate before the worker was made. */
static void do_task(struct worker *w, enum worker_task task, uint32_t seen)
{
	switch (task) {
	case TASK_SERVE:
		worker_count_as_done(w->arena, w->index); /* it is ready */
		serve(w, seen);
		break;
	case TASK_JOIN:
		worker_join_round(w);
		serve(w, seen);
		break;
	case TASK_ROUND:
		worker_round(w);
		break;
	case TASK_ITEM:
		worker_one_item(w, atomic_load(&w->slot->item));
		break;
	}
}

void worker_live(struct crew *crew, unsigned index, enum worker_task task)
{
	struct arena *a = crew->arena;
	uint32_t seen = atomic_load(&a->gate);
	struct worker *w = create_or_fail(crew, index);

	if (w)
		do_task(w, task, seen);
	worker_destroy(w);
	if (task == TASK_ITEM) { /* its place is free again */
		atomic_fetch_add(&a->done, 1);
		futex_wake(&a->done, 1);
	}
}
