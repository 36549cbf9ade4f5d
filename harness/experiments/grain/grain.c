/* `bench experiment grain` measures for each mode over each transport how short items may be before handing them out
 * costs more than doing them. */
#include "experiments/grain/internal.h"

#include "base/clock.h"
#include "command/verb.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An item only takes time to compute, and a result of a few bytes must come back. */
static const char *const payload_arguments[] = { "--workload", "payload", "-p", "in=0", "-p", "out=8", "-p",
	"us=0.1,0.3,1,3,10,30,100,300,1000,3000,10000", NULL };
static const double payload_ns[] = { 1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7 };

/* CPython has no workload `payload`. Its sums are slower than those in C, so its own rate is the sequential one. */
static const char *const sumsq_arguments[] = { "--workload", "sumsq", "-p",
	"n=20,60,200,600,2000,6000,20000,60000,200000", NULL };
static const double sumsq_ns[] = { 2e3, 5e3, 1e4, 4e4, 1.5e5, 4e5, 1.5e6, 4e6, 1.5e7 };

static const struct work works[] = {
	{ payload_arguments, payload_ns, COUNT(payload_ns), NULL, false, 1000, 1, 5e7 },
	{ sumsq_arguments, sumsq_ns, COUNT(sumsq_ns), "python_threads", true, 200, 6, 2e8 },
};

struct grain_request {
	bool quick, json;
	struct words arguments; /* of a run, in the order given */
};

/* Options of a run are read when a run is made of them, once for each work. */
static int take_for_run(const struct option_use *use)
{
	char *argument;
	int error;

	if (asprintf(&argument, "%s=%s", use->spec->name, use->value) < 0)
		return -ENOMEM;
	error = words_append(option_field(use), argument);
	free(argument);
	return error;
}

static const struct option_type option_for_run = { take_for_run, option_release_words };

#define FIELD(name) .field = offsetof(struct grain_request, name)
#define FOR_RUN .type = &option_for_run, FIELD(arguments)

static const struct option_spec specs[] = {
	{ "--mode", "M,...", "the parallel modes to look at", .preset = "all", FOR_RUN },
	{ "--transport", "T,...", "over which transports", .preset = "all", FOR_RUN },
	{ "--workers", "N", "how many; else as many as there are processors", FOR_RUN },
	{ "--chunk", "N", "items at a time while their length is swept", .preset = "1", FOR_RUN },
	{ "--call", "C,...", "how pools are called", .preset = "map", FOR_RUN },
	{ "--schedule", "S", "how chunks are dealt out", .preset = "dynamic", FOR_RUN },
	{ "--bind", "WHERE", "as of a run", .preset = "core", FOR_RUN },
	{ "--budget", "TIME", "for all measuring; else 2m, with --quick 20s", FOR_RUN },
	{ "--timeout", "TIME", "for one phase of a process", .preset = "60s", FOR_RUN },
	{ "--seed", "N", "of the order of measuring; else random", FOR_RUN },
	{ "--quick", NULL, "less exactly", .type = &option_flag, FIELD(quick) },
	{ "--json", NULL, "as JSON, with all points", .type = &option_flag, FIELD(json) },
	{ .rest = common_options },
};

/* Makes rounds as long as the budget allows for so many subjects. */
static struct grain_effort choose_effort(const struct grain_request *r, uint64_t budget_ns, size_t subjects)
{
	double cell_ns = (double)budget_ns / (double)(subjects ? subjects : 1) / 8, round_ns = cell_ns / 16;

	if (r->quick)
		return (struct grain_effort){ budget_ns, 5000000, 5, 1, 1 };
	return (struct grain_effort){ budget_ns, (uint64_t)fmin(fmax(round_ns, 5e6), 2e7), 5, 3, 2 };
}

/* Measures one work after the other; each gets its share of the budget that is left. */
static int walk_all(struct grain_setup setups[], struct subject *subjects, const struct grain_effort *effort)
{
	uint64_t end_ns = clock_ns() + effort->budget_ns;
	size_t weights = 0;
	int err = 0;

	for (size_t b = 0; b < COUNT(works); b++)
		weights += setups[b].subject_count * works[b].weight;

	for (size_t b = 0; b < COUNT(works) && !err; b++) {
		struct grain_setup *setup = &setups[b];
		uint64_t now_ns = clock_ns(), left_ns = end_ns > now_ns ? end_ns - now_ns : 1;
		size_t weight = setup->subject_count * works[b].weight;

		if (!setup->subject_count)
			continue;
		setup->subjects = subjects;
		setup->started_ns = now_ns;
		setup->end_ns = now_ns + (uint64_t)((double)left_ns * (double)weight / (double)weights);
		err = setup_walk(setup);
		progress_end(&setup->line);
		subjects += setup->subject_count;
		weights -= weight;
	}
	return err;
}

