#include "store/run/cell.h"

#include "analyse/doubts.h"
#include "model/calling.h"
#include "model/keys.h"
#include "model/registry.h"
#include "store/run/summary.h"
#include "store/values.h"

static const char *const status_names[] = {
	[CELL_OK] = "ok",
	[CELL_FAILED] = "failed",
	[CELL_NOT_AVAILABLE] = "not available",
	[CELL_NOT_MEASURED] = "not measured",
};

static const char *const failure_names[] = {
	[FAILURE_SIGNAL] = "signal",
	[FAILURE_EXIT] = "exit",
	[FAILURE_TIMEOUT] = "timeout",
	[FAILURE_WRONG_ANSWER] = "wrong_answer",
	[FAILURE_LOST_WORKER] = "lost_worker",
	[FAILURE_ERROR] = "error",
	[FAILURE_UNAVAILABLE] = "not available",
};

static json_t *params(const struct cell *cell)
{
	const struct workload *workload = registry_workload(cell->workload);
	json_t *object = json_object();

	for (size_t i = 0; workload && workload->params && workload->params[i].name; i++)
		object = value_set(object, workload->params[i].name, value_text(cell->values[i]));
	return object;
}

json_t *failure_json(const struct failure *f)
{
	return VALUE_OBJECT({ "kind", value_text(failure_names[f->kind]) },
			    { "pid", value_integer(f->pid > 0, f->pid) },
			    { "signal", value_integer(f->signal > 0, f->signal) },
			    { "exit_status", value_integer(f->exit_status >= 0, f->exit_status) },
			    { "item", value_integer(f->item >= 0, f->item) },
			    { "after_ns", value_count(f->after_ns) },
			    { "message", value_text(f->message) });
}

static json_t *runtime(const struct runtime *r)
{
	if (!r->name[0])
		return json_null();
	return VALUE_OBJECT({ "name", value_text(r->name) },
			    { "version", value_text(r->version) },
			    { "start_method", value_text(r->start_method[0] ? r->start_method : NULL) });
}

static json_t *invocations(const struct run_cell *cell)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->invocation_count; i++) {
		json_t *own = json_object();

		for (const struct key *key = invocation_keys; key->name; key++)
			own = key_write(own, key, &cell->invocations[i]);
		array = value_append(array, own);
	}
	return array;
}

static json_t *picked(const struct cell *cell)
{
	json_t *array = cell->picked ? json_array() : json_null();

	for (uint64_t i = 0; cell->picked && i < cell->items; i++)
		array = value_append(array, value_count(cell->picked[i]));
	return array;
}

/* Makes an object of the keys that stand before the samples. */
static json_t *head(const struct run_cell *own)
{
	const struct cell *cell = own->cell;
	const struct transport *transport = cell->transport ? registry_transport(cell->transport) : NULL;
	const struct mode *mode = registry_mode(cell->mode);
	const uint64_t preset_chunk = cell_preset_chunk(cell);
	char option[256];

	calling_text(option, sizeof(option), cell);
	return VALUE_OBJECT({ "id", value_text(cell->id) },
			    { "workload", value_text(cell->workload) },
			    { "params", params(cell) },
			    { "mode", value_text(cell->mode) },
			    { "mode_rank", value_count(registry_mode_rank(cell->mode)) },
			    { "per", value_text(cell->per_item ? "item" : "worker") },
			    { "parallel", json_boolean(mode->parallel) },
			    { "counterpart", value_text(mode->counterpart) },
			    { "runtime", runtime(&own->runtime) },
			    { "option", value_text(option[0] ? option : NULL) },
			    { "call", value_text(cell->calling.call) },
			    { "transport", value_text(cell->transport) },
			    { "copies", value_integer(transport != NULL, transport ? transport->copies : 0) },
			    { "piece_bytes", value_integer(transport && transport->piece_bytes,
							   transport ? (int64_t)transport->piece_bytes : 0) },
			    { "schedule", value_text(cell->schedule) },
			    { "chunk", value_integer(cell->chunk, (int64_t)cell->chunk) },
			    { "preset_chunk", value_integer(preset_chunk, (int64_t)preset_chunk) },
			    { "workers", value_count(cell->workers) },
			    { "bind", value_text(cell->bind) },
			    { "items", value_count(cell->items) },
			    { "items_of", value_count(cell->items_of > cell->items ? cell->items_of : cell->items) },
			    { "picked", picked(cell) },
			    { "input", value_text(cell->input) },
			    { "status", value_text(status_names[own->status]) },
			    { "reason", value_text(own->reason[0] ? own->reason : NULL) },
			    { "failure", own->status == CELL_FAILED ? failure_json(&own->failure) : json_null() },
			    { "probe_effect_ns", value_number(own->probe_effect_known ? own->probe_effect_ns : NAN) },
			    { "probe_effect_low_ns",
			      value_number(own->probe_effect_known ? own->probe_effect_low_ns : NAN) },
			    { "invocations", invocations(own) });
}

json_t *doubt_json(enum doubt doubt)
{
	return VALUE_OBJECT({ "code", value_text(doubt_texts[doubt].code) },
			    { "advice", value_text(doubt_texts[doubt].advice) });
}

static json_t *doubts_json(uint32_t doubts)
{
	json_t *array = json_array();

	for (int i = 0; i < DOUBT_COUNT; i++)
		if (doubts >> i & 1)
			array = value_append(array, doubt_json((enum doubt)i));
	return array;
}

static void write_samples(struct writer *writer, const struct run_cell *cell, const struct body_cost *baseline,
			  size_t listed)
{
	for (size_t i = 0; i < cell->sample_count; i++) {
		const struct sample *sample = &cell->samples[i];
		bool list = sample->workers <= listed;

		writer_text(writer, i ? ",\n  " : "\n  ");
		writer_json(writer, sample_json(cell, sample, baseline, list));
		listed = list ? listed - sample->workers : 0;
	}
}

void cell_json_write(struct writer *writer, const struct run *run, const struct run_cell *cell, size_t listed)
{
	struct summary summary;
	int err = summary_make(&summary, run, cell);

	if (err) {
		writer_fail(writer, err);
		return;
	}
	writer_text(writer, "{");
	writer_embedded(writer, head(cell));
	writer_text(writer, ",\n \"samples\":[");
	write_samples(writer, cell, &summary.baseline, listed);
	writer_text(writer, "],\n \"summary\":");
	writer_json(writer, summary_json(cell, &summary));
	writer_text(writer, ",\n \"doubts\":");
	writer_json(writer, doubts_json(summary.doubts));
	writer_text(writer, "}");
}
