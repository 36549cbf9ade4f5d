/* The signals by which a user ends a run: Ctrl-C, a polite kill, a terminal that goes away. */
#ifndef BENCH_RUN_INTERRUPTS_H
#define BENCH_RUN_INTERRUPTS_H

#include <signal.h>

static inline sigset_t interrupts(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

#endif
