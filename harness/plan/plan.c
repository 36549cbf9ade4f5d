#include "plan/plan.h"

#include "plan/option_specs.h"
#include "plan/registry.h"
#include "plan/words.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MOST 10000 /* a slip in a list must not fill the memory */

/* A plan in the making. */
struct draft {
	struct plan *plan;
	size_t capacity; /* of plan->cells */
	const struct options *options;
	struct numbers workers;
	void *ids; /* a tree of those in the plan, for tsearch() */
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

/* Bytes that have a meaning in an id, or none in a line of text, are written as %XX. */
static void print_encoded(FILE *out, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c <= ' ' || c >= 0x7f || strchr("%,/?", c))
			fprintf(out, "%%%02X", c);
		else
			fputc(c, out);
	}
}

static void print_values(FILE *out, const struct cell *cell)
{
	const struct workload *workload = registry_workload(cell->workload);
	const struct param *params = workload ? workload->params : NULL;
	char separator = '?';

	for (size_t i = 0; params && params[i].name; i++) {
		if (strcmp(cell->values[i], params[i].preset) == 0)
			continue;
		fprintf(out, "%c%s=", separator, params[i].name);
		print_encoded(out, cell->values[i]);
		separator = ',';
	}
}

char *cell_id(const struct cell *cell)
{
	char *id = NULL;
	size_t size;
	FILE *out = open_memstream(&id, &size);

	if (!out)
		return NULL;
	fputs(cell->workload, out);
	print_values(out, cell);
	fprintf(out, "/%s%s/%s/", cell->mode, cell->per_item ? ":item" : "", cell->transport ? cell->transport : "-");
	if (cell->schedule)
		fprintf(out, "%s:%" PRIu64, cell->schedule, cell->chunk);
	else
		fputc('-', out);
	fprintf(out, "/%" PRIu32, cell->workers);
	if (strcmp(cell->bind, BIND_PRESET) != 0)
		fprintf(out, "@%s", cell->bind);
	if (fclose(out) == 0)
		return id;
	free(id);
	return NULL;
}

static uint64_t default_chunk(uint64_t items, uint64_t workers)
{
	uint64_t chunks = 4 * workers; /* as CPython's Pool: enough to balance the load, few to deal out */

	return items / chunks + (items % chunks != 0);
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
	if (!mode->parallel || cell->per_item) {
		cell->schedule = NULL;
		cell->chunk = 0;
	} else if (cell->chunk == 0) {
		cell->chunk = default_chunk(cell->items, cell->workers);
	}
}

/* Sets `unavailable` where the cell cannot run. Returns 0 or -ENOMEM. */
static int find_obstacle(struct cell *cell)
{
	bool steals = cell->schedule && strcmp(cell->schedule, "steal") == 0;

	if (!steals || !cell->transport || registry_transport(cell->transport)->shared_ranges)
		return 0;
	if (asprintf(&cell->unavailable, "schedule 'steal' needs ranges in shared memory, which transport '%s' has not",
		     cell->transport) >= 0)
		return 0;
	cell->unavailable = NULL;
	return -ENOMEM;
}

static int append(struct draft *draft, const struct cell *cell)
{
	struct plan *plan = draft->plan;

	if (plan->count == CELLS_MOST)
		return -E2BIG;
	if (plan->count == draft->capacity) {
		size_t capacity = draft->capacity ? 2 * draft->capacity : 64;
		struct cell *grown = realloc(plan->cells, capacity * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		plan->cells = grown;
		draft->capacity = capacity;
	}
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

/* All cells of a workload in a mode. */
static int add_mode(struct draft *draft, const struct workload_facts *facts, const struct mode *mode)
{
	const struct options *options = draft->options;
	const struct words *transports = &options->transports, *schedules = &options->schedules;
	const struct numbers preset = { &(uint64_t){ 0 }, 1 }, *workers = &draft->workers;
	const struct numbers *chunks = options->chunks.count ? &options->chunks : &preset;
	struct cell cell = {
		.workload = facts->name,
		.values = facts->values,
		.mode = mode->name,
		.per_item = options->per_item,
		.bind = options->bind,
		.items = facts->items,
		.input = options->input,
	};
	int error = 0;

	for (size_t t = 0; t < transports->count; t++)
		for (size_t s = 0; s < schedules->count; s++)
			for (size_t c = 0; c < chunks->count; c++)
				for (size_t w = 0; w < workers->count && !error; w++) {
					cell.transport = transports->word[t];
					cell.schedule = schedules->word[s];
					cell.chunk = chunks->number[c];
					cell.workers = (uint32_t)workers->number[w];
					error = add(draft, cell, mode);
				}
	return error;
}

/* All cells of a workload, its baseline first. */
static int add_workload(struct draft *draft, const struct workload_facts *facts)
{
	const struct words *modes = &draft->options->modes;
	int error = 0;

	for (size_t i = 0; registry_modes[i] && !error; i++)
		if (!registry_modes[i]->parallel)
			error = add_mode(draft, facts, registry_modes[i]);
	for (size_t i = 0; i < modes->count && !error; i++) {
		const struct mode *mode = registry_mode(modes->word[i]);

		error = mode ? add_mode(draft, facts, mode) : -EINVAL;
	}
	return error;
}

static void keep(void *id)
{
	(void)id; /* the cell's */
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
