#include "store/run/cell.h"

#include "analyse/doubts.h"
#include "model/cell.h"
#include "model/registry.h"
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

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

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

static json_t *invocations(const struct run_cell *cell)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->invocation_count; i++) {
		const struct invocation *own = &cell->invocations[i];

		array = value_append(array, VALUE_OBJECT({ "start_ns", value_count(own->start_ns) },
							 { "end_ns", value_count(own->end_ns) },
							 { "initializer_ns", value_count(own->initializer_ns) },
							 { "rss_bytes", value_integer(own->rss_bytes,
										      (int64_t)own->rss_bytes) },
							 { "open_ns", value_count(own->open_ns) },
							 { "cut", json_boolean(own->cut) }));
	}
	return array;
}

/* The keys before the samples. */
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
			    { "per", value_text(cell->per_item ? "item" : "worker") },
			    { "parallel", json_boolean(mode->parallel) },
			    { "counterpart", value_text(mode->counterpart) },
			    { "option", value_text(text_or_null(option)) },
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
			    { "input", value_text(cell->input) },
			    { "status", value_text(status_names[own->status]) },
			    { "reason", value_text(text_or_null(own->reason)) },
			    { "failure", own->status == CELL_FAILED ? failure_json(&own->failure) : json_null() },
			    { "probe_effect_ns", value_number(own->probe_effect_known ? own->probe_effect_ns : NAN) },
			    { "invocations", invocations(own) });
}

static json_t *account(const double *account_ns)
{
	json_t *object = json_object();

	for (int i = 0; i < SPLIT_COUNT; i++)
		object = value_set(object, split_names[i], value_number(account_ns[i]));
	return object;
}

static json_t *pop(const struct pop *p)
{
	return VALUE_OBJECT({ "load_balance", value_number(p->load_balance) },
			    { "communication", value_number(p->communication) },
			    { "parallel", value_number(p->parallel) },
			    { "computational", value_number(p->computational) },
			    { "global", value_number(p->global) });
}

static json_t *counter(const struct counter_info *info, double value)
{
	const char *status = info->status == COUNTER_MULTIPLEXED ? "multiplexed" : "counted";
	const char *reason = text_or_null(info->reason);

	if (!isfinite(value)) {
		status = "not available";
		reason = reason ? reason : "no round that counts has it";
	}
	return VALUE_OBJECT({ "name", value_text(info->name) }, { "unit", value_text(info->unit) },
			    { "value", value_number(value) }, { "status", value_text(status) },
			    { "reason", value_text(reason) });
}

/* Every counter, also those that do not count here: columns never vanish. */
static json_t *counters(const struct run_cell *cell, const double *values)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->counter_count; i++)
		array = value_append(array, counter(&cell->counters[i], values[i]));
	return array;
}

static json_t *summary_json(const struct run_cell *cell, const struct summary *s)
{
	return VALUE_OBJECT({ "invocations", value_count(s->invocations) },
			    { "rounds", value_count(s->rounds) },
			    { "wall_ns", value_interval(s->wall_ns) },
			    { "items_per_s", value_interval(s->items_per_s) },
			    { "speedup", value_interval(s->speedup) },
			    { "speedup_with_crew", value_interval(s->speedup_with_crew) },
			    { "efficiency", value_interval(s->efficiency) },
			    { "ipc_share", value_interval(s->ipc_share) },
			    { "ipc_ns_per_item", value_interval(s->ipc_ns_per_item) },
			    { "cpu_ns", value_interval(s->cpu_ns) },
			    { "rss_bytes", value_number(s->rss_bytes) },
			    { "account_ns", account(s->account_ns) },
			    { "crew_ns", VALUE_OBJECT({ "start", value_interval(s->crew_start_ns) },
						      { "end", value_interval(s->crew_end_ns) }) },
			    { "pop", pop(&s->pop) },
			    { "counters", counters(cell, s->counters) },
			    { "measures", measures_json(s->measures, s->measure_count) },
			    { "bimodal", json_boolean(s->bimodal) },
			    { "drifts", json_boolean(s->drifts) });
}

static json_t *doubts_json(uint32_t doubts)
{
	json_t *array = json_array();

	for (int i = 0; i < DOUBT_COUNT; i++)
		if (doubts >> i & 1)
			array = value_append(array, VALUE_OBJECT({ "code", value_text(doubt_texts[i].code) },
								 { "advice", value_text(doubt_texts[i].advice) }));
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
