/* Rounds that execute some items of a workload only: in every mode of the registry they are the ones that were picked,
 * with the answers that they have among all items. The cell process is this program, called as `NAME --cell FD`. */
#include "base/interrupts.h"
#include "model/registry.h"
#include "run/cell/cell.h"
#include "run/launch/fresh.h"
#include "run/supervise/invocation.h"
#include "tests/test.h"

#include <sys/stat.h>
#include <unistd.h>

#define ALL 12

static const uint64_t picks[] = { 1, 2, 5, 7, 11 };
#define PICKS (sizeof(picks) / sizeof(*picks))

struct work {
	const char *name;
	const char *values[4];
};

/* One has inputs and outputs that differ from item to item, the other one a counterpart in another language. */
static const struct work works[] = {
	{ "payload", { "100", "100", "0" } },
	{ "mandelbrot", { "8", "20" } },
};

static struct spec specify(const struct work *work, const struct mode *mode)
{
	return (struct spec){
		.cell = { .workload = work->name, .values = work->values, .mode = mode->name,
			  .transport = mode->processes ? "pipe" : NULL,
			  .schedule = !mode->parallel || mode->takes & TAKES_FUTURES ? NULL :
				      mode->only_schedule ? mode->only_schedule : "dynamic",
			  .chunk = mode->parallel && !(mode->takes & TAKES_FUTURES), .workers = mode->parallel ? 2 : 1,
			  .items = ALL, .bind = "core" },
		.rounds = 1, .items_asked = ALL, .counters = { .sources = registry_counter_sources },
	};
}

static void invoke(struct spec *spec, struct invocation_result *result)
{
	char folder[] = "/tmp/bench-picked-XXXXXX";
	char *program[] = { (char *)"/proc/self/exe", NULL };
	struct cell_launcher launcher = { .program = program, .timeout_ns = 60000000000 };
	sigset_t before;

	assert_non_null(mkdtemp(folder));
	spec->scratch = spec->run = spec->cache = folder;
	launcher.signal_fd = interrupts_catch(&before);
	assert_true(launcher.signal_fd >= 0);
	*result = (struct invocation_result){ 0 };
	invocation_run(&launcher, spec, NULL, NULL, NULL, result);
	interrupts_let(launcher.signal_fd, &before);
	if (result->failed && result->failure.kind != FAILURE_UNAVAILABLE)
		fail_msg("%s of %s: %s", spec->cell.mode, spec->cell.workload, result->failure.message);
}

/* The digest of the picked ones among all items. */
static uint64_t expected_digest(const struct work *work)
{
	struct spec spec = specify(work, registry_baseline());
	struct invocation_result result;
	uint64_t sum = 0;

	spec.digest_count = ALL;
	invoke(&spec, &result);
	assert_non_null(result.digests);
	for (size_t i = 0; i < PICKS; i++)
		sum += result.digests[picks[i]];
	invocation_release(&result);
	return sum;
}

static void try_mode(const struct work *work, const struct mode *mode, uint64_t expected)
{
	struct spec spec = specify(work, mode);
	struct invocation_result result;

	spec.cell.items = PICKS;
	spec.cell.items_of = ALL;
	spec.cell.picked = picks;
	invoke(&spec, &result);
	if (result.failed && result.failure.kind == FAILURE_UNAVAILABLE)
		print_message("# %s is not available: %s\n", mode->name, result.failure.message);
	else
		assert_true(!result.failed && result.sample_count >= 2);
	for (size_t i = 0; i < result.sample_count; i++)
		if (result.samples[i].items != PICKS || result.samples[i].digest != expected)
			fail_msg("%s of %s: other items or answers", mode->name, work->name);
	invocation_release(&result);
}

static void in_every_mode(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		uint64_t expected = expected_digest(&works[i]);

		for (size_t k = 0; registry_modes[k]; k++)
			try_mode(&works[i], registry_modes[k], expected);
	}
}

static void assert_refused(const struct work *work, uint64_t last, const char *words)
{
	const uint64_t wrong[] = { 0, last };
	struct spec spec = specify(work, registry_baseline());
	struct invocation_result result = { 0 };
	char *program[] = { (char *)"/proc/self/exe", NULL }, folder[] = "/tmp/bench-picked-XXXXXX";
	struct cell_launcher launcher = { .program = program, .timeout_ns = 60000000000, .signal_fd = -1 };

	assert_non_null(mkdtemp(folder));
	spec.scratch = spec.run = spec.cache = folder;
	spec.cell.items = 2;
	spec.cell.picked = wrong;
	invocation_run(&launcher, &spec, NULL, NULL, NULL, &result);
	if (!result.failed || !strstr(result.failure.message, words))
		fail_msg("'%s' does not say '%s'", result.failure.message, words);
	invocation_release(&result);
}

static void what_there_is_not(void **state)
{
	const struct work counter = { "counter", { "10", "atomic", "one" } };

	(void)state;
	assert_refused(&works[0], ALL, "'payload' has no item 12");
	assert_refused(&counter, 1, "'counter' has no item 0 that can be executed without the others");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_every_mode),
		cmocka_unit_test(what_there_is_not),
	};

	if (argc == 3 && !strcmp(argv[1], "--cell"))
		return cell_main(atoi(argv[2]));
	if (argc > 1 && !strcmp(argv[1], "--worker"))
		return fresh_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
