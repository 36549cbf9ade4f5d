/* Cell processes that send what they should not: garbage, frames that are cut off, samples that do not fit. The
 * supervisor says so, and takes nothing of it. The cell process is this program, called as `NAME --cell FD`. */
#include "base/interrupts.h"
#include "model/registry.h"
#include "run/supervise/invocation.h"
#include "tests/test.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void send_head(int fd, uint32_t version, uint32_t type, uint64_t size)
{
	const struct frame_head head = { version, type, size };

	send(fd, &head, sizeof(head), MSG_NOSIGNAL);
}

static void send_sample(int fd, uint32_t workers)
{
	struct worker_sample worker[3] = { 0 };
	const struct sample sample = { .wall_ns = 1, .worker = worker, .workers = workers };

	frame_send_record(fd, FRAME_SAMPLE, &sample);
}

static void no_frame(int fd)
{
	send(fd, "this is no frame at all, but text", 33, MSG_NOSIGNAL);
}

static void later_version(int fd)
{
	send_head(fd, FRAME_RECORD + 1, FRAME_FACTS, 0);
}

static void huge_frame(int fd)
{
	send_head(fd, FRAME_RECORD, FRAME_SAMPLE, UINT64_MAX);
}

static void no_fields(int fd)
{
	send_head(fd, FRAME_RECORD, FRAME_SAMPLE, 7);
	send(fd, "sample!", 7, MSG_NOSIGNAL);
}

static void other_layout(int fd)
{
	frame_send(fd, FRAME_SAMPLE, "sample!", 7);
}

static void too_many_workers(int fd)
{
	send_sample(fd, 3);
}

static void no_end_of_text(int fd)
{
	frame_send(fd, FRAME_SKIPPED, "name\0why", 8);
}

static void half_a_frame(int fd)
{
	send_head(fd, FRAME_RECORD, FRAME_SAMPLE, 1000);
}

static void nothing(int fd)
{
	(void)fd;
}

/* What a later build may add is no fault. */
static void later_types(int fd)
{
	frame_send(fd, 4711, "something new", 13);
	send_sample(fd, 2);
	frame_send(fd, FRAME_END, NULL, 0);
}

static const struct {
	const char *name;
	void (*say)(int fd);
	const char *words; /* of the failure; NULL: there is none */
} cells[] = {
	{ "no frame", no_frame, "another version of the frames" },
	{ "a later version", later_version, "another version of the frames" },
	{ "a huge frame", huge_frame, "another version of the frames" },
	{ "no fields", no_fields, "another version of the frames" },
	{ "another layout", other_layout, "another version of the frames" },
	{ "too many workers", too_many_workers, "another version of the frames" },
	{ "text without its end", no_end_of_text, "another version of the frames" },
	{ "half a frame", half_a_frame, "exited with status 0" },
	{ "nothing", nothing, "exited with status 0" },
	{ "types of later builds", later_types, NULL },
};

static struct invocation_result invoke(size_t cell)
{
	char number[8], folder[] = "/tmp/bench-foreign-XXXXXX";
	char *program[] = { (char *)"/proc/self/exe", number, NULL };
	struct cell_launcher launcher = { .program = program, .timeout_ns = 60000000000 };
	struct spec spec = {
		.cell = { .workload = "null", .mode = "threads", .schedule = "dynamic", .chunk = 1, .workers = 2 },
		.scratch = folder, .counters = { .sources = registry_counter_sources },
	};
	struct invocation_result result = { 0 };
	sigset_t before;

	snprintf(number, sizeof(number), "%zu", cell);
	assert_non_null(mkdtemp(folder));
	launcher.signal_fd = interrupts_catch(&before);
	assert_true(launcher.signal_fd >= 0);
	invocation_run(&launcher, &spec, NULL, NULL, NULL, &result);
	interrupts_let(launcher.signal_fd, &before);
	return result;
}

static void are_found_out(void **state)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		struct invocation_result result = invoke(i);
		const char *words = cells[i].words;

		if (result.failed != !!words || (words && !strstr(result.failure.message, words)))
			fail_msg("%s: '%s'", cells[i].name, result.failure.message);
		assert_true(words || (result.sample_count == 1 && result.samples[0].workers == 2));
		invocation_release(&result);
	}
}

/* `NAME NUMBER --cell FD`: be this cell process. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_found_out),
	};

	if (argc != 4)
		return cmocka_run_group_tests(tests, NULL, NULL);
	cells[atoi(argv[1])].say(atoi(argv[3]));
	return 0;
}
