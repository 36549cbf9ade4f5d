/* A run, from the command line to the result file and its report: what the program does if no verb is named. */
#include "verbs/run/internal.h"

#include "analyse/summary.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/text.h"
#include "command/option_specs.h"
#include "model/registry.h"
#include "run/counters/find.h"
#include "run/supervise/machine.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PRECISE 0.01 /* of the median: a cell whose intervals reach less to each side needs no more invocations */

/* Counters that were asked for by name and do not count are a doubt; with `auto` they are only a status. */
static void doubt_counters(struct run_job *job)
{
	bool named = strcmp(job->options->counters, "auto") && strcmp(job->options->counters, "none"), missing = false;

	for (size_t i = 0; i < job->counters.count; i++)
		missing |= job->counters.infos[i].status == COUNTER_NOT_AVAILABLE;
	for (size_t i = 0; named && missing && i < job->run.cell_count; i++)
		job->run.cells[i].doubts |= 1u << DOUBT_COUNTERS_NOT_AVAILABLE;
}

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	progress_show(&((struct run_job *)context)->progress, done_ns, total_ns, what);
}

static void tell_skipped(void *context, const char *workload, const char *file, const char *why)
{
	struct run_job *job = context;

	progress_erase(&job->progress);
	text_print(stderr, "bench: %s: left out '%s': %s\n", workload, file, why);
}

static int save(void *context, const struct run *run)
{
	struct run_job *job = context;

	return store_write(run, job->folders.output, false, WHY(job->why));
}

static bool is_narrow(struct interval interval)
{
	return interval.level >= CONFIDENCE && interval.high - interval.low < 2 * PRECISE * interval.median;
}

/* What has no speedup, for want of a baseline, needs none. */
static bool precise(void *context, const struct run_cell *cell)
{
	const struct run_job *job = context;
	struct summary summary;

	return summary_make(&summary, &job->run, cell) == 0 && is_narrow(summary.value[QUANTITY_WALL]) &&
	       (isnan(summary.value[QUANTITY_SPEEDUP].median) || is_narrow(summary.value[QUANTITY_SPEEDUP]));
}

static int measure_and_show(struct run_job *job, struct supervisor *s)
{
	int status, err;

	job->run.started_ns = clock_ns();
	err = supervise(s, &job->run, &job->signal);
	progress_end(&job->progress);
	if (err && err != -EINTR) {
		if (!job->why[0])
			why_failed(WHY(job->why), err, "the run could not go on");
		return verb_complain(job->why);
	}
	run_fit_again(job, s);
	if (store_write(&job->run, job->folders.output, true, WHY(job->why)))
		return verb_complain(job->why);
	status = run_show(job);
	folders_link_latest(&job->folders, job->runs);
	return status;
}

/* A signal ends the measuring, but not before the result is there with all its pages and pictures. */
static int measure(struct run_job *job, struct supervisor *s)
{
	sigset_t before;
	int status;

	interrupts_hold(&before);
	status = measure_and_show(job, s);
	interrupts_let(-1, &before);
	return status;
}

static void release(struct run_job *job)
{
	progress_end(&job->progress);
	run_release(&job->run);
	fitted_release(&job->fitted);
	plan_release(&job->plan);
	for (size_t i = 0; i < job->fact_count; i++)
		free((void *)job->facts[i].values);
	free(job->facts);
	free(job->skipped);
	log_close(&job->log);
	folders_release(&job->folders);
	placement_close(&job->placement);
}

static int run_job(struct run_job *job, char **argv)
{
	struct observer observer = { show, save, tell_skipped, precise, job };
	struct supervisor s = {
		.program = job->program,
		.placement = &job->placement,
		.counters = &job->counters,
		.cache = job->folders.cache,
		.scratch = job->folders.scratch,
		.budget_ns = job->options->budget_ns,
		.timeout_ns = job->options->timeout_ns,
		.rounds = job->options->rounds,
		.invocations = job->options->invocations,
		.items_asked = job->options->items,
		.all_items = job->options->items || job->options->chunk_auto,
		.chunks_asked = job->options->chunks.count > 0,
		.log = job->log,
		.observer = observer,
	};

	job->run.seed = job->options->seed;
	if (run_plan(job, &s) || run_fit(job, &s)) {
		progress_end(&job->progress);
		return job->signal ? EXIT_USAGE : verb_complain(job->why);
	}
	if (job->options->dry_run) {
		progress_end(&job->progress);
		return run_print_plan(job);
	}
	doubt_counters(job);
	job->run.command = argv;
	job->run.machine = machine_describe(&job->placement);
	json_object_set_new(job->run.machine, "counters", counters_describe(&job->counters));
	job->run.versions = machine_versions();
	return measure(job, &s);
}

static int run(void *request, char **argv)
{
	struct run_job job = { .options = request };
	int status, number;

	if (job.options->version)
		return printf("bench %s\n", BENCH_VERSION) < 0 ? EXIT_USAGE : EXIT_DONE;
	if (options_complete(job.options, WHY(job.why)))
		return verb_complain(job.why);
	options_notice(job.options, stderr);
	signal(SIGPIPE, SIG_IGN);
	argv[0] = (char *)"./bench";
	progress_begin(&job.progress, stderr,
		       job.options->quiet || (job.options->log && !strchr(job.options->log, ':')));
	status = run_open(&job) ? verb_complain(job.why) : run_job(&job, argv);
	number = job.signal;
	release(&job);
	if (number)
		interrupt_end(number);
	return status;
}

const struct verb program = {
	.name = "bench",
	.usage = "--workload W [--mode M] [OPTION...]\n"
		 "VERB [ARGUMENT...]",
	.about = "Runs a workload in every way that a program can be run in parallel on one\n"
		 "machine (threads, processes, pools), measures each in fresh processes, and\n"
		 "shows which is fastest and where the rest of the speedup went.\n",
	.examples = "  ./bench --workload resize --mode pool\n"
		    "      a pool of processes against one process, on generated pictures\n"
		    "  ./bench --workload resize --input photos -p size=640x480 --budget 2m\n"
		    "      every mode, on your own pictures\n"
		    "  ./bench --workload hash,sumsq --mode threads,processes --workers 1-8\n"
		    "      threads against processes, on two workloads, one to eight of each\n"
		    "  ./bench --workload null --mode pool --schedule all --chunk 1,64\n"
		    "      what it costs to deal out an item, by every schedule\n"
		    "  ./bench --workload resize --mode pool --chunk auto\n"
		    "      which chunk is best, found by measuring\n"
		    "  ./bench --workload counter -p lock=atomic,mutex --mode pool,python_pool\n"
		    "      a shared counter, by two locks, in C and in CPython\n"
		    "  ./bench --workload payload -p in=65536 --mode pool --call all\n"
		    "      every way of calling a pool, with payloads of 64 KiB\n"
		    "  ./bench --workload wait --mode processes --per item --dry-run\n"
		    "      what would be measured if a process were made for each item\n"
		    "\n"
		    "Exit status: 0 done, 1 regressed, 2 wrong usage or environment, 3 some cell\n"
		    "failed, 4 cannot tell.\n",
	.verbs = registry_verbs,
	.options = option_specs,
	.request_size = sizeof(struct options),
	.run = run,
};
