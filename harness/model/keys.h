/* What the run file says of a round and of an invocation under the names of their members: the one list of them. The
 * rest of a sample (account, workers, counters, measures) is made of several members. */
#ifndef BENCH_MODEL_KEYS_H
#define BENCH_MODEL_KEYS_H

#include "base/keys.h"

extern const struct key sample_keys[];     /* of struct sample; ended by a name of NULL */
extern const struct key invocation_keys[]; /* of struct invocation; the same */

#endif
