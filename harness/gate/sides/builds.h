/* Builds of this project as a side of a gate. Called by the main process, before anything is measured. */
#ifndef BENCH_GATE_SIDES_BUILDS_H
#define BENCH_GATE_SIDES_BUILDS_H

#include "model/gate.h"
#include "command/words.h"

/* Where a build is: its program, and the checkout with the files that the program reads. */
struct build {
	char *program, *root; /* absolute, without links; owned */
};

/* Finds the program that is running, and describes it in `label`, which may be NULL. Returns 0, or -errno with the
 * reason. */
int build_own(struct build *build, struct side_label *label, const struct why *why);

/* Finds or makes the build that --baseline names: a checkout (whose launcher builds it), a build folder, a program, or
 * a revision of the repository that `own` belongs to, which is built below `folder` with the compilers and options that
 * `own` was built with. The output of building goes to the file `log`. Returns 0, or -errno with the reason. */
int build_named(struct build *build, struct side_label *label, const char *name, const struct build *own,
		const char *folder, const char *log, const struct why *why);

void build_release(struct build *build);

#endif
