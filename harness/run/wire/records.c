#include "run/wire/records.h"

#include "model/keys.h"
#include "model/run.h"

static const struct wire_field facts_fields[] = {
	FIELD(facts, items),
	FIELD_AS("runtime", facts, runtime.name),
	FIELD_AS("runtime_version", facts, runtime.version),
	FIELD_AS("start_method", facts, runtime.start_method),
	FIELD(facts, fixed_addresses),
	{ 0 },
};

static const struct wire_field param_fields[] = {
	FIELD(param_description, name),
	FIELD(param_description, preset),
	{ 0 },
};

static const struct wire_field description_fields[] = {
	FIELD(description, name),
	FIELD(description, reads_files),
	FIELD_POINTER(description, params, param_count, param_fields),
	{ 0 },
};

static const struct wire_field crew_report_fields[] = {
	FIELD(crew_report, start_ns),
	FIELD(crew_report, end_ns),
	FIELD(crew_report, initializer_ns),
	FIELD(crew_report, rss_bytes),
	FIELD(crew_report, stamped_ns),
	FIELD(crew_report, unstamped_ns),
	FIELD(crew_report, spins),
	{ 0 },
};

static const struct wire_field failure_fields[] = {
	FIELD(failure, kind),
	FIELD(failure, pid),
	FIELD(failure, signal),
	FIELD(failure, exit_status),
	FIELD(failure, item),
	FIELD(failure, after_ns),
	FIELD(failure, message),
	{ 0 },
};

static const struct wire_field measure_fields[] = {
	FIELD(measure, name),
	FIELD(measure, unit),
	FIELD(measure, value),
	{ 0 },
};

static const struct wire_field worker_fields[] = {
	FIELD(worker_sample, pid),
	FIELD(worker_sample, tid),
	FIELD_AS("bound_to", worker_sample, bound_to.bits),
	FIELD(worker_sample, items),
	FIELD_AS("spawn_ns", worker_sample, part_ns[PART_SPAWN]),
	FIELD_AS("dispatch_ns", worker_sample, part_ns[PART_DISPATCH]),
	FIELD_AS("lock_ns", worker_sample, part_ns[PART_LOCK]),
	FIELD_AS("starve_ns", worker_sample, part_ns[PART_STARVE]),
	FIELD_AS("copy_ns", worker_sample, part_ns[PART_COPY]),
	FIELD_AS("body_ns", worker_sample, part_ns[PART_BODY]),
	FIELD_AS("idle_ns", worker_sample, part_ns[PART_IDLE]),
	FIELD_AS("teardown_ns", worker_sample, part_ns[PART_TEARDOWN]),
	FIELD(worker_sample, body_cpu_ns),
	FIELD(worker_sample, body_run_queue_ns),
	FIELD(worker_sample, body_stolen_ns),
	FIELD(worker_sample, body_wait_ns),
	FIELD(worker_sample, useful_share),
	FIELD(worker_sample, counters),
	{ 0 },
};

static const struct wire_field sample_fields[] = {
	FIELD_ALL_KEYS(sample_keys),
	FIELD(sample, incomplete),
	FIELD_ARRAY(sample, measures, measure_count, measure_fields),
	FIELD_POINTER(sample, worker, workers, worker_fields),
	FIELD_ONE(sample, total, worker_fields),
	{ 0 },
};

const struct wire_field *record_fields(enum frame_type type)
{
	switch (type) {
	case FRAME_FACTS:
		return facts_fields;
	case FRAME_WORKLOAD:
		return description_fields;
	case FRAME_SAMPLE:
		return sample_fields;
	case FRAME_CREW:
		return crew_report_fields;
	case FRAME_FAILURE:
		return failure_fields;
	default:
		return NULL;
	}
}
