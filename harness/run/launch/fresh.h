/* The main function of a process that was started afresh (run/launch/spawned.h): a worker, or the server that forks
 * workers. */
#ifndef BENCH_RUN_LAUNCH_FRESH_H
#define BENCH_RUN_LAUNCH_FRESH_H

/* Called for `bench --worker FD WHAT WORKER`. Returns the exit status. */
int fresh_main(int argc, char **argv);

#endif
