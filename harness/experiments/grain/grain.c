/* `bench experiment grain` measures for each mode over each transport how short items may be before handing them out
 * costs more than doing them. */
#include "experiments/grain/internal.h"

#include "base/clock.h"
#include "base/program.h"
#include "command/option_specs.h"
#include "command/verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BUDGET_NS UINT64_C(120000000000)
#define QUICK_NS UINT64_C(20000000000)

/* An item only takes time to compute, and a result of a few bytes must come back. */
static const char *const payload_us[] = { "0.1", "0.3", "1", "3", "10", "30", "100", "300", "1000", "3000", "10000" };
static const double payload_ns[] = { 1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7 };

/* CPython has no workload `payload`. Its sums are slower than those in C, so its own rate is the sequential one. */
static const char *const sumsq_n[] = { "20", "60", "200", "600", "2000", "6000", "20000", "60000", "200000" };
static const double sumsq_ns[] = { 2e3, 5e3, 1e4, 4e4, 1.5e5, 4e5, 1.5e6, 4e6, 1.5e7 };

static const struct work works[] = {
	{ "payload", { { "in", "0" }, { "out", "8" }, { "us", NULL } }, payload_us, payload_ns, COUNT(payload_ns), NULL,
	  false, 1000, 1, 5e7 },
	{ "sumsq", { { "n", NULL } }, sumsq_n, sumsq_ns, COUNT(sumsq_ns), "python_threads", true, 200, 6, 2e8 },
};

struct grain_request {
	struct options run; /* first, as the types of --bind and --seed need */
	struct notebook_request notebook;
};

#define FIELD(name) .field = offsetof(struct grain_request, name)
#define GIVEN(name) .given = offsetof(struct grain_request, name)

static const struct option_spec specs[] = {
	{ "--mode", "M,...", "the parallel modes to look at", .preset = "all",
	  .heading = "What is measured:",
	  .type = &option_names, .names = &mode_names, FIELD(run.modes) },
	{ "--transport", "T,...", "over which transports", .preset = "all",
	  .type = &option_names, .names = &transport_names, FIELD(run.transports),
	  GIVEN(run.transport_given) },
	{ "--workers", "N", "how many; else as many as there are processors",
	  .type = &option_numbers, .least = 1, .most = 1024, FIELD(run.workers) },
	{ "--chunk", "N", "items at a time while their length is swept", .preset = "1",
	  .type = &option_numbers, .least = 1, .most = 1000000, FIELD(run.chunks),
	  GIVEN(run.chunk_given) },
	{ "--call", "C,...", "how pools are called", .preset = "map",
	  .type = &option_names, .names = &call_names, FIELD(run.calls) },
	{ "--schedule", "S,...", "how chunks are dealt out", .preset = "dynamic",
	  .type = &option_names, .names = &schedule_names, FIELD(run.schedules),
	  GIVEN(run.schedule_given) },
	{ "--bind", "WHERE", "as of a run", .preset = BIND_PRESET,
	  .type = &option_bind, .names = &bind_names, FIELD(run.bind) },

	{ "--budget", "TIME", "for all measuring; else 2m, with --quick 20s",
	  .heading = "How long:",
	  .type = &option_duration, FIELD(run.budget_ns) },
	{ "--quick", NULL, "less exactly",
	  .type = &option_flag, FIELD(notebook.quick) },
	{ "--timeout", "TIME", "for one phase of a process", .preset = "60s",
	  .type = &option_duration, FIELD(run.timeout_ns) },
	{ "--seed", "N", "for the order of measuring; else random",
	  .type = &option_number, .most = SEED_MOST, FIELD(run.seed),
	  GIVEN(run.seeded) },

	{ "--output", "DIR", "where grain.json goes; else below results/experiments",
	  .heading = "Results:",
	  .type = &option_text, FIELD(notebook.output) },
	{ "--json", NULL, "print it, with all points, instead of the table",
	  .type = &option_flag, FIELD(notebook.json) },
	{ "--quiet", NULL, "no progress",
	  .type = &option_flag, FIELD(notebook.quiet) },
	{ .rest = common_options },
};

/* Makes rounds as long as the budget allows for so many subjects. */
static struct grain_effort choose_effort(bool quick, uint64_t budget_ns, size_t subjects)
{
	double cell_ns = (double)budget_ns / (double)(subjects ? subjects : 1) / 8, round_ns = cell_ns / 16;

	if (quick)
		return (struct grain_effort){ budget_ns, 5000000, 5, 1, 1 };
	return (struct grain_effort){ budget_ns, (uint64_t)fmin(fmax(round_ns, 5e6), 2e7), 5, 3, 2 };
}

