/* `bench machine`: what a run would find here. */
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "command/verb.h"
#include "report/kit/page_print.h"
#include "run/counters/find.h"
#include "run/supervise/machine.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NOISE_TRIES 40       /* how often a fixed piece of work is timed */
#define NOISE_LOOPS 4000000u /* about 5 ms */

struct machine_request {
	bool json;
	const char *topology; /* NULL: this machine's */
};

#define FIELD(name) .field = offsetof(struct machine_request, name)

static const struct option_spec specs[] = {
	{ "--json", NULL, "all that is known, as JSON",
	  .type = &option_flag, FIELD(json) },
	{ "--topology", "SYNTHETIC", "describe another machine, in hwloc's notation",
	  .type = &option_text, FIELD(topology) },
	{ .rest = common_options },
};

/* How much the same work varies from one time to the next, in 40 tries of about 5 ms. */
static json_t *measure_noise(void)
{
	double ms[NOISE_TRIES], sum = 0, squares = 0, least = INFINITY, most = 0;

	for (int i = 0; i < NOISE_TRIES; i++) {
		uint64_t from_ns = clock_ns(), x = 1;

		for (unsigned j = 0; j < NOISE_LOOPS; j++) {
			x = x * 6364136223846793005u + 1;
			__asm__ volatile("" : "+r"(x));
		}
		ms[i] = (double)(clock_ns() - from_ns) / 1e6;
		sum += ms[i];
		least = ms[i] < least ? ms[i] : least;
		most = ms[i] > most ? ms[i] : most;
	}
	for (int i = 0; i < NOISE_TRIES; i++)
		squares += (ms[i] - sum / NOISE_TRIES) * (ms[i] - sum / NOISE_TRIES);
	return json_pack("{s:f, s:f, s:f, s:f}", "mean_ms", sum / NOISE_TRIES, "least_ms", least, "most_ms", most,
			 "coefficient_of_variation", sqrt(squares / (NOISE_TRIES - 1)) / (sum / NOISE_TRIES));
}

#define BESIDE 27 /* the column of the values */

static void print_beside(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print_beside(const char *name, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_vformat(format, arguments);
	va_end(arguments);
	text_beside(stdout, text ? text : "out of memory", (unsigned)printf("%s", name), BESIDE,
		    terminal_of(stdout).width);
	free(text);
}

static void print_value(const char *name, const json_t *value)
{
	if (json_is_string(value))
		print_beside(name, "%s", json_string_value(value));
	else if (json_is_number(value))
		print_beside(name, "%.12g", json_number_value(value));
	else if (json_is_null(value))
		print_beside(name, "not known");
}

static void print_cache(const json_t *cache)
{
	const char *type = json_text(cache, "type"), *doubt = json_text(cache, "doubt");
	uint64_t count = json_count(cache, "count"), kib = json_count(cache, "size_bytes") / 1024;

	if (json_is_integer(json_object_get(cache, "size_bytes")))
		print_beside(type, "%" PRIu64 " of %" PRIu64 " KiB%s%s", count, kib, doubt ? ": doubtful, " : "",
			     doubt ? doubt : "");
	else
		print_beside(type, "%" PRIu64 " of unknown size", count);
}

static void print_topology(const json_t *t)
{
	size_t i;
	json_t *cache;

	print_beside("topology",
		     "packages %" PRIu64 ", NUMA nodes %" PRIu64 ", cores %" PRIu64 ", processing units %" PRIu64 "%s",
		     json_count(t, "packages"), json_count(t, "numa_nodes"), json_count(t, "cores"),
		     json_count(t, "processing_units"), json_flag(t, "synthetic") ? " (synthetic)" : "");
	json_array_foreach(json_object_get(t, "caches"), i, cache)
		print_cache(cache);
	if (json_is_number(json_object_get(t, "quota_processors")))
		print_beside("quota", "%.4g processors by control groups", json_double(t, "quota_processors"));
	print_beside("processors it may use", "%" PRIu64, json_count(t, "usable_processors"));
}

/* Those that count, line by line, then the others by the reason why they do not. */
static void print_counters(const json_t *counters)
{
	struct terminal terminal = terminal_of(stdout);
	struct remarks missing = { 0 };
	size_t i;
	json_t *c;

	printf("\n%-30s %-8s %s\n", "counter", "source", "status");
	json_array_foreach(counters, i, c) {
		const char *name = json_text(c, "name"), *status = json_text(c, "status");
		const char *reason = json_text(c, "reason");
		struct remark *remark = reason ? remark_on(&missing, status, reason) : NULL;

		if (remark)
			remark_holds(remark, name);
		else
			printf("%-30s %-8s %s\n", name, json_text(c, "source"), status);
	}
	remarks_print(stdout, &terminal, &missing, "--json shows all");
	remarks_release(&missing);
}

static void print_machine(const json_t *machine)
{
	const char *name;
	json_t *value;
	const json_t *noise = json_object_get(machine, "noise");

	print_topology(json_object_get(machine, "topology"));
	json_object_foreach((json_t *)machine, name, value)
		print_value(name, value);
	if (noise)
		print_beside("noise",
			     "the same %.1f ms of work varies by %.1f %% (coefficient of variation; most %.1f ms)",
			     json_double(noise, "least_ms"), 100 * json_double(noise, "coefficient_of_variation"),
			     json_double(noise, "most_ms"));
	print_counters(json_object_get(machine, "counters"));
}

/* Prints where the workers of a machine would go with --bind core. */
static int print_placement(const struct placement *placement)
{
	struct cpus *sets = calloc(placement->units + 1, sizeof(*sets));
	char why[256], where[256];
	unsigned workers = placement->cores;

	if (!sets || placement_choose(placement, "core", workers, sets, WHY(why))) {
		free(sets);
		return EXIT_USAGE;
	}
	printf("\nplacement of %u workers, --bind core\n", workers);
	for (unsigned w = 0; w < workers; w++) {
		placement_describe(placement, &sets[w], where, sizeof(where));
		text_print(stdout, "  worker %-4u %s\n", w, where);
	}
	free(sets);
	return EXIT_DONE;
}

static int run(void *request, char **argv)
{
	const struct machine_request *asked = request;
	struct placement placement;
	struct counter_set counters;
	char why[512] = "";
	int status = EXIT_DONE;
	json_t *machine;

	if (placement_open(&placement, asked->topology, WHY(why)) || counters_find(&counters, "auto", WHY(why)))
		return verb_complain(why);
	machine = machine_describe(&placement);
	json_object_set_new(machine, "counters", counters_describe(&counters));
	json_object_set_new(machine, "noise", measure_noise());
	if (asked->json) {
		json_dumpf(machine, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		printf("\n");
	} else {
		print_machine(machine);
		status = print_placement(&placement);
	}
	json_decref(machine);
	placement_close(&placement);
	return status;
}

const struct verb verb_machine = {
	.name = "machine",
	.summary = "show topology, limits, counters that count, and noise",
	.about = "Describes this machine as runs do, measures how much the time of the same work\n"
		 "varies on it, and shows where workers would go.\n",
	.examples = "  ./bench machine --topology 'package:2 core:32 pu:2'\n"
		    "      where they would go on another machine\n",
	.options = specs,
	.request_size = sizeof(struct machine_request),
	.run = run,
};
