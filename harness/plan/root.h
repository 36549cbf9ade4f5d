/* Where the project's own files are: the plots' scripts, the report's template, results/, Python's programs. */
#ifndef BENCH_PLAN_ROOT_H
#define BENCH_PLAN_ROOT_H

/* The root of the checkout: BENCH_ROOT of the environment, which the launcher sets, else where this
 * was built. Never NULL; owned by nobody. */
const char *project_root(void);

#endif
