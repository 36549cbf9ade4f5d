/* `bench gate`: is B slower than A? From the command line to the verdict, its report and the exit status. */
#include "verbs/gate/internal.h"

#include "analyse/verdict.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/text.h"
#include "command/verb.h"
#include "gate/campaign.h"
#include "gate/conclude.h"
#include "gate/count/callgrind.h"
#include "gate/sides/inputs.h"
#include "report/gate/page.h"
#include "run/supervise/machine.h"
#include "store/gate/read.h"
#include "store/gate/write.h"
#include "verbs/export_words.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void describe(struct gate_job *job, char **argv)
{
	struct gate *g = &job->gate;
	char log[4096];

	snprintf(log, sizeof(log), "%s/" GATE_LOG, job->folders.output);
	g->build_log = access(log, F_OK) == 0 ? GATE_LOG : NULL;
	g->command = argv;
	g->seed = job->options->run.seed;
	g->started_ns = clock_ns();
	g->machine = machine_describe(&job->placement);
	g->versions = machine_versions();
	g->by_instructions = job->options->by_instructions;
	g->tolerance = g->by_instructions ? job->options->instructions_tolerance : job->options->tolerance;
	g->level = g->by_instructions ? NAN : LOOK_LEVEL;
	g->on_unclear = job->options->on_unclear;
	g->stdout_to = sides_are_commands(job->sides) ? job->options->stdout_to : NULL;
	g->smallest_shown = g->noise_floor = NAN;
	g->sides[0] = job->sides[0].label;
	g->sides[1] = job->sides[1].label;
}

/* ---- While it runs ---- */

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	progress_show(&((struct gate_job *)context)->progress, done_ns, total_ns, what);
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
			.launcher = { .timeout_ns = o->timeout_ns, .said = &job->said },
			.cache = job->folders.cache,
			.scratch = job->folders.scratch,
			.started_ns = job->gate.started_ns,
			.random = o->seed,
			.rounds = o->rounds,
			.printed = &job->printed,
			.pipes = gate_options_pipe(job->options),
			.inputs = job->inputs,
			.tolerance = job->options->tolerance,
		},
		.options = job->options,
		.placement = &job->placement,
		.observer = { show, save, job },
	};
	int err = campaign_run(&campaign, &job->gate);

	if (campaign.setup.addresses_vary)
		job->gate.doubts |= 1u << GATE_DOUBT_ADDRESSES;
	job->signal = campaign.setup.signal;
	progress_end(&job->progress);
	if (err && err != -EINTR && !job->text[0])
		why_failed(&job->why, err, "the gate could not go on");
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

/* Reports from the file, as everybody reads it later. Returns as page_publish() does; job->text says what is wrong, but
 * for pictures, of which it complains itself. */
static int show_result(struct gate_job *job)
{
	json_t *gate = stored_gate_read(job->folders.output, &job->why);
	bool plots = !job->options->run.no_plots && !job->gate.interrupted;
	int err, written;

	if (!gate)
		return -EINVAL;
	err = gate_print(gate, stdout);
	job->text[0] = '\0';
	written = err ? err : gate_report_write_gate(gate, job->folders.output, plots, &job->why);
	if (written >= 0 && job->text[0])
		verb_complain(job->text);
	err = written < 0 ? written : export_words_write(&job->options->run.exports, gate, &job->why);
	text_print(stdout, "%s\n", job->folders.output); /* whatever went wrong, the result is there */
	json_decref(gate);
	return err ? err : written;
}

static int measure_and_show(struct gate_job *job, bool same)
{
	int status, err;

	if (same)
		conclude_unchanged(&job->gate);
	else if (measure(job))
		return verb_complain(job->text);
	status = status_of(&job->gate);
	err = gate_write(&job->gate, job->folders.output, true, &job->why);
	err = err ? err : show_result(job);
	return err < 0 ? verb_complain(job->text) : err ? EXIT_USAGE : status;
}

/* A signal ends the measuring, but not before gate.json is there with all its pages, pictures and exports. */
static int judge(struct gate_job *job, bool same)
{
	sigset_t before;
	int status;

	interrupts_hold(&before);
	status = measure_and_show(job, same);
	interrupts_let(-1, &before);
	return status;
}

static void release(struct gate_job *job)
{
	progress_end(&job->progress);
	gate_release(&job->gate);
	gate_cells_close(&job->cells);
	sides_close(job->sides);
	inputs_free(job->inputs);
	folders_release(&job->folders);
	placement_close(&job->placement);
	output_close(&job->said);
	output_close(&job->printed);
}

static int run_gate(struct gate_job *job, char **argv)
{
	int err = job->options->by_instructions ? callgrind_find(&job->why) : 0;
	bool same;

	err = err ? err : gate_open(job);
	same = !err && sides_same(job->sides);
	if (err || gate_open_cells(job, same))
		return job->signal ? EXIT_USAGE : verb_complain(job->text);
	describe(job, argv);
	return judge(job, same);
}

static int run(void *request, char **argv)
{
	struct gate_job job = { .options = request };
	int status, number;

	job.why = (struct why){ job.text, sizeof(job.text) };
	if (gate_options_check(job.options, &job.why))
		return verb_complain(job.text);
	signal(SIGPIPE, SIG_IGN);
	progress_begin(&job.progress, stderr, job.options->run.quiet);
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
	.summary = "say whether a build, command or object is slower than another",
	.usage = "--baseline DIR|REVISION [OPTION...]\n"
		 "--a CMD|FILE.so --b CMD|FILE.so [OPTION...]",
	.about = "Says whether B is slower than A by more than is tolerated: pass, regressed,\n"
		 "cannot tell, or unchanged (the same code). Both run at the same time and take\n"
		 "turns, in pairs of fresh processes, until it is decided; the baseline is\n"
		 "compared with itself, too.\n",
	.examples = "  ./bench gate --baseline HEAD~1\n"
		    "      has the last commit made bench slower?\n"
		    "  ./bench gate --a 'old/sort big.txt' --b 'new/sort big.txt' --tolerance 2%\n"
		    "      two commands of any project\n"
		    "  ./bench gate --a 'old/sort {}' --b 'new/sort {}' --input texts\n"
		    "      the same with each file of a folder: {} is its path\n"
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
