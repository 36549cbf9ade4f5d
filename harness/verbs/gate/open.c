#include "verbs/gate/internal.h"

#include "base/root.h"
#include "gate/sides/inputs.h"
#include "store/gate/read.h"
#include "verbs/export_words.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WORKLOADS "null,sumsq,hash,resize" /* dispatch, arithmetic, input and output, both */
#define OPENING_NS UINT64_C(5000000000)    /* the least time for opening a workload */

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
	int err;

	folders_stamp(name, sizeof(name), job->gate.started, sizeof(job->gate.started));
	snprintf(name + strlen(name), sizeof(name) - strlen(name), "gate");
	snprintf(gates, sizeof(gates), "%s/results/gates", project_root(root));
	err = check_output(job);
	err = err ? err : folders_make(&job->folders, job->options->run.output, gates, name, false, &job->why);
	/* exports may go into the folder that was made just now */
	return err ? err : export_words_check(&job->options->run.exports, true, &job->why);
}

/* Lists the files that commands get, so that no workload is asked for them. */
static int open_inputs(struct gate_job *job)
{
	struct options *o = &job->options->run;

	if (!sides_take_files(job->sides))
		return 0;
	job->inputs = inputs_list(o->input, &job->why);
	o->input = NULL;
	return job->inputs ? 0 : -EINVAL;
}

/* Completes the options of the cells, which depend on what the sides are. */
static int complete_options(struct gate_job *job)
{
	struct options *o = &job->options->run;
	const struct workload *workload = job->sides[0].workload;
	bool commands = sides_are_commands(job->sides);

	if (o->workloads.count && (workload || commands))
		return why_refuse(&job->why, "option '--workload' is for builds: %s",
				  commands ? "a command is run as it is" : "objects bring their own");
	if (workload && gate_options_pipe(job->options))
		return why_refuse(&job->why,
				  "option '--stdout' is for commands: what an object prints is not compared");
	if (workload && words_add(&o->workloads, workload->name))
		return -ENOMEM;
	if (!o->workloads.count && words_parse(&o->workloads, WORKLOADS, &workload_names, &job->why))
		return -EINVAL;
	if (!o->workers.count && numbers_add(&o->workers, job->options->by_instructions ? 1 : job->placement.usable))
		return -ENOMEM;
	return options_complete(o, &job->why);
}

/* What opening sides and cells needs of a supervisor. It is given no more time than the whole gate, but enough. */
static struct supervisor supervisor_of(struct gate_job *job)
{
	const struct options *o = &job->options->run;
	uint64_t most_ns = o->budget_ns > OPENING_NS ? o->budget_ns : OPENING_NS;

	return (struct supervisor){
		.cache = job->folders.cache,
		.scratch = job->folders.scratch,
		.timeout_ns = o->timeout_ns < most_ns ? o->timeout_ns : most_ns,
		.said = &job->said,
	};
}

int gate_open(struct gate_job *job)
{
	struct supervisor s;
	const char *baseline = job->options->baseline;
	char log[4096], doing[256];
	int err = make_folders(job);

	snprintf(doing, sizeof(doing), baseline ? "building the baseline %.200s" : "preparing", baseline);
	progress_show(&job->progress, 0, 0, doing);
	snprintf(log, sizeof(log), "%s/" GATE_LOG, job->folders.output ? job->folders.output : "");
	err = err ? err : placement_open(&job->placement, NULL, &job->why);
	s = supervisor_of(job);
	err = err ? err : output_open(&job->said);
	err = err ? err : output_open(&job->printed);
	err = err ? err : sides_open(job->sides, job->options, &s, log, &job->signal, &job->why);
	err = err ? err : open_inputs(job);
	err = err ? err : complete_options(job);
	if (err && !job->text[0])
		why_failed(&job->why, err, "cannot prepare the gate");
	return err;
}

int gate_open_cells(struct gate_job *job, bool same)
{
	struct supervisor s = supervisor_of(job);
	int err;

	progress_show(&job->progress, 0, 0, "preparing the input");
	err = gate_cells_open(&job->cells, &job->gate, job->sides, job->options, &s, job->placement.usable,
			      !same && !job->options->by_instructions, &job->signal, &job->why);
	if (err && !job->text[0])
		why_failed(&job->why, err, "cannot prepare the cells");
	return err;
}
