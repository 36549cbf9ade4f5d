#include "command/gate_options.h"

#include "model/stdout.h"
#include "model/verdict.h"

#include <stddef.h>

#define RUNS_LEAST 12 /* of a side: three blocks, the fewest that can tell */

static const char *const on_unclear_words[] = { "pass", "fail", NULL };
static const struct vocabulary on_unclear_names = { .kind = "word for --on-unclear",
						   VOCABULARY_STRINGS(on_unclear_words) };

static const char *stdout_name(const void *of, size_t index)
{
	(void)of;
	return stdout_targets[index].name;
}

static const struct vocabulary stdout_names = { .kind = "word for --stdout", .name = stdout_name };

#define FIELD(name) .field = offsetof(struct gate_options, name)
#define REFUSED(name, argument) { name, argument, .type = &option_refused }

const struct option_spec gate_option_specs[] = {
	{ "--baseline", "DIR|REVISION", "a checkout, a build, or a revision of git, which is built",
	  .heading = "What is compared (with --baseline, B is this build):",
	  .type = &option_text, FIELD(baseline) },
	{ "--a", "CMD|FILE.so", "instead: a command, or a shared object with a workload",
	  .type = &option_text, FIELD(a) },
	{ "--b", "CMD|FILE.so", "the one that must not be slower",
	  .type = &option_text, FIELD(b) },
	{ "--name-a", "TEXT", "what the report calls A; else as it is given here",
	  .type = &option_text, FIELD(name_a) },
	{ "--name-b", "TEXT", "and B",
	  .type = &option_text, FIELD(name_b) },
	{ "--shell", NULL, "run commands by /bin/sh; else split them into words",
	  .type = &option_flag, FIELD(shell) },
	{ "--prepare", "CMD", "before each run, untimed; a second one is B's",
	  .type = &option_words, FIELD(prepare) },
	{ "--conclude", "CMD", "after each run, untimed; a second one is B's",
	  .type = &option_words, FIELD(conclude) },
	{ "--stdout", "null|pipe", "what commands print is thrown away, or read", .preset = "null",
	  .type = &option_word, .names = &stdout_names, FIELD(stdout_to) },

	{ "--input", "DIR", "each file of the folder is put into commands for {}",
	  .type = &option_text, FIELD(run.input) },

	{ "--workload", "W,...", "what is computed; else null, sumsq, hash and resize",
	  .heading = "In which cells (-p, --transport and others choose them as in a run):",
	  .type = &option_names, .names = &workload_names, FIELD(run.workloads) },
	{ "--mode", "M,...", "how it is executed", .preset = "sequential,pool",
	  .type = &option_names, .names = &mode_names, FIELD(run.modes) },
	{ "--workers", "N,...", "else all processors, or 1 with --instructions",
	  .type = &option_numbers, .least = 1, .most = 1024, FIELD(run.workers) },

	{ "--tolerance", "SHARE", "a slow-down that is accepted", .preset = "1%",
	  .heading = "How it is judged:",
	  .type = &option_share, FIELD(tolerance) },
	{ "--max-runs", "N", "at most N pairs a cell, 12 to 400; else 24, or 48 runs in blocks",
	  .type = &option_number32, .least = RUNS_LEAST, .most = GATE_RUNS_MOST, FIELD(max_runs) },
	{ "--budget", "TIME", "for all measuring", .preset = "10m",
	  .type = &option_duration, FIELD(run.budget_ns) },
	{ "--on-unclear", "pass|fail", "exit status if it cannot tell; else 4",
	  .type = &option_word, .names = &on_unclear_names, FIELD(on_unclear) },
	{ "--instructions", NULL, "judge by instructions instead of time (callgrind)",
	  .type = &option_flag, FIELD(by_instructions) },
	{ "--instructions-tolerance", "SHARE", "a rise in instructions that is accepted", .preset = "0.5%",
	  .type = &option_share, FIELD(instructions_tolerance) },
	{ "--allow", "CELL", "a cell that may be slower; may be repeated",
	  .type = &option_words, FIELD(allowed) },

	{ "--output", "DIR", "where the report goes; else a new folder in results/gates",
	  .heading = "Results:",
	  .type = &option_text, FIELD(run.output) },
	{ "--export", "FORMAT=FILE", "write it as junit or markdown, too; may be repeated",
	  .type = &option_export, FIELD(run.exports) },
	REFUSED("--counters", "NAME,..."), REFUSED("--invocations", "N"), REFUSED("--dry-run", NULL),
	REFUSED("--topology", "SYNTHETIC"), REFUSED("--log", "LEVEL[:FILE]"),
	{ .rest = option_specs },
};

bool gate_options_pipe(const struct gate_options *o)
{
	return stdout_target_find(o->stdout_to)->piped;
}

/* Options that are for commands only. */
static int check_commands(const struct gate_options *o, const struct why *why)
{
	const char *given = o->shell	      ? "--shell"
			    : gate_options_pipe(o) ? "--stdout"
			    : o->prepare.count     ? "--prepare"
			    : o->conclude.count    ? "--conclude"
						   : NULL;

	if (given && o->baseline)
		return why_refuse(why, "option '%s' is for commands: it needs --a and --b", given);
	if (o->prepare.count > 2 || o->conclude.count > 2)
		return why_refuse(why,
				  "option '%s' is given more than twice: once for both sides, or for A and then for B",
				  o->prepare.count > 2 ? "--prepare" : "--conclude");
	return 0;
}

int gate_options_check(const struct gate_options *o, const struct why *why)
{
	if (o->baseline && (o->a || o->b))
		return why_refuse(why, "give either --baseline, or --a and --b");
	if (!o->baseline && !o->a && !o->b)
		return why_refuse(why, "what is compared? give --baseline DIR|REVISION, or --a CMD --b CMD");
	if (!o->baseline && !(o->a && o->b))
		return why_refuse(why, "option '%s' is missing", o->a ? "--b" : "--a");
	return check_commands(o, why);
}
