#include "store/gate/write.h"

#include "analyse/verdict.h"
#include "base/file.h"
#include "store/gate/read.h"
#include "store/run/cell.h"
#include "store/values.h"

#include <math.h>

static const char *const judged_words[] = { "wall", "cpu", "instructions" };
static const char *const stage_words[] = { "screen", "test" };
static const char *const side_words[] = { "a", "b", "control" };
static const char *const kind_words[] = { [SLOWER_TYPICAL] = "typical", [SLOWER_RARE] = "rare" };

static const struct {
	const char *code, *advice;
} doubt_texts[GATE_DOUBT_COUNT] = {
	[GATE_DOUBT_OUTPUTS_DIFFER] = { "outputs_differ",
		"the sides' outputs are not equal: look whether the work is still the same before you trust its time" },
	[GATE_DOUBT_OUTPUT_UNREAD] = { "output_unread",
		"a command takes more than twice the CPU time where its output is read: if it is thrown away, some do "
		"less, as grep, which then stops at the first match; --stdout pipe measures it as it is used" },
	[GATE_DOUBT_ONE_SIDED] = { "one_sided",
		"cells that only one side has were left out" },
	[GATE_DOUBT_BUSY] = { "busy",
		"other load or stolen time made much of what was measured take longer: quieten the machine" },
	[GATE_DOUBT_BUDGET] = { "budget",
		"the time was over before all cells were decided: raise --budget, or choose fewer cells" },
	[GATE_DOUBT_ADDRESSES] = { "addresses_vary",
		"this system keeps addresses random (personality is not permitted), so counts may differ by hundreds" },
	[GATE_DOUBT_LAYOUT] = { "layout_varies",
		"this system keeps addresses random (personality is not permitted), so the sides of a pair lay "
		"differently in memory: bounds are wider" },
	[GATE_DOUBT_SLEEPS] = { "sleeps",
		"slices that take over 3 ms sleep, so they are judged by wall time, which other programs disturb" },
	[GATE_DOUBT_SPINS] = { "spins",
		"workers used processors while it was the other side's turn: both sides may be slower by that" },
	[GATE_DOUBT_BLOCKS] = { "blocks",
		"a build is too old to take turns with the other, so whole processes were held against each other: "
		"bounds are wider" },
	[GATE_DOUBT_SAMPLE] = { "sample",
		"the folder of --input has more files than there is time for: commands were run with a sample, spread "
		"over their sizes (\"files\" says how many): raise --budget, or give fewer or smaller files" },
	[GATE_DOUBT_ROUNDS] = { "rounds",
		"a pair cannot have as many rounds as --rounds asks for (\"rounds\" says how many it had): --max-runs "
		"makes more pairs" },
};

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static json_t *side_json(const struct side_label *side)
{
	return VALUE_OBJECT({ "kind", value_text(side->kind) }, { "name", value_text(side->name) },
			    { "title", value_text(text_or_null(side->title)) },
			    { "detail", value_text(text_or_null(side->detail)) }, { "text", value_text(side->text) });
}

static json_t *shift_json(const struct shift *shift)
{
	return VALUE_OBJECT({ "theta", value_number(shift->theta) }, { "low", value_number(shift->low) },
			    { "high", value_number(shift->high) });
}

static json_t *levels_json(const struct levels *levels)
{
	return VALUE_OBJECT({ "low", value_number(levels->low) }, { "high", value_number(levels->high) });
}

static json_t *screening_json(const struct screening *s)
{
	if (!s->done)
		return json_null();
	return value_set(value_set(shift_json(&s->slowdown), "runs_a_side", value_count(s->trials_a_side)), "flagged",
			 json_boolean(s->flagged));
}

static json_t *trial_json(const struct trial *t, enum judged judged)
{
	return VALUE_OBJECT({ "side", value_text(side_words[t->side]) },
			    { "x_ns", value_number(judged == JUDGED_CPU ? t->cpu_ns : t->wall_ns) },
			    { "wall_ns", value_number(t->wall_ns) }, { "cpu_ns", value_number(t->cpu_ns) },
			    { "run_queue_ns", value_number(t->run_queue_ns) }, { "asleep", value_number(t->asleep) });
}

