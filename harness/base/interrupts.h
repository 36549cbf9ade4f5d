/* The signals by which a user ends a program: SIGINT (Ctrl-C), SIGTERM, and SIGHUP (the terminal is closed). */
#ifndef BENCH_BASE_INTERRUPTS_H
#define BENCH_BASE_INTERRUPTS_H

#include <signal.h>

/* Sets how the program begins, whatever its caller has set: a file too large is an error of the write, no death
 * (SIGXFSZ), and how a child has ended can be asked (SIGCHLD). The program calls it first of all. */
void signals_begin(void);

/* Those of them that this process does not ignore: nohup(1) and a shell that starts a job in the background have it
 * begin with some ignored, and so they stay, since a descriptor of signalfd(2) would deliver them. */
sigset_t interrupts(void);

/* interrupts_hold() blocks these signals while what must not be left half done is done; interrupts_catch() also returns
 * a descriptor from which they are read meanwhile (signalfd(2)), or -errno. Both set `*before` to the earlier mask.
 * interrupts_let() closes the descriptor (-1: there is none) and restores that mask: a signal that has come and was not
 * read then ends the process. One may hold within another. Children that execute a program have these signals
 * unblocked (base/child.h). Called in the main process. */
void interrupts_hold(sigset_t *before);
int interrupts_catch(sigset_t *before);
void interrupts_let(int fd, const sigset_t *before);

/* Reads the number of the next signal from the descriptor; 0: none has come. */
int interrupts_take(int fd);

/* Ends the process by this signal, so that a shell script that called it ends, too. */
_Noreturn void interrupt_end(int number);

#define SIGNAL_TEXT 20

/* Writes a signal's name, "SIGINT", or "signal 40" if it has none. Returns `text`. Holds for every signal. */
const char *signal_text(char text[SIGNAL_TEXT], int number);

#endif
