/* Finds out whether the CPU time of a process can be trusted on this machine. Called by the main process. */
#ifndef BENCH_GATE_TRIALS_STEAL_H
#define BENCH_GATE_TRIALS_STEAL_H

#include <stdbool.h>

/* Returns whether CPU time is known not to include time in which a hypervisor ran somebody else: there is no
 * hypervisor, or the kernel subtracts that time (CONFIG_PARAVIRT_TIME_ACCOUNTING). */
bool steal_is_excluded(void);

#endif
