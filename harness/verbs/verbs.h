/* What the program can be called for, besides the verbs of the registry. */
#ifndef BENCH_VERBS_VERBS_H
#define BENCH_VERBS_VERBS_H

#include "command/verb.h"

/* The program: what it does when no verb is named is a run. */
extern const struct verb program;

/* The processes of a run, which other builds start, too: the words and what follows them stay as they are. `--cell FD`:
 * one invocation, started by a supervisor. `--worker FD WHAT WORKER`: a worker that is started afresh, by a cell
 * process. In a fresh process, with main()'s arguments; return its exit status. */
int call_cell(int argc, char **argv);
int call_worker(int argc, char **argv);

#endif
