#include "gate/cells.h"

#include "base/json.h"
#include "base/text.h"
#include "model/registry.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_ID "command"
#define ROUND_NS 8e6  /* long enough for a round of the sequential cell, of 80 slices */
#define WORKER_NS 2e6 /* and for each worker of a crew: beside ten programs 12 ms scatter by 20 %, 2 to 3 ms by 1 % */
#define CHUNKS_A_WORKER 8

/* What the functions of this file work on. */
struct preparation {
	struct gate_cells *cells;
	struct gate *gate;
	const struct side *sides;
	const struct gate_options *options;
	struct supervisor *supervisor;
	bool timed;
	json_t *inventories[2]; /* of the sides; NULL: the side has what this build has */
	int *signal;
	const struct why *why;
};

/* ---- What each side has ---- */

static bool lists(const json_t *inventory, const char *kind, const char *name)
{
	const json_t *list = json_object_get(inventory, kind);

	return !list || json_find(list, "name", name);
}

/* Returns whether both sides have what is called `name`; if not, gate->left_out names it, once. */
static bool both_have(struct preparation *p, const char *kind, const char *name)
{
	char *text = p->gate->left_out;
	size_t size = sizeof(p->gate->left_out), length = strlen(text);
	char word[128];

	if (lists(p->inventories[0], kind, name) && lists(p->inventories[1], kind, name))
		return true;
	snprintf(word, sizeof(word), "%.*s '%s'", (int)strlen(kind) - 1, kind, name);
	if (!strstr(text, word))
		snprintf(text + length, size - length, "%s%s", length ? ", " : "", word);
	p->gate->doubts |= 1u << GATE_DOUBT_ONE_SIDED;
	return false;
}

/* Opens a workload on a side, with `asked` items (0: as many as it has), and tries as many rounds as are asked. */
static int probe(struct preparation *p, int side, const struct workload *workload, const char **values, uint64_t asked,
		 struct workload_probe *found)
{
	const struct side *of = &p->sides[side];
	struct supervisor s = *p->supervisor;
	char *environment[] = { of->root, NULL };
	struct cell cell = {
		.workload = of->workload ? of->workload->name : workload->name,
		.values = values,
		.mode = registry_baseline()->name,
		.input = p->options->run.input,
		.workers = 1,
	};
	char reason[512] = "";
	int err;

	s.program = (char *const *)of->program;
	s.environment = environment;
	s.object = of->object;
	s.items_asked = asked;
	err = supervisor_probe(&s, &cell, found, p->signal, WHY(reason));
	if (err && err != -EINTR)
		why_refuse(p->why, "workload '%s' cannot be opened on side %c: %s", cell.workload, "AB"[side], reason);
	return err;
}

/* The largest of the numbers; 1: there are none. */
static uint64_t largest(const struct numbers *numbers)
{
	uint64_t most = 1;

	for (size_t i = 0; i < numbers->count; i++)
		most = numbers->number[i] > most ? numbers->number[i] : most;
	return most;
}

/* Returns how many items make a round of ROUND_NS, or of WORKER_NS for each worker, but at least CHUNKS_A_WORKER chunks
 * for each: those of --chunk, or of one item, as preset ones are made for the items. Rounds are short since more pairs
 * are worth more than longer rounds. */
static uint64_t fewer_items(const struct preparation *p, const struct workload_probe *found)
{
	const struct options *o = &p->options->run;
	uint64_t most = largest(&o->workers), least = most * CHUNKS_A_WORKER * largest(&o->chunks);
	double round_ns = fmax(ROUND_NS, WORKER_NS * (double)most);
	uint64_t items = (uint64_t)((double)found->items * round_ns / (double)(found->wall_ns + 1));

	items = items > least ? items : least;
	return items < found->items ? items : found->items;
}

static int add_facts(struct preparation *p, const struct workload *workload, const char **values)
{
	struct workload_facts *facts = &p->cells->facts[p->cells->fact_count++];
	struct workload_probe a = { .rounds = 1 }, b = { 0 };
	uint64_t asked = p->options->run.items;
	int err;

	*facts = (struct workload_facts){ .name = workload->name, .values = values };
	if (!asked && p->timed) {
		err = probe(p, 0, workload, values, 0, &a);
		if (err)
			return err;
		asked = fewer_items(p, &a);
		facts->items_of = a.items;
	}
	a.rounds = 0;
	err = probe(p, 0, workload, values, asked, &a);
	err = err ? err : probe(p, 1, workload, values, asked, &b);
	if (!err && a.items != b.items)
		err = why_refuse(p->why, "workload '%s' has %ju items on side A and %ju on side B: give --items",
				 workload->name, (uintmax_t)a.items, (uintmax_t)b.items);
	facts->items = a.items;
	return err;
}

