/* Whether a process's CPU time can be trusted on this machine. Called by the main process. */
#ifndef BENCH_GATE_TIME_STEAL_H
#define BENCH_GATE_TIME_STEAL_H

#include <stdbool.h>

/* Whether CPU time is known not to contain time in which a hypervisor ran somebody else: there is no hypervisor,
 * or the kernel takes that time out (CONFIG_PARAVIRT_TIME_ACCOUNTING). false: not known. */
bool steal_is_excluded(void);

#endif
