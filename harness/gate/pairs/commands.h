/* Pairs of commands: what pairing_runs and pairing_files share. Called by the main process.
 *
 * A pair has several rounds. In each the command of every side is run once, or once for each file, and for each file
 * the sides come in a drawn order, so that they are exchangeable. All of a pair have the same addresses, where the
 * system permits to fix them, and the same drawn number of bytes in the environment. A side's undisturbed time is the
 * median over the rounds, summed over the files.
 *
 * What was tried, on runs of a few programs of 5 to 300 ms that were recorded on one machine, beside other programs
 * and a spinning one. tests/peers/command_pairs.py records such runs, and draws gates from them in which 2 % is added
 * to the times of B, by arithmetic. Of each kind 100 gates were drawn, from which shares are known to 10 points at
 * best. There:
 * - By wall time +2 % was found in 1 to 40 % of gates; by CPU time, of a sort and a gzip of 50 ms, in 97 to 100 %
 *   with 16 runs a side in a pair, in 70 to 100 % with 8, in 50 to 100 % with 4. So it is CPU time.
 * - Median, lower quartile and mean could not be told apart, but for one series with rare bursts, in which the mean
 *   found 23 % and the median 80 %. The least found the fewest, 27 to 63 % of a sort. So it is the median.
 * - With the same addresses and the same length of the environment, which were not tried one by one, single runs
 *   scattered less in three programs: by 3.8 instead of 5.4 % (sort), 4.4 instead of 6.0 % (sha256sum), 1.5 instead
 *   of 1.8 % (gzip). So both are the same in a pair.
 * - Whether runs were bound to one drawn processor made no difference that could be seen. So nothing is bound.
 * That it is so of other programs and on other machines is not shown. */
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

#endif
