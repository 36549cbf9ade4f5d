/* `bench gate`: gate.c goes from the command line to the verdict, open.c opens what that needs. */
#ifndef BENCH_VERBS_GATE_INTERNAL_H
#define BENCH_VERBS_GATE_INTERNAL_H

#include "base/output.h"
#include "command/gate_options.h"
#include "gate/cells.h"
#include "model/gate.h"
#include "report/kit/progress.h"
#include "run/supervise/folders.h"
#include "run/supervise/placement.h"

#define GATE_LOG "build.log" /* what building the baseline printed; in the folder of the gate */

struct gate_job {
	struct gate_options *options;
	struct placement placement;
	struct folders folders;
	struct side sides[2];
	char **inputs; /* the files that commands get; owned; NULL: none */
	struct gate_cells cells;
	struct gate gate;
	struct progress progress;
	struct output said;    /* what cell processes print, and commands on stderr */
	struct output printed; /* what commands print on stdout */
	int signal;
	char text[1024];
	struct why why; /* writes into `text` */
};

/* Opens folders, placement and sides, builds the baseline, and completes the options. Returns 0, or -errno with
 * job->why. */
int gate_open(struct gate_job *job);

/* Opens the cells; `same`: both sides are the same code, and no cell will be run. Returns as gate_open(). */
int gate_open_cells(struct gate_job *job, bool same);

#endif