static json_t *block_json(const struct block *block, enum judged judged)
{
	json_t *runs = json_array();

	for (size_t i = 0; i < block->trial_count; i++)
		runs = value_append(runs, trial_json(&block->trials[i], judged));
	return VALUE_OBJECT({ "stage", value_text(stage_words[block->stage]) },
			    { "dropped", json_boolean(block->dropped) },
			    { "started_ns", value_count(block->started_ns) },
			    { "disturbance", value_number(block->disturbance) }, { "runs", runs });
}

static json_t *pair_time_json(const struct gate_pair *pair, enum gate_side side)
{
	const struct pair_time *time = &pair->times[side];
	json_t *rounds = json_array();

	if (side == SIDE_CONTROL && !pair->has_control) {
		json_decref(rounds);
		return json_null();
	}
	for (uint32_t i = 0; time->round_ns && i < pair->rounds; i++)
		rounds = value_append(rounds, value_number(round(time->round_ns[i])));
	return VALUE_OBJECT({ "undisturbed_ns", value_number(time->undisturbed_ns) },
			    { "mean_ns", value_number(time->mean_ns) }, { "rounds_ns", rounds });
}

static json_t *pair_json(const struct gate_pair *pair)
{
	json_t *object = VALUE_OBJECT(
		{ "started_ns", value_count(pair->started_ns) }, { "took_ns", value_count(pair->took_ns) },
		{ "rounds", value_count(pair->rounds) }, { "slices", value_count(pair->slices) },
		{ "added", value_number(pair->added) });

	for (enum gate_side side = SIDE_A; side < SIDE_COUNT; side++)
		object = value_set(object, side_words[side], pair_time_json(pair, side));
	return object;
}

static json_t *files_json(const struct gate_cell *cell)
{
	if (!cell->files_found)
		return json_null();
	return VALUE_OBJECT({ "used", value_count(cell->files_used) }, { "found", value_count(cell->files_found) });
}

/* Adds what is known of a cell whose sides took turns, or null for each key. */
static json_t *add_pairs(json_t *object, const struct gate_cell *cell)
{
	bool judged = cell->pairing && cell->measured;
	json_t *pairs = json_array();

	for (size_t i = 0; i < cell->pair_count; i++)
		pairs = value_append(pairs, pair_json(&cell->pairs[i]));
	object = value_set(object, "pairing", value_text(cell->pairing));
	object = value_set(object, "pairs", pairs);
	object = value_set(object, "levels", judged ? levels_json(&cell->levels) : json_null());
	object = value_set(object, "mean", judged ? shift_json(&cell->mean) : json_null());
	object = value_set(object, "mean_levels", judged ? levels_json(&cell->mean_levels) : json_null());
	object = value_set(object, "kind",
			   value_text(judged && cell->verdict == VERDICT_REGRESSED ? kind_words[cell->kind] : NULL));
	object = value_set(object, "slice_ns", cell->slice_ns > 0 ? value_number(cell->slice_ns) : json_null());
	object = value_set(object, "footprint", cell->slice_ns > 0 ? value_number(cell->footprint) : json_null());
	object = value_set(object, "files", files_json(cell));
	return value_set(object, "same_addresses",
			 cell->pairing ? json_boolean(cell->same_addresses) : json_null());
}

static json_t *instructions_json(const struct gate_cell *cell)
{
	if (!cell->instructions[0] && !cell->instructions[1])
		return json_null();
	return VALUE_OBJECT({ "a", value_count(cell->instructions[0]) }, { "b", value_count(cell->instructions[1]) });
}

static json_t *cell_failure_json(const struct gate_cell *cell)
{
	if (!cell->failed)
		return json_null();
	return value_set(value_set(failure_json(&cell->failure), "side", value_text(side_words[cell->failed_side])),
			 "said", value_text(text_or_null(cell->said)));
}

