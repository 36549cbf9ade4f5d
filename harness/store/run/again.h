/* Summarises the cells of a run file anew. */
#ifndef BENCH_STORE_RUN_AGAIN_H
#define BENCH_STORE_RUN_AGAIN_H

#include <jansson.h>

/* Replaces the summary of each cell by that of its samples, so that whatever reads the file speaks of the same numbers,
 * whichever build wrote it, and adds doubts that this build knows. Stays as it is: what needs single workers, which the
 * file may not list, keys that this build does not know, and the summary of a cell without samples. Returns 0 or
 * -ENOMEM. */
int summaries_again(json_t *run);

#endif