static int print(const struct grain_request *r, const struct grain_setup *setup, const struct subject *subjects,
		 size_t count)
{
	json_t *all;

	if (!r->json) {
		grain_print(subjects, count, setup->workers, setup->chunk, stdout);
		return 0;
	}
	all = grain_pack(subjects, count, setup->workers, setup->chunk);
	if (!all)
		return -ENOMEM;
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	printf("\n");
	json_decref(all);
	return 0;
}

/* Returns 0; 1: some subject failed; or -ENODEV: no subject is available. */
static int status_of(const struct subject *subjects, size_t count)
{
	size_t available = 0, failed = 0;

	for (size_t i = 0; i < count; i++) {
		available += subjects[i].outcome != OUTCOME_NOT_AVAILABLE;
		failed += subjects[i].outcome == OUTCOME_FAILED;
	}
	return available ? failed > 0 : -ENODEV;
}

static int open_setups(struct grain_setup setups[], const struct grain_request *r, const struct grain_effort *effort,
		     struct subject **subjects, size_t *count, const struct why *why)
{
	int err = 0;

	for (size_t b = 0; b < COUNT(works) && !err; b++) {
		size_t before = *count;

		err = setup_open(&setups[b], &works[b], effort, r->quick ? "--budget=20s" : "--budget=2m",
				 &r->arguments);
		err = err ? err : setup_subjects(&setups[b], subjects, count);
		setups[b].subject_count = *count - before;
		if (err)
			why_say(why, "%s", setups[b].why[0] ? setups[b].why : strerror(-err));
	}
	if (!err && !*count) {
		why_say(why, "no parallel mode is among those of --mode");
		err = -EINVAL;
	}
	return err;
}

/* After Ctrl-C the program cleans up, then ends by the same signal. */
static void end_by(int number)
{
	if (!number)
		return;
	fflush(NULL);
	signal(number, SIG_DFL);
	raise(number);
}

static int run(void *request, char **argv)
{
	const struct why why = { (char[1024]){ 0 }, 1024 };
	const struct grain_request *asked = request;
	struct grain_setup setups[COUNT(works)] = { 0 };
	struct grain_effort effort;
	struct subject *subjects = NULL;
	size_t count = 0;
	int number = 0, err;

	signal(SIGPIPE, SIG_IGN);
	err = open_setups(setups, asked, &effort, &subjects, &count, &why);
	if (err)
		goto out;
	effort = choose_effort(asked, setups[0].options.budget_ns, count);
	err = walk_all(setups, subjects, &effort);
	for (size_t b = 0; b < COUNT(works); b++) {
		number = setups[b].signal ? setups[b].signal : number;
		if (err && setups[b].why[0])
			why_refuse(&why, "%s", setups[b].why);
	}
	err = err ? err : print(asked, &setups[0], subjects, count);
	err = err ? err : status_of(subjects, count);
out:
	if (err < 0 && err != -ENODEV && !number)
		fprintf(stderr, "bench: experiment grain: %s\n", why.text[0] ? why.text : strerror(-err));
	for (size_t b = 0; b < COUNT(works); b++)
		setup_close(&setups[b]);
	free(subjects);
	end_by(number);
	return err < 0 ? EXIT_USAGE : err ? EXIT_CELL_FAILED : EXIT_DONE;
}

const struct verb experiment_grain = {
	.name = "grain",
	.summary = "METG and break-even: how short an item may be, for every mode and transport",
	.about = "Finds how short the items may be that a mode hands out over a transport before\n"
		 "that costs more than doing them: METG(50) and METG(90), the shortest items that\n"
		 "keep half and nine tenths of the efficiency, and where the mode breaks even\n"
		 "with one process.\n",
	.examples = "  ./bench experiment grain --mode pool,thread_pool --workers 2 --quick\n"
		    "      two modes, roughly\n",
	.options = specs,
	.request_size = sizeof(struct grain_request),
	.run = run,
};
