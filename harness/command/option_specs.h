/* The options of a run. */
#ifndef BENCH_COMMAND_OPTION_SPECS_H
#define BENCH_COMMAND_OPTION_SPECS_H

#include "command/option.h"
#include "command/options.h"

#define SEED_MOST ((UINT64_C(1) << 53) - 1) /* readers of JSON that know only doubles read it exactly */

extern const struct option_spec option_specs[]; /* into struct options */

/* The names of the workloads, modes, transports and exports of this build, and of calls, schedules and placements. */
extern const struct vocabulary workload_names, mode_names, transport_names, export_names;
extern const struct vocabulary call_names, schedule_names, bind_names;

/* For tables whose struct begins with struct options: --bind. */
extern const struct option_type option_bind;

#endif
