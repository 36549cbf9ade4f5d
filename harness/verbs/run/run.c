/* A run: from the command line to the result file and its report. */
#include "analyse/summary.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "base/root.h"
#include "base/text.h"
#include "command/help.h"
#include "command/options.h"
#include "command/plan.h"
#include "model/registry.h"
#include "report/kit/progress.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "run/counters/find.h"
#include "run/supervise/folders.h"
#include "run/supervise/machine.h"
#include "run/supervise/supervisor.h"
#include "store/exports/export.h"
#include "store/run/store.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PRECISE 0.01 /* half-width of an interval, of its median: no more invocations */

struct run_job {
	struct options options;
	struct placement placement;
	struct counter_set counters;
	struct folders folders;
	struct janitor janitor;
	struct log log;
	struct plan plan;
	struct run run;
	struct workload_facts *facts; /* of each workload, with each combination of its params */
	bool *skipped;                /* of each of these: inputs were left out */
	size_t fact_count;
	struct progress line;
	char *program[2], program_path[4096], runs[4096];
	int signal;
	char why[1024];
};

static int complain(const struct run_job *job)
{
	fprintf(stderr, "bench: %s\n", job->why);
	return EXIT_USAGE;
}

/* ---- Before ---- */

static void join(char *name, size_t size, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		snprintf(name + strlen(name), size - strlen(name), "%s%s", i ? "+" : "", words->word[i]);
}

