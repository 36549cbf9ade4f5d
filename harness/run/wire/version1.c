#include "run/wire/version1.h"

#include "run/wire/fields.h"
#include "run/wire/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MEASURES 16

struct version1_facts {
	uint64_t items;
};

struct version1_crew_report {
	uint64_t start_ns, end_ns;
	uint64_t initializer_ns;
	uint64_t rss_bytes;
	double stamped_ns, unstamped_ns;
};

struct version1_failure {
	uint32_t kind;
	int32_t pid;
	int32_t signal;
	int32_t exit_status;
	int64_t item;
	uint64_t after_ns;
	char message[512];
};

struct version1_measure {
	char name[32];
	char unit[16];
	double value;
};

struct version1_worker {
	int32_t pid, tid;
	uint64_t bound_to[16];
	uint64_t items;
	uint64_t part_ns[8];
	uint64_t body_cpu_ns;
	uint64_t body_run_queue_ns;
	uint64_t body_stolen_ns;
	uint64_t body_wait_ns;
	double useful_share;
	double counters[32];
};

/* Truth values are read as bytes, since a byte that comes may be neither 0 nor 1. */
struct version1_sample {
	uint32_t invocation, round;
	uint8_t warmup, probed, disturbed, throttled;
	uint8_t incomplete;
	uint64_t started_ns;
	uint64_t wall_ns;
	uint64_t cpu_ns;
	uint64_t bytes_moved;
	uint64_t items;
	uint64_t digest;
	uint8_t own_answers;
	struct version1_measure measures[MEASURES];
	uint32_t measure_count;
	uint32_t workers;
	struct version1_worker *worker; /* a pointer of the process that sent it; the workers follow the struct */
	struct version1_worker total;
};

static const struct wire_field facts_fields[] = {
	FIELD(version1_facts, items),
	{ 0 },
};

static const struct wire_field crew_report_fields[] = {
	FIELD(version1_crew_report, start_ns),
	FIELD(version1_crew_report, end_ns),
	FIELD(version1_crew_report, initializer_ns),
	FIELD(version1_crew_report, rss_bytes),
	FIELD(version1_crew_report, stamped_ns),
	FIELD(version1_crew_report, unstamped_ns),
	{ 0 },
};

static const struct wire_field failure_fields[] = {
	FIELD(version1_failure, kind),
	FIELD(version1_failure, pid),
	FIELD(version1_failure, signal),
	FIELD(version1_failure, exit_status),
	FIELD(version1_failure, item),
	FIELD(version1_failure, after_ns),
	FIELD(version1_failure, message),
	{ 0 },
};

static const struct wire_field measure_fields[] = {
	FIELD(version1_measure, name),
	FIELD(version1_measure, unit),
	FIELD(version1_measure, value),
	{ 0 },
};

static const struct wire_field worker_fields[] = {
	FIELD(version1_worker, pid),
	FIELD(version1_worker, tid),
	FIELD_AS("bound_to", version1_worker, bound_to),
	FIELD(version1_worker, items),
	FIELD_AS("spawn_ns", version1_worker, part_ns[0]),
	FIELD_AS("dispatch_ns", version1_worker, part_ns[1]),
	FIELD_AS("lock_ns", version1_worker, part_ns[2]),
	FIELD_AS("starve_ns", version1_worker, part_ns[3]),
	FIELD_AS("copy_ns", version1_worker, part_ns[4]),
	FIELD_AS("body_ns", version1_worker, part_ns[5]),
	FIELD_AS("idle_ns", version1_worker, part_ns[6]),
	FIELD_AS("teardown_ns", version1_worker, part_ns[7]),
	FIELD(version1_worker, body_cpu_ns),
	FIELD(version1_worker, body_run_queue_ns),
	FIELD(version1_worker, body_stolen_ns),
	FIELD(version1_worker, body_wait_ns),
	FIELD(version1_worker, useful_share),
	FIELD(version1_worker, counters),
	{ 0 },
};

static const struct wire_field sample_fields[] = {
	FIELD(version1_sample, invocation),
	FIELD(version1_sample, round),
	FIELD(version1_sample, warmup),
	FIELD(version1_sample, probed),
	FIELD(version1_sample, disturbed),
	FIELD(version1_sample, throttled),
	FIELD(version1_sample, incomplete),
	FIELD(version1_sample, started_ns),
	FIELD(version1_sample, wall_ns),
	FIELD(version1_sample, cpu_ns),
	FIELD(version1_sample, bytes_moved),
	FIELD(version1_sample, items),
	FIELD(version1_sample, digest),
	FIELD(version1_sample, own_answers),
	FIELD_ARRAY(version1_sample, measures, measure_count, measure_fields),
	FIELD_POINTER(version1_sample, worker, workers, worker_fields),
	FIELD_ONE(version1_sample, total, worker_fields),
	{ 0 },
};

/* The numbers of the frames' types are frozen, too. */
static const struct {
	uint32_t type;
	size_t size;
	const struct wire_field *fields;
} records[] = {
	{ 5, sizeof(struct version1_facts), facts_fields },
	{ 6, sizeof(struct version1_sample), sample_fields },
	{ 8, sizeof(struct version1_crew_report), crew_report_fields },
	{ 9, sizeof(struct version1_failure), failure_fields },
};

/* Lets `worker` point to the workers behind the struct. Returns whether the `rest` bytes are these. */
static bool attach_workers(struct version1_sample *s, size_t rest)
{
	s->worker = (struct version1_worker *)(s + 1);
	return s->measure_count <= MEASURES && rest == s->workers * sizeof(*s->worker);
}

static int encode(const struct wire_field *table, const void *from, char **fields, size_t *size)
{
	*size = fields_encode(table, from, NULL);
	*fields = malloc(*size);
	if (!*fields)
		return -ENOMEM;
	fields_encode(table, from, *fields);
	return 0;
}

int version1_convert(const struct frame_head *head, const void *data, char **fields, size_t *size)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		size_t own = records[i].size;
		void *copy; /* a copy is aligned */
		int err;

		if (records[i].type != head->type)
			continue;
		copy = head->size >= own ? malloc(head->size) : NULL;
		if (!copy)
			return head->size >= own ? -ENOMEM : -EPROTO;
		memcpy(copy, data, head->size);
		if (records[i].fields == sample_fields)
			err = attach_workers(copy, head->size - own) ? 0 : -EPROTO;
		else
			err = head->size == own ? 0 : -EPROTO;
		err = err ? err : encode(records[i].fields, copy, fields, size);
		free(copy);
		return err;
	}
	return -EPROTO;
}
