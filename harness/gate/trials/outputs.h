/* Whether B's outputs are A's, and whether a command does less where nobody reads what it prints. Called by the main
 * process. */
#ifndef BENCH_GATE_TRIALS_OUTPUTS_H
#define BENCH_GATE_TRIALS_OUTPUTS_H

#include "gate/trials/trial.h"

/* Notes the output and the CPU time of a trial; `read`: its digest is known. */
void outputs_note(struct outputs *outputs, const struct trial *trial, bool read);

/* Whether A's outputs were the same in all trials, at least two, and B's were not these. A program that prints the
 * time differs from itself, which says nothing of B. */
bool outputs_differ(const struct outputs *outputs);

/* Whether a side takes more than twice the CPU time where its output is read, as a program does that stops at the first
 * match when it writes to /dev/null. */
bool outputs_cost(const struct outputs *outputs);

/* Runs B once, A if its output is not known yet, and A once more if the outputs differ, all with their outputs read.
 * The trials do not count. Returns as trial_run() does. */
int outputs_compare(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan);

#endif