/* "20260131T120000Z-resize-pool" */
static void name_run(struct run_job *job, char *name, size_t size)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(name, size, "%Y%m%dT%H%M%SZ-", &utc);
	join(name, size, &job->options.workloads);
	snprintf(name + strlen(name), size - strlen(name), "-");
	join(name, size, &job->options.modes);
	strftime(job->run.started, sizeof(job->run.started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* All that can be wrong is found before the first round. */
static int open_all(struct run_job *job)
{
	struct options *o = &job->options;
	bool dry = o->dry_run;
	struct cpus anywhere;
	const struct why why = { job->why, sizeof(job->why) };
	char name[200] = "", root[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", job->program_path, sizeof(job->program_path) - 1);
	int err = length < 0 ? -errno : 0;

	job->program[0] = job->program_path;
	snprintf(job->runs, sizeof(job->runs), "%s/results/runs", project_root(root));
	err = err ? err : export_words_check(&o->exports, false, &why);
	err = err ? err : placement_open(&job->placement, o->topology, WHY(job->why));
	err = err ? err : placement_choose(&job->placement, o->bind, 1, &anywhere, WHY(job->why));
	err = err ? err : dry ? 0 : counters_find(&job->counters, o->counters, WHY(job->why));
	err = err ? err : dry ? 0 : log_open(&job->log, o->log, WHY(job->why));
	name_run(job, name, sizeof(name));
	err = err ? err : folders_make(&job->folders, o->output, job->runs, name, dry, WHY(job->why));
	err = err ? err : janitor_start(&job->janitor, job->folders.scratch);
	if (err && !job->why[0])
		why_say(WHY(job->why), "%s", strerror(-err));
	return err;
}

static void tell_skipped(void *context, const char *workload, const char *file, const char *why)
{
	struct run_job *job = context;

	progress_erase(&job->line);
	fprintf(stderr, "bench: %s: left out '", workload);
	text_plain(stderr, file);
	fprintf(stderr, "': ");
	text_plain(stderr, why);
	fprintf(stderr, "\n");
}

/* Asks a workload how many items it has with these values; makes its input the first time. */
static int probe_workload(struct run_job *job, struct supervisor *s, const struct workload *workload,
			  const char **values)
{
	struct workload_probe probe = { 0 };
	struct cell cell = { .workload = workload->name, .values = values, .mode = "", .input = job->options.input };
	int err;

	progress_show(&job->line, 0, 0, "preparing the input");
	err = supervisor_probe(s, &cell, &probe, &job->signal, WHY(job->why));
	job->skipped[job->fact_count] = probe.skipped;
	job->facts[job->fact_count++] = (struct workload_facts){ workload->name, values, probe.items };
	return err;
}

static int probe_workloads(struct run_job *job, struct supervisor *s)
{
	const struct options *o = &job->options;
	size_t count = 0;
	int err = 0;

	for (size_t i = 0; i < o->workloads.count; i++)
		count += options_combinations(o, registry_workload(o->workloads.word[i]));
	job->facts = calloc(count, sizeof(*job->facts));
	job->skipped = calloc(count, sizeof(*job->skipped));
	if (!job->facts || !job->skipped)
		return -ENOMEM;
	for (size_t i = 0; i < o->workloads.count; i++) {
		const struct workload *workload = registry_workload(o->workloads.word[i]);

		for (size_t k = 0; k < options_combinations(o, workload) && !err; k++) {
			const char **values = options_values(o, workload, k);

			err = values ? probe_workload(job, s, workload, values) : -ENOMEM;
		}
	}
	return err;
}

static int make_plan(struct run_job *job)
{
	int err = plan_make(&job->plan, &job->options, job->facts, job->fact_count, job->placement.usable);

	if (err)
		return err;
	job->run.cells = calloc(job->plan.count, sizeof(*job->run.cells));
	if (!job->run.cells)
		return -ENOMEM;
	job->run.cell_count = job->plan.count;
	for (size_t i = 0; i < job->plan.count; i++) {
		job->run.cells[i].cell = &job->plan.cells[i];
		for (size_t k = 0; k < job->fact_count; k++)
			if (job->skipped[k] && job->facts[k].values == job->plan.cells[i].values)
				job->run.cells[i].doubts |= 1u << DOUBT_INPUTS_SKIPPED;
	}
	return 0;
}

/* Counters that were asked for by name and do not count are a doubt; with `auto` they are only a status. */
static void doubt_counters(struct run_job *job)
{
	bool named = strcmp(job->options.counters, "auto") && strcmp(job->options.counters, "none"), missing = false;

	for (size_t i = 0; i < job->counters.count; i++)
		missing |= job->counters.infos[i].status == COUNTER_NOT_AVAILABLE;
	for (size_t i = 0; named && missing && i < job->run.cell_count; i++)
		job->run.cells[i].doubts |= 1u << DOUBT_COUNTERS_NOT_AVAILABLE;
}

/* ---- While it runs ---- */

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	progress_show(&((struct run_job *)context)->line, done_ns, total_ns, what);
}

static int save(void *context, const struct run *run)
{
	struct run_job *job = context;

	return store_write(run, job->folders.output, false, WHY(job->why));
}

static bool precise(void *context, const struct run_cell *cell)
{
	const struct run_job *job = context;
	struct summary summary;
	const struct interval *wall = &summary.value[QUANTITY_WALL];

	return summary_make(&summary, &job->run, cell) == 0 && wall->level >= CONFIDENCE &&
	       wall->high - wall->low < 2 * PRECISE * wall->median;
}

/* ---- After ---- */

/* 2: nothing of what was asked for is available; 3: some cell failed. */
static int status_of(const struct run *run)
{
	size_t parallel = 0, available = 0, failed = 0;

	for (size_t i = 0; i < run->cell_count; i++) {
		bool baseline = !registry_mode(run->cells[i].cell->mode)->parallel;

		parallel += !baseline;
		available += !baseline && run->cells[i].status != CELL_NOT_AVAILABLE;
		failed += run->cells[i].status == CELL_FAILED;
	}
	if (parallel && !available)
		return EXIT_USAGE;
	return failed ? EXIT_CELL_FAILED : EXIT_DONE;
}

static int write_report(struct run_job *job)
{
	int err;

	job->why[0] = '\0';
	err = report_write(job->folders.output, !job->options.no_plots && !job->run.interrupted, WHY(job->why));
	if (job->why[0]) /* also of pictures that could not be drawn, which is no error */
		complain(job);
	return err;
}

/* Nobody may be reading any more: the result is saved all the same, and where is worth knowing. */
static int flush_result(struct run_job *job)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	why_say(WHY(job->why), "cannot write to standard output: %s (the result is in '%s')",
		errno ? strerror(errno) : "an error before", job->folders.output);
	clearerr(stdout); /* said once */
	return complain(job);
}

/* Ctrl-C waits until the pictures are drawn, so that none is left half made; then it ends the program. */
static int show_result(struct run_job *job)
{
	json_t *run = store_read(job->folders.output, WHY(job->why));
	const struct why why = { job->why, sizeof(job->why) };
	sigset_t held = interrupts(), before;
	int err;

	if (!run)
		return complain(job);
	sigprocmask(SIG_BLOCK, &held, &before);
	table_print(run, stdout);
	err = write_report(job);
	if (export_words_write(&job->options.exports, run, &why))
		err = complain(job);
	json_decref(run);
	if (!err)
		printf("%s\n", job->folders.output);
	err = flush_result(job) ? -EIO : err;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

static int measure(struct run_job *job, struct supervisor *s)
{
	int status, err;

	job->run.started_ns = clock_ns();
	err = supervise(s, &job->run, &job->signal);
	progress_end(&job->line);
	if (err && err != -EINTR) {
		if (!job->why[0])
			why_say(WHY(job->why), "the run could not go on: %s", strerror(-err));
		return complain(job);
	}
	if (store_write(&job->run, job->folders.output, true, WHY(job->why)))
		return complain(job);
	status = status_of(&job->run);
	if (show_result(job))
		status = EXIT_USAGE;
	folders_link_latest(&job->folders, job->runs);
	return status;
}

static int print_plan(struct run_job *job)
{
	struct cpus *sets = calloc(1024, sizeof(*sets));
	char where[256];

	for (size_t i = 0; sets && i < job->plan.count; i++) {
		const struct cell *c = &job->plan.cells[i];

		printf("%s\n", c->id);
		if (c->unavailable) {
			printf("  not available: %s\n", c->unavailable);
			continue;
		}
		if (placement_choose(&job->placement, c->bind, c->workers, sets, WHY(job->why))) {
			free(sets);
			return complain(job);
		}
		for (uint32_t w = 0; w < c->workers; w++) {
			placement_describe(&job->placement, &sets[w], where, sizeof(where));
			printf("  worker %-4u %s\n", w, where);
		}
	}
	free(sets);
	return EXIT_DONE;
}

static void release(struct run_job *job)
{
	progress_end(&job->line);
	run_release(&job->run);
	plan_release(&job->plan);
	for (size_t i = 0; i < job->fact_count; i++)
		free((void *)job->facts[i].values);
	free(job->facts);
	free(job->skipped);
	janitor_finish(&job->janitor);
	log_close(&job->log);
	folders_release(&job->folders);
	placement_close(&job->placement);
	options_release(&job->options);
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
		.budget_ns = job->options.budget_ns,
		.timeout_ns = job->options.timeout_ns,
		.rounds = job->options.rounds,
		.invocations = job->options.invocations,
		.items_asked = job->options.items,
		.log = job->log,
		.observer = observer,
	};
	int err = probe_workloads(job, &s);

	err = err ? err : make_plan(job);
	if (err) {
		progress_end(&job->line);
		return job->signal ? EXIT_USAGE : complain(job);
	}
	if (job->options.dry_run) {
		progress_end(&job->line);
		return print_plan(job);
	}
	doubt_counters(job);
	job->run.command = argv;
	job->run.seed = job->options.seed;
	job->run.machine = machine_describe(&job->placement);
	json_object_set_new(job->run.machine, "counters", counters_describe(&job->counters));
	job->run.versions = machine_versions();
	return measure(job, &s);
}

int verb_run(int argc, char **argv)
{
	struct run_job job = { 0 };
	int status, number;

	if (options_parse(&job.options, argc - 1, argv + 1, WHY(job.why)))
		return complain(&job);
	options_notice(&job.options, stderr);
	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error, not a death */
	signal(SIGPIPE, SIG_IGN);
	argv[0] = (char *)"./bench";
	progress_begin(&job.line, stderr, job.options.quiet || (job.options.log && !strchr(job.options.log, ':')));
	status = open_all(&job) ? complain(&job) : run_job(&job, argv);
	number = job.signal;
	release(&job);
	if (number)
		interrupt_end(number);
	return status;
}
