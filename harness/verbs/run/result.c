#include "verbs/run/internal.h"

#include "base/text.h"
#include "command/verb.h"
#include "model/registry.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "store/run/store.h"
#include "verbs/export_words.h"

#include <errno.h>
#include <string.h>

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

static int write_report(struct run_job *job, const json_t *run)
{
	bool plots = !job->options->no_plots && !job->run.interrupted;
	int err;

	job->why[0] = '\0';
	err = report_write_run(run, job->folders.output, plots, WHY(job->why));
	if (job->why[0]) /* it may also say that there is no gnuplot, which is no error */
		verb_complain(job->why);
	return err;
}

/* If stdout takes no more, the result is saved all the same: the message says where. */
static int flush_result(struct run_job *job)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	why_say(WHY(job->why), "cannot write to standard output: %s (the result is in '%s')",
		errno ? strerror(errno) : "an error before", job->folders.output);
	clearerr(stdout); /* or main() would report the error again */
	return verb_complain(job->why);
}

static int show_result(struct run_job *job)
{
	json_t *run = store_read(job->folders.output, WHY(job->why));
	const struct why why = { job->why, sizeof(job->why) };
	int err;

	if (!run)
		return verb_complain(job->why);
	table_print(run, stdout);
	err = write_report(job, run);
	if (export_words_write(&job->options->exports, run, &why))
		err = verb_complain(job->why);
	json_decref(run);
	text_print(stdout, "%s\n", job->folders.output); /* whatever went wrong, the result is there */
	err = flush_result(job) ? -EIO : err;
	return err;
}

int run_show(struct run_job *job)
{
	int status = status_of(&job->run);

	return show_result(job) ? EXIT_USAGE : status;
}
