/* The structs that travel in frames: under which names, and as builds of version 1 sent them. */
#include "model/run.h"
#include "run/wire/fields.h"
#include "run/wire/frames.h"
#include "run/wire/records.h"
#include "tests/test.h"

#include <sys/socket.h>
#include <unistd.h>

/* ---- Names ---- */

/* Builds that are out there say these names. More may come; whoever renames a member says FIELD_AS. */
static const char *const names_that_stay[] = {
	"facts items",
	"sample invocation", "sample round", "sample warmup", "sample probed", "sample disturbed", "sample throttled",
	"sample incomplete", "sample started_ns", "sample wall_ns", "sample cpu_ns", "sample bytes_moved",
	"sample items", "sample digest", "sample own_answers", "sample measures", "sample worker", "sample total",
	"measures name", "measures unit", "measures value",
	"worker pid", "worker tid", "worker bound_to", "worker items", "worker spawn_ns",
	"worker dispatch_ns", "worker lock_ns", "worker starve_ns",
	"worker copy_ns", "worker body_ns", "worker idle_ns",
	"worker teardown_ns", "worker body_cpu_ns", "worker body_run_queue_ns", "worker body_stolen_ns",
	"worker body_wait_ns", "worker useful_share", "worker counters",
	"crew start_ns", "crew end_ns", "crew initializer_ns", "crew rss_bytes", "crew stamped_ns", "crew unstamped_ns",
	"failure kind", "failure pid", "failure signal", "failure exit_status", "failure item", "failure after_ns",
	"failure message",
};

static void list_names(const char *of, const struct wire_field *fields, char *names, size_t size)
{
	for (const struct wire_field *f = fields; f->name; f++) {
		for (const struct key *key = f->keys; key && key->name; key++)
			snprintf(names + strlen(names), size - strlen(names), "%s %s\n", of, key->name);
		snprintf(names + strlen(names), size - strlen(names), "%s %s\n", of, f->name);
		if (f->fields)
			list_names(f->name, f->fields, names, size);
	}
}

static void names_stay(void **state)
{
	static const struct {
		const char *name;
		enum frame_type type;
	} records[] = { { "facts", FRAME_FACTS }, { "sample", FRAME_SAMPLE }, { "crew", FRAME_CREW },
			{ "failure", FRAME_FAILURE } };
	char names[8192] = "\n", line[128];

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		list_names(records[i].name, record_fields(records[i].type), names, sizeof(names));
	for (size_t i = 0; i < sizeof(names_that_stay) / sizeof(*names_that_stay); i++) {
		snprintf(line, sizeof(line), "\n%s\n", names_that_stay[i]);
		if (!strstr(names, line))
			fail_msg("'%s' is gone", names_that_stay[i]);
	}
}

/* ---- From one end to the other ---- */

static void sent_and_received(void **state)
{
	struct worker_sample workers[2] = { { .pid = 7, .counters = { [31] = 0.5 } }, { .bound_to.bits[15] = 2 } };
	struct sample sent = { .wall_ns = 5, .own_answers = true, .measure_count = 1, .worker = workers, .workers = 2 };
	struct sample found = { 0 };
	struct frame_buffer buffer = { 0 };
	struct frame_head head;
	const void *data;
	int ends[2];

	(void)state;
	snprintf(sent.measures[0].name, sizeof(sent.measures[0].name), "latency_ns");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(frame_send_record(ends[0], FRAME_SAMPLE, &sent), 0);
	close(ends[0]);
	assert_int_equal(frame_receive(&buffer, ends[1], &head, &data), 1);
	assert_int_equal(head.version, FRAME_RECORD);
	assert_int_equal(frame_read_record(&head, data, &found), 0);
	assert_int_equal(found.workers, 2);
	assert_memory_equal(found.worker, workers, sizeof(workers));
	assert_int_equal(found.measure_count, 1);
	assert_string_equal(found.measures[0].name, "latency_ns");
	assert_true(found.wall_ns == 5 && found.own_answers);
	assert_int_equal(frame_receive(&buffer, ends[1], &head, &data), 0);
	frame_release(&buffer);
	free(found.worker);
	close(ends[1]);
}

static int receive_version(uint32_t version)
{
	struct frame_head head = { version, FRAME_END, 0 };
	struct frame_buffer buffer = { 0 };
	const void *data;
	int ends[2], found;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[0], &head, sizeof(head)), sizeof(head));
	found = frame_receive(&buffer, ends[1], &head, &data);
	frame_release(&buffer);
	close(ends[0]);
	close(ends[1]);
	return found;
}

static void versions(void **state)
{
	(void)state;
	assert_int_equal(receive_version(0x62460001), 1);
	assert_int_equal(receive_version(0x62460002), 1);
	assert_int_equal(receive_version(0x62460003), -EPROTO);
	assert_int_equal(receive_version(0), -EPROTO);
}

/* ---- Version 1 ---- */

