/* The two sides of a gate, ready to run: builds of this project, commands, or shared objects with a workload. Called by
 * the main process, before anything is measured.
 *
 * Both sides run through links below scratch/a and scratch/b, so that their paths have the same length: the length of a
 * path moves the stack, and that alone can make a program slower (Mytkowicz et al., Producing Wrong Data Without Doing
 * Anything Obviously Wrong!, ASPLOS 2009). */
#ifndef BENCH_GATE_SIDES_SIDES_H
#define BENCH_GATE_SIDES_SIDES_H

#include "base/why.h"
#include "model/gate.h"
#include "command/gate_options.h"
#include "run/supervise/supervisor.h"

#define SIDE_FILES 2

struct side {
	struct side_label label;
	char **argv;                     /* the command, owned; NULL: the side runs cells */
	char **prepare, **conclude;      /* what runs before and after each run of it, owned; NULL: nothing */
	char *program[2];                /* program of its cell processes, NULL-terminated; owned */
	char *root;                      /* "BENCH_ROOT=..." for the environment of its cell processes; owned */
	char *object;                    /* path of the shared object, owned; NULL: there is none */
	const struct workload *workload; /* the object's, without functions; NULL: the one that the cell names */
	char *files[SIDE_FILES + 1];     /* paths, without links, of what it runs, to compare; NULL-terminated, owned */
};

/* Finds or builds both sides, and lets objects be described by a process of their own. `s` has what
 * supervisor_describe() uses, except program and object; its scratch folder is the gate's own. The output of builds
 * goes to the file `log`. Returns 0; -EINTR with *signal set; or -errno with the reason. */
int sides_open(struct side sides[2], const struct gate_options *options, struct supervisor *s, const char *log,
	       int *signal, const struct why *why);
void sides_close(struct side sides[2]);

/* Returns whether both sides are commands; else both run cells. */
bool sides_are_commands(const struct side sides[2]);

/* Returns whether the commands of both sides have a place for a file (commands.h). */
bool sides_take_files(const struct side sides[2]);

/* Returns whether both sides run the same, as far as can be known (content.h). */
bool sides_same(const struct side sides[2]);

/* Returns the names of the workloads and modes that a side's build has, as its `list --json` prints them. NULL: they
 * are not known, such as those of a shared object. */
json_t *side_inventory(const struct side *side);

/* Whether the cell processes of a side take turns as this build's do (run/supervise/running.h); a command has none. */
bool side_takes_turns(const struct side *side);

#endif
