#include "gate/trials/trial.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/proc.h"
#include "gate/sides/commands.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define AWAKE_SWITCHES 1 /* of its own will, by a command that only computes: to begin on another processor */

/* Returns how long, in ns, the first thread of a process that has ended but is not reaped waited for a processor. */
static double queue_of(pid_t pid)
{
	char path[64], text[96] = "";
	unsigned long long ran_ns, waited_ns;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	return proc_read(path, text, sizeof(text)) > 0 && sscanf(text, "%llu %llu", &ran_ns, &waited_ns) == 2
		       ? (double)waited_ns
		       : 0;
}

/* Something that is run, what it is called in messages, and the file that it gets (NULL: none). */
struct command {
	char *const *words;
	const char *name, *input;
};

/* Says which file it was. */
static void add_input(char *message, size_t size, const char *input)
{
	if (input)
		snprintf(message + strlen(message), size - strlen(message), ", given '%s'", strrchr(input, '/') + 1);
}

static int judge_end(const struct cell_launcher *launcher, struct gate_cell *cell, const struct command *command,
		     const struct trial *trial, pid_t pid, int status, int waited)
{
	struct failure f = { .pid = pid, .exit_status = -1, .item = -1, .after_ns = trial->elapsed_ns };

	if (!waited && !status)
		return 0;
	if (waited) {
		f.kind = FAILURE_TIMEOUT;
		snprintf(f.message, sizeof(f.message), "%s did not end within %.3g s (--timeout)", command->name,
			 (double)launcher->timeout_ns / 1e9);
	} else {
		f.kind = WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT;
		f.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		f.exit_status = WIFSIGNALED(status) ? -1 : WEXITSTATUS(status);
		snprintf(f.message, sizeof(f.message), "%s %s", command->name,
			 child_ended_text((char[CHILD_TEXT]){ 0 }, status));
	}
	add_input(f.message, sizeof(f.message), command->input);
	return trial_failed(cell, trial->side, launcher, &f);
}

/* A command that runs, and what this process does meanwhile. */
struct running_command {
	const struct cell_launcher *launcher;
	struct child child;
	struct output *printed;
	int schedstat;      /* of this process; -1: not known */
	uint64_t queued_ns; /* how long this process had waited for a processor when it began its last wait */
};

/* Waits for the end of the command. Returns 0; -EINTR: a signal came; -ETIMEDOUT: the trial took too long; or -ETIME:
 * the deadline of all trials has come. */
static int await(struct running_command *r, int *signal)
{
	const struct cell_launcher *l = r->launcher;
	uint64_t own_ns = r->child.forked_ns + l->timeout_ns, all_ns = l->deadline_ns;
	bool by_all = all_ns && all_ns < own_ns;
	int waited;

	do {
		r->queued_ns = proc_run_queue_ns(r->schedstat);
		waited = child_wait_reading(&r->child, by_all ? all_ns : own_ns, l->signal_fd, l->said, r->printed);
	} while (waited == -EAGAIN);
	if (waited > 0) {
		*signal = waited;
		return -EINTR;
	}
	return waited && by_all ? -ETIME : waited;
}

static int start(struct running_command *r, char *const *words)
{
	const struct cell_launcher *l = r->launcher;
	struct child_setup command = {
		.argv = words,
		.environment = l->environment,
		.output = r->printed ? r->printed->child_fd : 0,
		.errors = l->said->child_fd,
		.kept = true,
		.same_addresses = l->same_addresses,
	};
	int err;

	output_begin(l->said);
	if (r->printed)
		output_begin(r->printed);
	err = child_start(&r->child, &command);
	if (err) {
		output_end(l->said);
		output_end(r->printed);
	}
	return err;
}

/* Sets how long the trial took, without the time by which its end was seen late. */
static void take_times(struct running_command *r, struct trial *trial, int waited)
{
	uint64_t late_ns;

	trial->elapsed_ns = clock_ns() - r->child.forked_ns;
	late_ns = proc_run_queue_ns(r->schedstat) - r->queued_ns;
	trial->wall_ns = (double)(trial->elapsed_ns - late_ns);
	trial->run_queue_ns = waited ? 0 : queue_of(r->child.pid);
}

/* Whether the command gave its processor away by itself, as often as it has to in order to sleep; true where the system
 * does not count that, and then this process, which has waited for commands, has done so never. */
static bool may_have_slept(const struct rusage *used)
{
	struct rusage own;

	return getrusage(RUSAGE_SELF, &own) || own.ru_nvcsw == 0 || used->ru_nvcsw > AWAKE_SWITCHES;
}

/* The share of its time that the command did not run. Where it cannot have slept, its processor was not there. */
static double asleep(const struct trial *trial, const struct rusage *used)
{
	double share = 1 - trial->cpu_ns / (trial->wall_ns - trial->run_queue_ns);

	return may_have_slept(used) ? share : fmin(share, 0);
}

/* Ends what is left of the command, and reads what is left of its output. Returns its status. */
static int end(struct running_command *r, struct trial *trial)
{
	struct rusage used = { 0 };
	int status = child_end(&r->child, &used);

	output_end(r->launcher->said);
	output_end(r->printed);
	trial->digest = r->printed ? output_digest(r->printed) : 0;
	trial->cpu_ns = (double)rusage_ns(&used);
	trial->asleep = asleep(trial, &used);
	if (r->schedstat >= 0)
		close(r->schedstat);
	return status;
}

static int run_words(struct trial_setup *setup, struct gate_cell *cell, const struct cell_launcher *launcher,
		     const struct command *command, struct output *printed, struct trial *trial)
{
	struct running_command r = { .launcher = launcher, .printed = printed };
	char **filled = command->input ? command_fill(command->words, command->input) : NULL;
	int err = command->input && !filled ? -ENOMEM : start(&r, filled ? filled : command->words), waited, status;
	pid_t pid = r.child.pid;

	command_free(filled);
	if (err)
		return err;
	r.schedstat = proc_schedstat_open();
	waited = await(&r, &setup->signal);
	take_times(&r, trial, waited);
	status = end(&r, trial);
	return waited == -EINTR || waited == -ETIME ? waited
						    : judge_end(launcher, cell, command, trial, pid, status, waited);
}

/* Runs what goes before or after a command, if there is anything. */
static int run_around(struct trial_setup *setup, struct gate_cell *cell, const struct cell_launcher *launcher,
		      const struct command *command, enum gate_side side)
{
	struct trial untimed = { .side = side };

	return command->words ? run_words(setup, cell, launcher, command, NULL, &untimed) : 0;
}

int trial_command(struct trial_setup *setup, struct gate_cell *cell, const struct cell_launcher *launcher,
		  const char *input, struct output *printed, struct trial *trial)
{
	const struct side *of = &setup->sides[trial->side == SIDE_B];
	const struct command before = { of->prepare, "its --prepare", input }, it = { launcher->program, "it", input },
			     after = { of->conclude, "its --conclude", input };
	int err = run_around(setup, cell, launcher, &before, trial->side), ended = 0;

	if (err)
		return err;
	err = run_words(setup, cell, launcher, &it, printed, trial);
	if (!err || err == -ECHILD)
		ended = run_around(setup, cell, launcher, &after, trial->side);
	return err ? err : ended;
}
