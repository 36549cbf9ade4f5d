/* The two sides of a gate, made ready to run: builds of this project, commands, or shared objects that hold
 * a workload. Called by the main process, before anything is measured.
 *
 * Both are run from below scratch/a and scratch/b through links, so that their paths are of equal length: the
 * length of a path moves the stack, and that alone can make a program slower (Mytkowicz et al., Producing Wrong
 * Data Without Doing Anything Obviously Wrong!, ASPLOS 2009). */
#ifndef BENCH_GATE_SIDES_SIDES_H
#define BENCH_GATE_SIDES_SIDES_H

#include "base/why.h"
#include "model/gate.h"
#include "command/gate_options.h"

#define SIDE_FILES 2

struct side {
	struct side_label label;
	char **argv;                     /* the command, owned; NULL: it runs cells */
	char *program[2];                /* of its cell processes, NULL-terminated; owned */
	char *root;                      /* "BENCH_ROOT=..." for them, owned */
	char *object;                    /* the shared object, owned; NULL: none */
	const struct workload *workload; /* in that object; NULL: as the cell says */
	char *files[SIDE_FILES + 1];     /* what it runs, without links, NULL-terminated, owned: for content.h */
};

/* Finds or builds both. `scratch` is the gate's own folder, absolute; what a build says goes to the file `log`.
 * Returns 0, or -errno with the reason. */
int sides_open(struct side sides[2], const struct gate_options *options, const char *scratch, const char *log,
	       const struct why *why);
void sides_close(struct side sides[2]);

/* Whether both are commands; else both run cells. */
bool sides_are_commands(const struct side sides[2]);

/* Whether what they run is the same, as far as can be known (content.h). */
bool sides_same(const struct side sides[2]);

/* What a side that runs builds has: workloads and modes by name. NULL: not known, such as of an object. */
json_t *side_inventory(const struct side *side);

#endif
