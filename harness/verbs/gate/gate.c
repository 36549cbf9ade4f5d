/* `bench gate`: is B slower than A? From the command line to the verdict, its report and the exit status. */
#include "analyse/verdict.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "base/root.h"
#include "command/gate_options.h"
#include "command/verb.h"
#include "gate/campaign.h"
#include "gate/cells.h"
#include "gate/conclude.h"
#include "gate/count/callgrind.h"
#include "model/registry.h"
#include "report/gate/page.h"
#include "report/kit/progress.h"
#include "run/supervise/folders.h"
#include "run/supervise/machine.h"
#include "store/exports/export.h"
#include "store/gate/read.h"
#include "store/gate/write.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_FILE "build.log"
#define WORKLOADS "null,sumsq,hash,resize" /* dispatch, arithmetic, input and output, both */

struct gate_job {
	struct gate_options *options;
	struct placement placement;
	struct folders folders;
	struct janitor janitor;
	struct side sides[2];
	struct gate_cells cells;
	struct gate gate;
	struct progress line;
	int signal;
	char text[1024];
	struct why why; /* of `text` */
};

/* ---- Before ---- */

static int check_output(struct gate_job *job)
{
	const char *wanted = job->options->run.output;
	char file[4096];

	snprintf(file, sizeof(file), "%s/" GATE_FILE, wanted ? wanted : "");
	if (wanted && access(file, F_OK) == 0)
		return why_refuse(&job->why, "'%s' holds a gate already: choose another --output", wanted);
	return 0;
}

static int make_folders(struct gate_job *job)
{
	char name[64], gates[4096], root[PATH_MAX];
	time_t now = time(NULL);
	struct tm utc;
	int err;

	gmtime_r(&now, &utc);
	strftime(name, sizeof(name), "%Y%m%dT%H%M%SZ-gate", &utc);
	strftime(job->gate.started, sizeof(job->gate.started), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(gates, sizeof(gates), "%s/results/gates", project_root(root));
	err = check_output(job);
	err = err ? err : folders_make(&job->folders, job->options->run.output, gates, name, false, &job->why);
	err = err ? err : janitor_start(&job->janitor, job->folders.scratch);
	/* which may go into the folder that was made */
	return err ? err : export_words_check(&job->options->run.exports, true, &job->why);
}

/* The cells' part of the command line, which could not be read before the sides were known. */
static int complete_options(struct gate_job *job)
{
	struct options *o = &job->options->run;
	const struct workload *workload = job->sides[0].workload;
	bool commands = sides_are_commands(job->sides);

	if (o->workloads.count && (workload || commands))
		return why_refuse(&job->why, "option '--workload' is for builds: %s",
				  commands ? "a command is run as it is" : "an object has its own");
	if (workload && words_add(&o->workloads, workload->name))
		return -ENOMEM;
	if (!o->workloads.count && words_parse(&o->workloads, WORKLOADS, &workload_names, &job->why))
		return -EINVAL;
	if (!o->workers.count && numbers_add(&o->workers, job->options->by_instructions ? 1 : job->placement.usable))
		return -ENOMEM;
	return options_complete(o, &job->why);
}

static int open_all(struct gate_job *job)
{
	char log[4096];
	int err = make_folders(job);

	progress_show(&job->line, 0, 0, job->options->baseline ? "building the baseline" : "preparing");
	snprintf(log, sizeof(log), "%s/" LOG_FILE, job->folders.output ? job->folders.output : "");
	err = err ? err : placement_open(&job->placement, NULL, &job->why);
	err = err ? err : sides_open(job->sides, job->options, job->folders.scratch, log, &job->why);
	err = err ? err : complete_options(job);
	if (err && !job->text[0])
		why_refuse(&job->why, "cannot prepare the gate: %s", strerror(-err));
	return err;
}

static int open_cells(struct gate_job *job, bool same)
{
	const struct options *o = &job->options->run;
	struct supervisor s = {
		.cache = job->folders.cache,
		.scratch = job->folders.scratch,
		.timeout_ns = o->timeout_ns,
	};
	int err;

	progress_show(&job->line, 0, 0, "preparing the input");
	err = gate_cells_open(&job->cells, &job->gate, job->sides, job->options, &s, job->placement.usable,
			      !same && !job->options->by_instructions, &job->signal, &job->why);
	if (err && !job->text[0])
		why_refuse(&job->why, "cannot prepare the cells: %s", strerror(-err));
	return err;
}

static void describe(struct gate_job *job, char **argv)
{
	struct gate *g = &job->gate;
	char log[4096];

	snprintf(log, sizeof(log), "%s/" LOG_FILE, job->folders.output);
	g->build_log = access(log, F_OK) == 0 ? LOG_FILE : NULL;
	g->command = argv;
	g->seed = job->options->run.seed;
	g->started_ns = clock_ns();
	g->machine = machine_describe(&job->placement);
	g->versions = machine_versions();
	g->by_instructions = job->options->by_instructions;
	g->tolerance = g->by_instructions ? job->options->instructions_tolerance : job->options->tolerance;
	g->level = g->by_instructions ? NAN : LOOK_LEVEL;
	g->on_unclear = job->options->on_unclear;
	g->smallest_shown = g->noise_floor = NAN;
	g->sides[0] = job->sides[0].label;
	g->sides[1] = job->sides[1].label;
}

/* ---- While it runs ---- */

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	progress_show(&((struct gate_job *)context)->line, done_ns, total_ns, what);
}

