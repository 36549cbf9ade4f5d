/* What main() calls: the program, or one of the processes that a run starts. */
#ifndef BENCH_VERBS_VERBS_H
#define BENCH_VERBS_VERBS_H

#include "command/verb.h"

/* The program: if no verb is named, it does a run. */
extern const struct verb program;

/* The processes of a run. Other builds start them, too, so `--cell`, `--worker` and what follows them never change.
 * `--cell FD`: a supervisor starts it for one invocation; `--cell FD,FD,...`: for several that are forked from it
 * (run/cell/nursery.h). `--worker FD WHAT WORKER`: a cell process starts it, as a
 * worker in a fresh process. Both take main()'s arguments and return the exit status. */
int call_cell(int argc, char **argv);
int call_worker(int argc, char **argv);

#endif