static json_t *cell_json(const struct gate_cell *cell)
{
	json_t *blocks = json_array();

	for (size_t i = 0; i < cell->block_count; i++)
		blocks = value_append(blocks, block_json(&cell->blocks[i], cell->judged));
	return add_pairs(VALUE_OBJECT(
		{ "id", value_text(cell->id) }, { "verdict", value_text(verdict_word(cell->verdict)) },
		{ "allowed", json_boolean(cell->allowed) }, { "reason", value_text(text_or_null(cell->reason)) },
		{ "measure", value_text(judged_words[cell->judged]) },
		{ "slowdown", cell->measured ? shift_json(&cell->slowdown) : json_null() },
		{ "runs_a_side", value_count(cell->trials_a_side) }, { "looks", value_count(cell->looks) },
		{ "dropped", value_count(cell->dropped) },
		{ "items", cell->cell ? value_count(cell->cell->items) : json_null() },
		{ "items_of", cell->items_of ? value_count(cell->items_of) : json_null() },
		{ "rounds", value_integer(cell->rounds > 0, cell->rounds) },
		{ "smallest_shown", cell->measured ? value_number(cell->smallest_shown) : json_null() },
		{ "smallest_excluded", cell->measured ? value_number(cell->smallest_excluded) : json_null() },
		{ "screened", screening_json(&cell->screening) }, { "instructions", instructions_json(cell) },
		{ "failure", cell_failure_json(cell) }, { "blocks", blocks }), cell);
}

static json_t *control_json(const struct control *control)
{
	json_t *object;

	if (!control->done)
		return json_null();
	object = value_set(shift_json(&control->slowdown), "cell", value_text(control->cell));
	object = value_set(object, "verdict", value_text(verdict_word(control->verdict)));
	object = value_set(object, "mean", control->has_mean ? shift_json(&control->mean) : json_null());
	object = value_set(object, "rare", json_boolean(control->rare));
	return value_set(object, "holds", json_boolean(control->holds));
}

static json_t *doubts_json(const struct gate *gate)
{
	json_t *array = json_array();

	for (int i = 0; i < GATE_DOUBT_COUNT; i++)
		if (gate->doubts >> i & 1)
			array = value_append(array, VALUE_OBJECT({ "code", value_text(doubt_texts[i].code) },
								 { "advice", value_text(doubt_texts[i].advice) }));
	return array;
}

static void write_head(struct writer *w, const struct gate *gate)
{
	writer_key(w, "schema", json_integer(GATE_SCHEMA));
	writer_key(w, "kind", value_text("gate"));
	writer_key(w, "command", value_words(gate->command));
	writer_key(w, "seed", value_count(gate->seed));
	writer_key(w, "started", value_text(gate->started));
	writer_key(w, "ended_after_ns",
		   value_integer(gate->ended_ns > 0, (int64_t)(gate->ended_ns - gate->started_ns)));
	writer_key(w, "interrupted", value_signal(gate->interrupted));
	writer_key(w, "versions", value_object_or_empty(gate->versions));
	writer_key(w, "machine", value_object_or_empty(gate->machine));
	writer_key(w, "sides", VALUE_OBJECT({ "a", side_json(&gate->sides[0]) }, { "b", side_json(&gate->sides[1]) }));
	writer_key(w, "left_out", value_text(text_or_null(gate->left_out)));
	writer_key(w, "build_log", value_text(gate->build_log));
	writer_key(w, "stdout", value_text(gate->stdout_to));
	writer_key(w, "method", value_text(gate->by_instructions ? "instructions" : "timing"));
}

static void write_gate(struct writer *w, const void *what)
{
	const struct gate *gate = what;

	writer_text(w, "{\n");
	write_head(w, gate);
	writer_key(w, "verdict", value_text(verdict_word(gate->verdict)));
	writer_key(w, "conclusion", value_text(gate->conclusion));
	writer_key(w, "tolerance", value_number(gate->tolerance));
	writer_key(w, "margin", value_number(gate->margin));
	writer_key(w, "level", value_number(gate->level));
	writer_key(w, "on_unclear", value_text(gate->on_unclear));
	writer_key(w, "controls",
		   VALUE_OBJECT({ "aa", control_json(&gate->aa) }, { "plus", control_json(&gate->plus) }));
	writer_key(w, "noise_floor", gate->aa.done ? value_number(gate->noise_floor) : json_null());
	writer_key(w, "smallest_shown", value_number(gate->smallest_shown));
	writer_key(w, "doubts", doubts_json(gate));
	writer_text(w, "\"cells\":[");
	for (size_t i = 0; i < gate->cell_count; i++) {
		writer_text(w, i ? ",\n" : "\n");
		writer_json(w, cell_json(&gate->cells[i]));
	}
	writer_text(w, "\n]\n}\n");
}

int gate_write(const struct gate *gate, const char *folder, bool last, const struct why *why)
{
	return file_put(folder, GATE_FILE, write_gate, gate, last, why);
}
