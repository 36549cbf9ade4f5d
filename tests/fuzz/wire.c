/* What a cell process sends: frames of both versions, their records, and the fields within. A record that could be read
 * is sent and read again, and is the same. */
#include "model/run.h"
#include "run/wire/fields.h"
#include "run/wire/frames.h"
#include "run/wire/records.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

union record {
	struct facts facts;
	struct sample sample;
	struct crew_report crew;
	struct failure failure;
	struct description description;
};

static void repeat(enum frame_type type, const union record *record)
{
	const struct wire_field *fields = record_fields(type);
	struct frame_head head = { FRAME_RECORD, type, fields_encode(fields, record, NULL) };
	char *bytes = malloc(head.size), *again = malloc(head.size);
	union record other = { 0 };

	fields_encode(fields, record, bytes);
	if (frame_read_record(&head, bytes, &other) || fields_encode(fields, &other, NULL) != head.size)
		abort();
	fields_encode(fields, &other, again);
	if (memcmp(bytes, again, head.size))
		abort();
	fields_release(fields, &other);
	free(bytes);
	free(again);
}

static void take(const struct frame_head *head, const void *data)
{
	enum frame_type type = (enum frame_type)head->type;
	union record record = { 0 };

	if (frame_read_record(head, data, &record))
		return;
	repeat(type, &record);
	for (uint32_t w = 0; type == FRAME_SAMPLE && w < record.sample.workers; w++)
		if (record.sample.worker[w].pid == 0x7fffffff)
			break; /* all of it can be read */
	fields_release(record_fields(type), &record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_buffer buffer = { .data = malloc(size + 1), .size = size, .capacity = size + 1 };
	struct frame_head head;
	const void *content;

	if (!buffer.data)
		abort();
	if (size)
		memcpy(buffer.data, data, size);
	while (frame_next(&buffer, &head, &content) == 1)
		take(&head, content);
	frame_release(&buffer);
	return 0;
}

static void add_frame(seed_taker *add, void *context, uint32_t version, uint32_t type, const void *data, size_t size)
{
	struct frame_head head = { version, type, size };
	char *frame = malloc(sizeof(head) + size);

	if (!frame)
		abort();
	memcpy(frame, &head, sizeof(head));
	memcpy(frame + sizeof(head), data, size);
	add(context, frame, sizeof(head) + size);
	free(frame);
}

static void add_record(seed_taker *add, void *context, enum frame_type type, const void *record)
{
	const struct wire_field *fields = record_fields(type);
	size_t size = fields_encode(fields, record, NULL);
	char *bytes = malloc(size);

	fields_encode(fields, record, bytes);
	add_frame(add, context, FRAME_RECORD, type, bytes, size);
	free(bytes);
}

/* Of version 1: facts, a sample with two measures and two workers, a crew, a failure (run/wire/version1.c). */
static void add_old(seed_taker *add, void *context)
{
	static char sample[1488 + 2 * 504];
	const uint32_t measures_and_workers[] = { 2, 2 };

	memcpy(sample + 968, measures_and_workers, sizeof(measures_and_workers));
	memcpy(sample + 72, "latency_ns", 10);
	add_frame(add, context, FRAME_PLAIN, 5, (char[8]){ 1 }, 8);
	add_frame(add, context, FRAME_PLAIN, 6, sample, sizeof(sample));
	add_frame(add, context, FRAME_PLAIN, 8, (char[48]){ 1 }, 48);
	add_frame(add, context, FRAME_PLAIN, 9, (char[544]){ 1 }, 544);
}

void fuzz_seeds(seed_taker *add, void *context)
{
	static struct worker_sample workers[2] = { { .pid = 7, .counters = { [31] = 0.5 } }, { .items = 5 } };
	const struct sample sample = { .wall_ns = 5, .measure_count = 1, .measures[0] = { "latency_ns", "ns", 1.5 },
				       .worker = workers, .workers = 2 };
	static struct param_description param = { "n", "100" };
	const struct description description = { .name = "own", .params = &param, .param_count = 1 };
	const struct failure failure = { .kind = FAILURE_EXIT, .pid = 4, .item = -1, .message = "worker 0 left" };

	add_record(add, context, FRAME_FACTS, &(const struct facts){ .items = 48 });
	add_record(add, context, FRAME_SAMPLE, &sample);
	add_record(add, context, FRAME_CREW, &(const struct crew_report){ .start_ns = 1, .stamped_ns = 2.5 });
	add_record(add, context, FRAME_FAILURE, &failure);
	add_record(add, context, FRAME_WORKLOAD, &description);
	add_old(add, context);
}
