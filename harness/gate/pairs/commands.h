/* Pairs of commands: what pairing_runs and pairing_files share. Called by the main process.
 *
 * A pair has several rounds. In each the command of every side is run once, or once for each file, and for each file
 * the sides come in a drawn order, so that they are exchangeable. All of a pair have the same addresses, where the
 * system permits to fix them, and the same drawn number of bytes in the environment. A side's undisturbed time is the
 * median over the rounds, summed over the files.
 *
 * What was tried, on runs recorded beside other programs and a spinning one (tests/peers/command_pairs.py), +2 % added:
 * - CPU time; by wall time no rule finds it there (1 to 40 % of gates), by CPU time 16 runs a side of a sort or gzip of
 *   50 ms in a pair find it in 97 to 100 %, 8 in 70 to 100 %, 4 in 50 to 100 %;
 * - the median; the lower quartile and the mean do as well, but a mean loses to rare bursts (23 % instead of 80 %), and
 *   the least is the worst of all (27 to 63 % of gates of a sort);
 * - the same addresses: a single run scatters by 3.8 instead of 5.4 % (sort), 4.4 instead of 6.0 % (sha256sum), 1.5
 *   instead of 1.8 % (gzip). Binding all to one drawn processor makes no difference, so nothing is bound. */
#ifndef BENCH_GATE_PAIRS_COMMANDS_H
#define BENCH_GATE_PAIRS_COMMANDS_H

#include "gate/pairs/pairing.h"

/* How long a pair should take at most, in ns: so long that 24 of them fit well into the time that is left. */
double command_pair_ns(const struct trial_setup *setup);

/* open() and run() of a struct pairing. The first compares the outputs, and chooses which time is judged, and so many
 * rounds (unless --rounds says how many) that a pair scatters by no more than the tolerance, if they do not take longer
 * than a pair should. */
int command_pairs_open(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan);
int command_pairs_run(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control,
		      bool more, struct gate_pair *pair);
void command_pairs_release(struct pair_plan *plan);

#endif