static int probe_all(struct preparation *p)
{
	const struct options *o = &p->options->run;
	size_t count = 0;
	int err = 0;

	for (size_t i = 0; i < o->workloads.count; i++)
		count += options_combinations(o, registry_workload(o->workloads.word[i]));
	p->cells->facts = calloc(count, sizeof(*p->cells->facts));
	if (!p->cells->facts)
		return -ENOMEM;
	for (size_t i = 0; i < o->workloads.count && !err; i++) {
		const struct workload *workload = registry_workload(o->workloads.word[i]);

		if (!both_have(p, "workloads", workload->name))
			continue;
		for (size_t k = 0; k < options_combinations(o, workload) && !err; k++) {
			const char **values = options_values(o, workload, k);

			err = values ? add_facts(p, workload, values) : -ENOMEM;
		}
	}
	return err;
}

/* ---- Cells ---- */

static bool is_chosen(struct preparation *p, const struct cell *cell)
{
	const struct words *modes = &p->options->run.modes;

	for (size_t i = 0; i < modes->count; i++)
		if (!strcmp(modes->word[i], cell->mode))
			return !cell->unavailable && both_have(p, "modes", cell->mode) &&
			       (!cell->transport || both_have(p, "transports", cell->transport));
	return false;
}

static uint64_t items_of(const struct preparation *p, const struct cell *cell)
{
	for (size_t i = 0; i < p->cells->fact_count; i++)
		if (p->cells->facts[i].values == cell->values)
			return p->cells->facts[i].items_of;
	return 0;
}

static int add_cells(struct preparation *p, const struct plan *plan)
{
	struct gate *gate = p->gate;

	gate->cells = calloc(plan->count + 1, sizeof(*gate->cells));
	if (!gate->cells)
		return -ENOMEM;
	for (size_t i = 0; i < plan->count; i++) {
		struct gate_cell *cell = &gate->cells[gate->cell_count];

		if (!is_chosen(p, &plan->cells[i]))
			continue;
		cell->id = plan->cells[i].id;
		cell->cell = &plan->cells[i];
		cell->items_of = items_of(p, cell->cell);
		gate->cell_count++;
	}
	if (gate->cell_count)
		return 0;
	if (gate->left_out[0])
		return why_refuse(p->why, "nothing is left to compare: one side has no %s", gate->left_out);
	return why_refuse(p->why, "no cell can run: 'bench --dry-run' with these options says why");
}

static int add_command(struct gate *gate)
{
	gate->cells = calloc(1, sizeof(*gate->cells));
	if (!gate->cells)
		return -ENOMEM;
	gate->cells[gate->cell_count++].id = COMMAND_ID;
	return 0;
}

static void allow(struct gate *gate, const struct words *allowed)
{
	for (size_t i = 0; i < allowed->count; i++) {
		bool found = false;

		for (size_t k = 0; k < gate->cell_count; k++)
			if (!strcmp(gate->cells[k].id, allowed->word[i]))
				found = gate->cells[k].allowed = true;
		if (!found)
			text_print(stderr, "bench: option '--allow': there is no cell '%s' in this gate\n",
				   allowed->word[i]);
	}
}

int gate_cells_open(struct gate_cells *cells, struct gate *gate, const struct side sides[2],
		    const struct gate_options *options, struct supervisor *supervisor, unsigned processors, bool timed,
		    int *signal, const struct why *why)
{
	struct preparation p = { cells, gate, sides, options, supervisor, timed, { NULL, NULL }, signal, why };
	int err;

	if (sides_are_commands(sides)) {
		err = add_command(gate);
	} else {
		p.inventories[0] = side_inventory(&sides[0]);
		p.inventories[1] = side_inventory(&sides[1]);
		err = probe_all(&p);
		err = err ? err : plan_make(&cells->plan, &options->run, cells->facts, cells->fact_count, processors);
		err = err ? err : add_cells(&p, &cells->plan);
		json_decref(p.inventories[0]);
		json_decref(p.inventories[1]);
	}
	if (!err)
		allow(gate, &options->allowed);
	return err;
}

void gate_cells_close(struct gate_cells *cells)
{
	plan_release(&cells->plan);
	for (size_t i = 0; i < cells->fact_count; i++)
		free((void *)cells->facts[i].values);
	free(cells->facts);
	*cells = (struct gate_cells){ 0 };
}
