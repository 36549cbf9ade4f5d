/* The specification of an invocation, which a supervisor of another age may have written. What passes its check is
 * written and read again, and says the same. */
#include "model/registry.h"
#include "run/crew/crew.h"
#include "run/crew/describe.h"
#include "run/wire/spec.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* All that a crew of it would read can be read. */
static void use(const struct spec *spec)
{
	const struct workload_options options = spec_options(spec);
	struct crew crew = { 0 };

	if (!options.cache || !options.run || !options.scratch)
		abort();
	crew_describe(&crew, spec);
	if (!crew.mode || crew.mode->processes != !!crew.transport)
		abort();
	for (unsigned w = 0; spec->bind && w < spec->cell.workers; w++)
		if (spec->bind[w].bits[0] > 1 && spec->bind[w].bits[CPUS_WORDS - 1] > 1)
			crew.has_input = true; /* all of it can be read */
}

static void repeat(const struct spec *spec)
{
	char *text = spec_encode(spec), *again;
	struct spec other;

	if (!text || spec_decode(&other, text, strlen(text)))
		abort();
	again = spec_encode(&other);
	if (strcmp(text, again))
		abort();
	free(again);
	free(text);
	spec_release(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spec spec;
	char why[512] = "";

	if (spec_decode(&spec, (const char *)data, size) == 0 && !spec.object) {
		const struct workload *workload = spec_check(&spec, WHY(why)) ? NULL : spec_workload(&spec, WHY(why));
		bool right = workload && spec_check_values(&spec, workload, WHY(why)) == 0;

		if (right && !spec.probe_only) {
			use(&spec);
			repeat(&spec);
		}
		if (!right && !why[0])
			abort();
	}
	spec_release(&spec);
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	static struct cpus bind[2] = { { .bits[0] = 1 }, { .bits[CPUS_WORDS - 1] = UINT64_MAX } };

	for (size_t m = 0; registry_modes[m]; m++) {
		const struct mode *mode = registry_modes[m];
		struct spec spec = {
			.cell = { .id = (char *)"id", .workload = "wait", .values = (const char *[]){ "1" },
				  .mode = mode->name, .transport = mode->processes ? "pipe" : NULL,
				  .schedule = mode->parallel ? "guided" : NULL, .chunk = mode->parallel ? 3 : 0,
				  .workers = mode->parallel ? 2 : 1, .items = 9, .input = "\xff\xfe/\"",
				  .calling = { .call = mode->takes & TAKES_CALL ? "imap" : NULL } },
			.cache = "c", .run = "r", .scratch = "s", .rounds = 7, .run_ns = 8, .digest_count = 12,
			.bind = mode->parallel ? bind : NULL,
			.counters = { .infos[0] = { .name = "answer", .unit = "1" }, .source[0] = 1, .count = 1 },
		};
		char *text = spec_encode(&spec);

		if (!text)
			abort();
		add(context, text, strlen(text));
		free(text);
	}
}