static int save(void *context, const struct gate *gate)
{
	struct gate_job *job = context;

	return gate_write(gate, job->folders.output, false, &job->why);
}

static int measure(struct gate_job *job)
{
	const struct options *o = &job->options->run;
	struct campaign campaign = {
		.setup = {
			.sides = job->sides,
			.launcher = { .timeout_ns = o->timeout_ns },
			.cache = job->folders.cache,
			.scratch = job->folders.scratch,
			.started_ns = job->gate.started_ns,
			.random = o->seed,
			.rounds = o->rounds,
			.janitor = &job->janitor,
		},
		.options = job->options,
		.placement = &job->placement,
		.observer = { show, save, job },
	};
	int err = campaign_run(&campaign, &job->gate);

	if (campaign.setup.addresses_vary)
		job->gate.doubts |= 1u << GATE_DOUBT_ADDRESSES;
	job->signal = campaign.setup.signal;
	progress_end(&job->line);
	if (err && err != -EINTR && !job->text[0])
		why_refuse(&job->why, "the gate could not go on: %s", strerror(-err));
	return err == -EINTR ? 0 : err;
}

/* ---- After ---- */

static int status_of(const struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].failed)
			return EXIT_CELL_FAILED;
	if (gate->verdict == VERDICT_REGRESSED)
		return EXIT_REGRESSED;
	if (gate->verdict != VERDICT_CANNOT_TELL)
		return EXIT_DONE;
	if (!gate->on_unclear)
		return EXIT_CANNOT_TELL;
	return strcmp(gate->on_unclear, "pass") ? EXIT_REGRESSED : EXIT_DONE;
}

/* As everybody reads it later: from the file. A picture that could not be drawn is only said. */
static int show_result(struct gate_job *job)
{
	json_t *gate = stored_gate_read(job->folders.output, &job->why);
	bool plots = !job->options->run.no_plots && !job->gate.interrupted;
	int err;

	if (!gate)
		return -EINVAL;
	err = gate_print(gate, stdout);
	job->text[0] = '\0';
	err = err ? err : gate_report_write_gate(gate, job->folders.output, plots, &job->why);
	if (!err && job->text[0])
		verb_complain(job->text);
	err = err ? err : export_words_write(&job->options->run.exports, gate, &job->why);
	if (!err)
		printf("%s\n", job->folders.output);
	json_decref(gate);
	return err;
}

static int finish(struct gate_job *job)
{
	int status = status_of(&job->gate);

	if (gate_write(&job->gate, job->folders.output, true, &job->why) || show_result(job))
		return verb_complain(job->text);
	return status;
}

static void release(struct gate_job *job)
{
	progress_end(&job->line);
	gate_release(&job->gate);
	gate_cells_close(&job->cells);
	sides_close(job->sides);
	janitor_finish(&job->janitor);
	folders_release(&job->folders);
	placement_close(&job->placement);
}

static int run_gate(struct gate_job *job, char **argv)
{
	int err = job->options->by_instructions ? callgrind_find(&job->why) : 0;
	bool same;

	err = err ? err : open_all(job);
	same = !err && sides_same(job->sides);
	if (err || open_cells(job, same))
		return job->signal ? EXIT_USAGE : verb_complain(job->text);
	describe(job, argv);
	if (same)
		conclude_unchanged(&job->gate);
	else if (measure(job))
		return verb_complain(job->text);
	return finish(job);
}

static int run(void *request, char **argv)
{
	struct gate_job job = { .options = request };
	int status, number;

	job.why = (struct why){ job.text, sizeof(job.text) };
	if (gate_options_check(job.options, &job.why))
		return verb_complain(job.text);
	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error, not a death */
	signal(SIGPIPE, SIG_IGN);
	progress_begin(&job.line, stderr, job.options->run.quiet);
	argv[0] = (char *)"./bench"; /* as it is called, wherever the program lies */
	status = run_gate(&job, argv);
	number = job.signal;
	release(&job);
	if (number)
		interrupt_end(number);
	return status;
}

const struct verb verb_gate = {
	.name = "gate",
	.summary = "is this build, a command or an object slower than another? For CI",
	.usage = "--baseline DIR|REVISION [OPTION...]\n"
		 "--a CMD|FILE.so --b CMD|FILE.so [OPTION...]",
	.about = "Says whether B is slower than A by more than is tolerated: pass, regressed,\n"
		 "cannot tell, or unchanged (the same code). Both are run in turn, in randomised\n"
		 "blocks of fresh processes, until it is decided; the baseline is held against\n"
		 "itself, too.\n",
	.examples = "  ./bench gate --baseline HEAD~1\n"
		    "      has the last commit made bench slower?\n"
		    "  ./bench gate --a 'old/sort big.txt' --b 'new/sort big.txt' --tolerance 2%\n"
		    "      two commands of any project\n"
		    "  ./bench gate --a old.so --b new.so --mode sequential,threads\n"
		    "      two objects, each with a workload (workloads/workload.h)\n"
		    "  ./bench gate --baseline main --instructions\n"
		    "      immune to noise, for CI\n"
		    "\n"
		    "Exit status: 0 pass, 1 regressed, 2 wrong usage or environment, 3 a side\n"
		    "failed, 4 cannot tell.\n",
	.options = gate_option_specs,
	.request_size = sizeof(struct gate_options),
	.run = run,
};
