/* The signals by which a user ends a run: Ctrl-C, a polite kill, a terminal that goes away. */
#ifndef BENCH_BASE_INTERRUPTS_H
#define BENCH_BASE_INTERRUPTS_H

#include <signal.h>

sigset_t interrupts(void);

/* Holds them back, in favour of a descriptor that tells of them (signalfd(2)); `*before` is for children and for
 * interrupts_let(). The main process. Returns the descriptor, or -errno. */
int interrupts_catch(sigset_t *before);
void interrupts_let(int fd, const sigset_t *before);

/* Takes the signal that the descriptor tells of; 0: there is none. */
int interrupts_take(int fd);

/* Ends the process by that very signal, so that a shell script that called it ends, too. */
void interrupt_end(int number);

/* "SIGINT" */
const char *interrupt_name(int number);

#endif
