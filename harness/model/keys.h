/* The keys under which the run file stores single members of struct sample and struct invocation: the one list of them.
 * What the run file computes from several members of a sample (account, workers, counters, measures) is not in it. */
#ifndef BENCH_MODEL_KEYS_H
#define BENCH_MODEL_KEYS_H

#include "base/keys.h"

extern const struct key sample_keys[];     /* members of struct sample; ended by a name of NULL */
extern const struct key invocation_keys[]; /* members of struct invocation; ended by a name of NULL */

#endif
