/* Fills a crew from the specification of an invocation. Called in the cell process, and in workers that are started
 * afresh. */
#ifndef BENCH_RUN_CREW_DESCRIBE_H
#define BENCH_RUN_CREW_DESCRIBE_H

#include "run/crew/crew.h"
#include "run/wire/spec.h"

/* Sets the members that follow from `spec`, which must outlive the crew: cell, mode, transport, call, placement,
 * counters, log. */
void crew_describe(struct crew *crew, const struct spec *spec);

#endif
