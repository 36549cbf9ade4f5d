#include "command/plan.h"

#include "base/array.h"
#include "base/text.h"
#include "command/words.h"
#include "model/calling.h"
#include "model/registry.h"
#include "model/schedule.h"

#include <errno.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MOST (100 * PLAN_CELLS_MOST) /* combinations that are looked at, most of them for the second time */

/* A plan in the making. */
struct draft {
	struct plan *plan;
	size_t capacity; /* of plan->cells */
	const struct options *options;
	struct numbers workers;
	void *ids;    /* of the cells in the plan: a tree for tsearch() */
	size_t tries; /* how many combinations were looked at */
};

struct numbers plan_sweep(unsigned processors)
{
	struct numbers sweep = { 0 };
	int error = 0;

	for (uint64_t n = 1; n < processors && !error; n *= 2)
		error = numbers_add(&sweep, n);
	if (error || numbers_add(&sweep, processors ? processors : 1) != 0)
		numbers_release(&sweep);
	return sweep;
}

/* Whether the parent hands out items one by one, so that there are no chunks to choose. */
static bool submits(const struct cell *cell, const struct mode *mode)
{
	const struct call *call = call_find(cell->calling.call);

	return (mode->takes & TAKES_FUTURES) || (call && call->submits);
}

/* Takes away what does not apply to the mode, so that cells which differ only there are the same. */
static void collapse(struct cell *cell, const struct mode *mode)
{
	if (!mode->parallel)
		cell->workers = 1;
	if (!mode->parallel || !mode->processes)
		cell->transport = NULL;
	if (!mode->crew_in_round)
		cell->per_item = false;
	calling_collapse(&cell->calling, mode->takes);
	if (mode->only_schedule)
		cell->schedule = mode->only_schedule;
	if (!mode->parallel || cell->per_item || submits(cell, mode)) {
		cell->schedule = NULL;
		cell->chunk = 0;
	} else if (cell->chunk == 0) {
		cell->chunk = cell_preset_chunk(cell);
	}
}

/* Whether items may be left out, or executed again. */
static bool may_differ(const struct calling *c)
{
	return c->retry || c->item_timeout_ns || c->cancel_after;
}

__attribute__((format(printf, 2, 3))) static int set_obstacle(struct cell *cell, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	cell->unavailable = text_vformat(format, list);
	va_end(list);
	return cell->unavailable ? 0 : -ENOMEM;
}

/* Sets `unavailable` where the cell cannot run. Returns 0 or -ENOMEM. */
static int find_obstacle(struct cell *cell)
{
	const struct schedule *schedule = schedule_find(cell->schedule);
	bool steals = schedule && schedule->steals;
	const struct workload *workload = registry_workload(cell->workload);
	const struct mode *mode = registry_mode(cell->mode);

	if (steals && mode->cannot_steal)
		return set_obstacle(cell, "mode '%s' has no schedule '%s'", mode->name, schedule->name);
	if (schedule && !schedule->heeds_in_flight && cell->calling.in_flight)
		return set_obstacle(cell, "schedule '%s' cannot heed --in-flight, which deals as 'dynamic' does",
				    schedule->name);
	if (steals && cell->transport && !registry_transport(cell->transport)->shared_ranges)
		return set_obstacle(cell,
				    "schedule '%s' needs ranges in shared memory, which transport '%s' has not",
				    schedule->name, cell->transport);
	if (workload && workload->settle && may_differ(&cell->calling))
		return set_obstacle(cell, "items of '%s' change what they share, once each: none can be left out or "
				    "executed again", cell->workload);
	return 0;
}

