/* A run: run.c goes from the command line to the measured cells, open.c opens what it needs, cells.c lists what is
 * measured, result.c shows it. Functions that return int return 0 or -errno with job->why, unless their comment
 * says otherwise. */
#ifndef BENCH_VERBS_RUN_INTERNAL_H
#define BENCH_VERBS_RUN_INTERNAL_H

#include "command/options.h"
#include "command/plan.h"
#include "model/run.h"
#include "report/kit/progress.h"
#include "run/supervise/folders.h"
#include "run/supervise/supervisor.h"

struct run_job {
	struct options *options;
	struct placement placement;
	struct counter_set counters;
	struct folders folders;
	struct log log;
	struct plan plan;
	struct run run;
	struct fitted fitted;
	struct workload_facts *facts; /* one for each workload and each combination of its params */
	bool *skipped;                /* one for each of the facts: inputs were left out */
	size_t fact_count;
	struct progress progress;
	char *program[2], program_path[4096], runs[4096];
	int signal;
	char why[1024];
};

/* Opens placement, counters, log and folders, so that mistakes are found before the first round. */
int run_open(struct run_job *job);

/* Asks the workloads how many items they have, and lists the cells. */
int run_plan(struct run_job *job, struct supervisor *supervisor);

/* Finds out what fits the budget and, if it is not all, says so on stderr. Returns 0 or -errno; job->signal
 * is set if a signal came. */
int run_fit(struct run_job *job, struct supervisor *supervisor);

/* Corrects what the run has said of the budget that it needs, if it has turned out to need more. */
void run_fit_again(struct run_job *job, const struct supervisor *supervisor);

/* Says what fits, in lines that begin with `prefix`: how long all cells need, how many are measured, which are left
 * out, and how many of their items. */
void run_say_fit(const struct run_job *job, FILE *out, const char *prefix);

/* Prints the cells, and where their workers would go. Returns an exit status. */
int run_print_plan(struct run_job *job);

/* Reads the result file, shows it, and writes its report. Returns an exit status, after saying what went wrong. */
int run_show(struct run_job *job);

#endif
