#include "store/run/again.h"

#include "analyse/doubts.h"
#include "base/json.h"
#include "store/run/cell.h"
#include "store/run/rounds.h"
#include "store/run/summary.h"
#include "store/run/work.h"
#include "store/values.h"

#include <errno.h>

/* The parts of the samples are as they were split when the run was measured. */
static void take_account(json_t *summary, const json_t *old, struct stored_rounds *rounds)
{
	json_t *account = json_deep_copy(json_object_get(old, "account_ns")), *value;
	const char *part;

	json_object_foreach(account, part, value)
		json_object_set_new(account, part, value_number(stored_rounds_median(rounds, "account_ns", part)));
	if (account)
		json_object_set_new(summary, "account_ns", account);
}

static void keep_worker_quantities(json_t *summary, const json_t *old)
{
	for (enum quantity_id id = 0; id < QUANTITY_COUNT; id++) {
		const struct quantity *own = &quantities[id];
		json_t *value = json_object_get(json_object_get(old, own->group), own->key);

		if (own->by_worker && value)
			json_object_set(json_object_get(summary, own->group), own->key, value);
	}
}

static void add_doubts(json_t *cell, uint32_t bits)
{
	json_t *doubts = json_object_get(cell, "doubts");

	for (int i = 0; i < DOUBT_COUNT; i++)
		if (bits >> i & 1 && !json_find(doubts, "code", doubt_texts[i].code))
			json_array_append_new(doubts, doubt_json((enum doubt)i));
}

static int summarise(json_t *cell, struct stored_rounds *rounds, struct stored_rounds *baseline, uint64_t seed)
{
	json_t *old = json_object_get(cell, "summary"), *fresh;
	const struct run_cell *of = baseline->json == cell ? &rounds->cell : baseline->json ? &baseline->cell : NULL;
	struct summary summary;

	if (summary_of(&summary, seed, &rounds->cell, of))
		return -ENOMEM;
	fresh = summary_json(&rounds->cell, &summary);
	if (!fresh)
		return -ENOMEM;
	take_account(fresh, old, rounds);
	keep_worker_quantities(fresh, old);
	json_object_update(old, fresh);
	json_decref(fresh);
	add_doubts(cell, summary.doubts);
	return 0;
}

/* Reads the baseline, unless it is the one that was read for the cell before. */
static int read_baseline(struct stored_rounds *baseline, const json_t *json)
{
	if (baseline->json == json)
		return 0;
	stored_rounds_release(baseline);
	return json ? stored_rounds_init(baseline, json) : 0;
}

int summaries_again(json_t *run)
{
	struct stored_rounds rounds, baseline = { .json = NULL };
	json_t *cells = json_object_get(run, "cells"), *cell;
	uint64_t seed = (uint64_t)json_integer_value(json_object_get(run, "seed"));
	int err = 0;
	size_t i;

	json_array_foreach(cells, i, cell) {
		if (json_array_size(json_object_get(cell, "samples")) == 0)
			continue;
		err = err ? err : read_baseline(&baseline, work_baseline(run, cell));
		if (err)
			break;
		err = stored_rounds_init(&rounds, cell);
		err = err ? err : summarise(cell, &rounds, &baseline, seed);
		stored_rounds_release(&rounds);
	}
	stored_rounds_release(&baseline);
	return err;
}
