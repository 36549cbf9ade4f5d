/* Where the kernel puts a program's memory: at random addresses, which differ from one process to the next, unless it
 * is asked for the same ones each time (personality(2)). What depends on addresses, such as conflicts in caches and
 * branch predictors, is noise where two programs are compared. */
#ifndef BENCH_BASE_ADDRESSES_H
#define BENCH_BASE_ADDRESSES_H

#include <stdbool.h>

/* Gives programs that this process executes from now on, or lets children execute, the same addresses each time.
 * addresses_restore() undoes it. Returns 0 with `*before` set, or -errno: a sandbox does not permit it. */
int addresses_fix(int *before);
void addresses_restore(int before);

/* Whether that is permitted. */
bool addresses_can_be_fixed(void);

/* Whether this program was given fixed addresses. */
bool addresses_are_fixed(void);

#endif
