#include "verbs/run/internal.h"

#include "base/program.h"
#include "base/root.h"
#include "run/counters/find.h"
#include "verbs/export_words.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Appends the words as they were typed, with "all" for all, joined by '+'. */
static void join(char *name, size_t size, const struct words *words)
{
	char *end = name + strlen(name);

	snprintf(end, size - (size_t)(end - name), "%s", words->typed ? words->typed : "");
	for (; *end; end++)
		*end = *end == ',' ? '+' : *end;
}

/* "20260131T120000Z-resize-pool" */
static void name_run(struct run_job *job, char *name, size_t size)
{
	folders_stamp(name, size, job->run.started, sizeof(job->run.started));
	join(name, size, &job->options->workloads);
	snprintf(name + strlen(name), size - strlen(name), "-");
	join(name, size, &job->options->modes);
}

int run_open(struct run_job *job)
{
	struct options *o = job->options;
	bool dry = o->dry_run;
	struct cpus anywhere;
	const struct why why = { job->why, sizeof(job->why) };
	char name[200] = "", root[PATH_MAX];
	int err = program_own(job->program_path, sizeof(job->program_path), &why);

	job->program[0] = job->program_path;
	snprintf(job->runs, sizeof(job->runs), "%s/results/runs", project_root(root));
	err = err ? err : export_words_check(&o->exports, false, &why);
	err = err ? err : placement_open(&job->placement, o->topology, WHY(job->why));
	err = err ? err : placement_choose(&job->placement, o->bind, 1, &anywhere, WHY(job->why));
	err = err ? err : counters_find(&job->counters, o->counters, WHY(job->why));
	err = err ? err : dry ? 0 : log_open(&job->log, o->log, WHY(job->why));
	name_run(job, name, sizeof(name));
	return err ? err : folders_make(&job->folders, o->output, job->runs, name, dry, WHY(job->why));
}