static int append(struct draft *draft, const struct cell *cell)
{
	struct plan *plan = draft->plan;
	struct cell *cells;

	if (plan->count == PLAN_CELLS_MOST)
		return -E2BIG;
	cells = array_with_room(plan->cells, plan->count, &draft->capacity, sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	plan->cells = cells;
	plan->cells[plan->count++] = *cell;
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Adds a copy of the cell, collapsed and with its id, unless the plan has that already. */
static int add(struct draft *draft, struct cell cell, const struct mode *mode)
{
	char **found;
	int error = -ENOMEM;

	if (++draft->tries > TRIES_MOST)
		return -E2BIG;
	collapse(&cell, mode);
	cell.id = cell_id(&cell);
	found = cell.id ? tsearch(cell.id, &draft->ids, compare_ids) : NULL;
	if (found && *found != cell.id) {
		free(cell.id);
		return 0;
	}
	if (found)
		error = find_obstacle(&cell);
	if (!error)
		error = append(draft, &cell);
	if (error) {
		free(cell.id);
		free(cell.unavailable);
	}
	return error;
}

/* --chunk auto: from one item to all of a worker's share, by fours, and the preset. */
static int add_auto_chunks(struct draft *draft, struct cell cell, const struct mode *mode)
{
	uint64_t share = (cell.items + cell.workers - 1) / cell.workers;
	int error;

	cell.chunk = 0;
	error = add(draft, cell, mode);
	for (uint64_t chunk = 1; chunk < 4 * share && !error; chunk *= 4) {
		cell.chunk = chunk < share ? chunk : share;
		error = add(draft, cell, mode);
	}
	return error;
}

/* Adds the cell with every number of workers and every chunk. */
static int add_chunks(struct draft *draft, struct cell cell, const struct mode *mode)
{
	const struct options *options = draft->options;
	int error = 0;

	for (size_t c = 0; c < (options->chunks.count ? options->chunks.count : 1); c++)
		for (size_t w = 0; w < draft->workers.count && !error; w++) {
			cell.chunk = options->chunks.count ? options->chunks.number[c] : 0;
			cell.workers = (uint32_t)draft->workers.number[w];
			error = options->chunk_auto ? add_auto_chunks(draft, cell, mode) : add(draft, cell, mode);
		}
	return error;
}

/* Adds all cells of a workload in a mode. */
static int add_mode(struct draft *draft, const struct workload_facts *facts, const struct mode *mode)
{
	const struct options *options = draft->options;
	const struct words *transports = &options->transports, *schedules = &options->schedules;
	const struct words one_call = { .count = 1, .word = (char *[]){ NULL } };
	const struct words *ways = mode->takes & TAKES_CALL ? &options->calls : &one_call;
	struct cell cell = {
		.workload = facts->name,
		.values = facts->values,
		.mode = mode->name,
		.per_item = options->per_item,
		.calling = options->calling,
		.bind = options->bind,
		.items = facts->items,
		.input = options->input,
	};
	int error = 0;

	for (size_t a = 0; a < ways->count; a++)
		for (size_t t = 0; t < transports->count; t++)
			for (size_t s = 0; s < schedules->count; s++) {
				cell.calling.call = ways->word[a];
				cell.transport = transports->word[t];
				cell.schedule = schedules->word[s];
				error = error ? error : add_chunks(draft, cell, mode);
			}
	return error;
}

/* Adds all cells of a workload, its baseline first. */
static int add_workload(struct draft *draft, const struct workload_facts *facts)
{
	const struct words *modes = &draft->options->modes;
	int error = add_mode(draft, facts, registry_baseline());

	for (size_t i = 0; i < modes->count && !error; i++) {
		const struct mode *mode = registry_mode(modes->word[i]);

		error = mode ? add_mode(draft, facts, mode) : -EINVAL;
	}
	return error;
}

static void keep(void *id)
{
	(void)id; /* the cell owns it */
}

int plan_make(struct plan *plan, const struct options *options, const struct workload_facts *facts, size_t fact_count,
	      unsigned processors)
{
	struct numbers sweep = plan_sweep(processors);
	struct draft draft = {
		.plan = plan,
		.options = options,
		.workers = options->workers.count ? options->workers : sweep,
	};
	int error = sweep.count ? 0 : -ENOMEM;

	*plan = (struct plan){ 0 };
	for (size_t i = 0; i < fact_count && !error; i++)
		error = add_workload(&draft, &facts[i]);
	if (error)
		plan_release(plan);
	tdestroy(draft.ids, keep);
	numbers_release(&sweep);
	return error;
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		free(plan->cells[i].id);
		free(plan->cells[i].unavailable);
	}
	free(plan->cells);
	*plan = (struct plan){ 0 };
}
