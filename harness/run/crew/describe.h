/* From the specification of an invocation to its crew. In the cell process, and in workers that are started afresh. */
#ifndef BENCH_RUN_CREW_DESCRIBE_H
#define BENCH_RUN_CREW_DESCRIBE_H

#include "run/crew/crew.h"
#include "run/wire/spec.h"

/* Sets what follows from `spec`, which must live as long: cell, mode, transport, call, placement, counters, log. */
void crew_describe(struct crew *crew, const struct spec *spec);

#endif