/* Measures one work after the other; each gets its share of the budget that is left. */
static int walk_all(struct grain *grain, struct grain_setup setups[])
{
	uint64_t end_ns = clock_ns() + grain->effort.budget_ns;
	struct subject *subjects = grain->subjects;
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
		subjects += setup->subject_count;
		weights -= weight;
	}
	return err;
}

/* Returns 0; 1: some subject failed; or -ENODEV: no subject is available. */
static int status_of(const struct grain *grain)
{
	size_t available = 0, failed = 0;

	for (size_t i = 0; i < grain->subject_count; i++) {
		available += grain->subjects[i].outcome != OUTCOME_NOT_AVAILABLE;
		failed += grain->subjects[i].outcome == OUTCOME_FAILED;
	}
	return available ? failed > 0 : -ENODEV;
}

static int open_setups(struct grain *grain, struct grain_setup setups[])
{
	int err = 0;

	for (size_t b = 0; b < COUNT(works) && !err; b++) {
		err = setup_open(&setups[b], grain, &works[b]);
		err = err ? err : setup_subjects(&setups[b]);
	}
	if (!err && !grain->subject_count)
		return why_refuse(WHY(grain->why), "no parallel mode is among those of --mode");
	return err;
}

static int check(struct options *o, const struct why *why)
{
	if (o->chunks.count != 1 || o->workers.count > 1)
		return why_refuse(why, "--%s: one number is needed, not a list",
				  o->chunks.count == 1 ? "workers" : "chunk");
	return words_add(&o->workloads, works[0].workload) ? -ENOMEM : options_complete(o, why);
}

static int open_all(struct grain *grain, struct grain_setup setups[], struct grain_request *asked)
{
	struct options *o = &asked->run;
	uint64_t budget_ns = o->budget_ns ? o->budget_ns : asked->notebook.quick ? QUICK_NS : BUDGET_NS;
	const struct why why = { grain->why, sizeof(grain->why) };
	struct cpus anywhere;
	int err = program_own(grain->program_path, sizeof(grain->program_path), &why);

	err = err ? err : check(o, &why);
	err = err ? err : placement_open(&grain->placement, NULL, &why);
	err = err ? err : placement_choose(&grain->placement, o->bind, 1, &anywhere, &why);
	if (!err && !o->workers.count)
		err = numbers_add(&o->workers, grain->placement.usable);
	if (err)
		return err;
	grain->workers = (uint32_t)o->workers.number[0];
	grain->chunk = o->chunks.number[0];
	err = open_setups(grain, setups);
	grain->effort = choose_effort(asked->notebook.quick, budget_ns, grain->subject_count);
	return err ? err : notebook_open(&grain->book, &why);
}

/* Returns an exit status. */
static int measure(struct grain *grain, struct grain_setup setups[])
{
	int err = walk_all(grain, setups);

	if (!err || err == -EINTR)
		err = notebook_show(&grain->book, WHY(grain->why));
	err = err ? err : status_of(grain);
	if (err < 0 && err != -ENODEV)
		return verb_complain(grain->why[0] ? grain->why : strerror(-err));
	return err < 0 ? EXIT_USAGE : err ? EXIT_CELL_FAILED : EXIT_DONE;
}

static int run(void *request, char **argv)
{
	struct grain_request *asked = request;
	struct grain grain = {
		.options = &asked->run,
		.book = {
			.experiment = "grain",
			.request = &asked->notebook,
			.result = &grain,
			.pack = grain_pack,
			.print = grain_print,
			.conclude = grain_conclude,
		},
	};
	struct grain_setup setups[COUNT(works)] = { 0 };
	int err = open_all(&grain, setups, asked), status;

	(void)argv;
	status = err ? verb_complain(grain.why[0] ? grain.why : strerror(-err)) : measure(&grain, setups);
	for (size_t b = 0; b < COUNT(works); b++)
		setup_close(&setups[b]);
	free(grain.subjects);
	placement_close(&grain.placement);
	words_release(&asked->run.workloads);
	notebook_close(&grain.book);
	return status;
}

const struct verb experiment_grain = {
	.name = "grain",
	.summary = "METG and break-even: how short an item may be, for every mode and transport",
	.about = "Finds how short the items may be that a mode hands out over a transport before\n"
		 "that costs more than doing them: METG(50) and METG(90), the shortest items that\n"
		 "keep half and nine tenths of the efficiency, and where the mode breaks even\n"
		 "with one process. What is measured so far stands in grain.json at any time.\n",
	.examples = "  ./bench experiment grain --mode pool,thread_pool --workers 2 --quick\n"
		    "      two modes, roughly\n",
	.options = specs,
	.request_size = sizeof(struct grain_request),
	.run = run,
};