#define SAMPLE_SIZE 1488 /* bytes, as are the offsets below: as the compiler laid them out at 5b0d582 */
#define WORKER_SIZE 504
#define FAILURE_SIZE 544

static void set_u64(char *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void set_u32(char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static char *old_sample(void)
{
	char *raw = calloc(1, SAMPLE_SIZE + 2 * WORKER_SIZE), *worker = raw + SAMPLE_SIZE + WORKER_SIZE;

	assert_non_null(raw);
	set_u32(raw + 4, 3);	       /* round */
	raw[11] = 1;		       /* throttled */
	set_u64(raw + 24, 1000);       /* wall_ns */
	raw[64] = 2;		       /* own_answers: no truth value, but not false either */
	memcpy(raw + 72 + 56, "m", 2); /* measures[1].name */
	set_u32(raw + 968, 2);	       /* measure_count */
	set_u32(raw + 972, 2);	       /* workers */
	set_u64(raw + 976, 0xdead);    /* worker, as it lay there */
	set_u64(raw + 984 + 184, 77);  /* total.part_ns[5] */
	set_u32(worker, (uint32_t)-9); /* pid */
	set_u64(worker + 8 + 15 * 8, 4); /* bound_to */
	set_u64(worker + 496, 0x3ff8000000000000); /* counters[31]: 1.5 */
	return raw;
}

static int read_old(enum frame_type type, const void *raw, size_t size, void *record)
{
	struct frame_head head = { FRAME_PLAIN, type, size };
	char *copy = malloc(size + 1); /* at an odd address */
	int err;

	assert_non_null(copy);
	memcpy(copy + 1, raw, size);
	err = frame_read_record(&head, copy + 1, record);
	free(copy);
	return err;
}

static void old_samples(void **state)
{
	char *raw = old_sample();
	struct sample s = { 0 };

	(void)state;
	assert_int_equal(read_old(FRAME_SAMPLE, raw, SAMPLE_SIZE + 2 * WORKER_SIZE, &s), 0);
	assert_true(s.round == 3 && s.throttled && !s.disturbed && s.wall_ns == 1000 && s.own_answers);
	assert_int_equal(s.measure_count, 2);
	assert_string_equal(s.measures[1].name, "m");
	assert_int_equal(s.total.part_ns[PART_BODY], 77);
	assert_int_equal(s.workers, 2);
	assert_int_equal(s.worker[1].pid, -9);
	assert_int_equal(s.worker[1].bound_to.bits[15], 4);
	assert_true(s.worker[1].counters[31] == 1.5);
	free(s.worker);
	free(raw);
}

static void old_failures(void **state)
{
	char raw[FAILURE_SIZE] = { FAILURE_LOST_WORKER };
	struct failure f = { 0 };

	(void)state;
	set_u32(raw + 12, (uint32_t)-1);
	set_u64(raw + 16, (uint64_t)-1);
	memset(raw + 32, 'x', 512); /* without an end */
	assert_int_equal(read_old(FRAME_FAILURE, raw, sizeof(raw), &f), 0);
	assert_true(f.kind == FAILURE_LOST_WORKER && f.exit_status == -1 && f.item == -1);
	assert_int_equal(strlen(f.message), 511);
}

static void old_numbers(void **state)
{
	const double costs[2] = { 2.5, 1.5 };
	uint64_t raw[6] = { 11, 12, 13, 14 };
	struct crew_report crew = { 0 };
	struct facts facts = { 0 };

	(void)state;
	memcpy(raw + 4, costs, sizeof(costs));
	assert_int_equal(read_old(FRAME_FACTS, raw, 8, &facts), 0);
	assert_int_equal(facts.items, 11);
	assert_int_equal(read_old(FRAME_CREW, raw, sizeof(raw), &crew), 0);
	assert_true(crew.start_ns == 11 && crew.rss_bytes == 14 && crew.stamped_ns == 2.5 && crew.unstamped_ns == 1.5);
}

/* Another layout, as builds before had it under the same number. */
static void other_layouts(void **state)
{
	char *raw = old_sample();
	struct sample s = { 0 };
	struct facts facts;

	(void)state;
	for (size_t size = 0; size < SAMPLE_SIZE + 2 * WORKER_SIZE; size++)
		assert_int_equal(read_old(FRAME_SAMPLE, raw, size, &s), -EPROTO);
	set_u32(raw + 968, 17);
	assert_int_equal(read_old(FRAME_SAMPLE, raw, SAMPLE_SIZE + 2 * WORKER_SIZE, &s), -EPROTO);
	assert_int_equal(read_old(FRAME_FACTS, raw, 16, &facts), -EPROTO);
	assert_int_equal(read_old(FRAME_END, raw, 0, &facts), -EPROTO);
	assert_null(s.worker);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stay),	 cmocka_unit_test(sent_and_received), cmocka_unit_test(versions),
		cmocka_unit_test(old_samples),	 cmocka_unit_test(old_failures),      cmocka_unit_test(old_numbers),
		cmocka_unit_test(other_layouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
