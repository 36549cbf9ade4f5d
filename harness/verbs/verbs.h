/* The verbs of the command line, one file each beside main.c. Each is called in the main process,
 * single-threaded, with argv[0] the verb's own name, and returns the exit status. */
#ifndef BENCH_VERBS_VERBS_H
#define BENCH_VERBS_VERBS_H

/* 0 done, 1 regressed, 2 wrong usage or environment, 3 some cell failed, 4 cannot tell. */
enum exit_status { EXIT_DONE = 0, EXIT_REGRESSED = 1, EXIT_USAGE = 2, EXIT_CELL_FAILED = 3, EXIT_CANNOT_TELL = 4 };

int verb_run(int argc, char **argv);        /* options of a run, no verb: `bench --workload resize` */
int verb_list(int argc, char **argv);       /* what the registries hold */
int verb_machine(int argc, char **argv);    /* topology, limits, counters that count, noise */
int verb_report(int argc, char **argv);     /* draws and writes the report of a run again */
int verb_compare(int argc, char **argv);    /* holds runs against each other */
int verb_gate(int argc, char **argv);       /* whether one build, command or object is slower than another */
int verb_history(int argc, char **argv);    /* runs by commit, and where they changed */
int verb_export(int argc, char **argv);     /* writes a run or a gate in a format of other tools */
int verb_experiment(int argc, char **argv); /* measures a part of the machine or of bench itself */
int verb_help(int argc, char **argv);       /* help with examples */
int verb_cell(int argc, char **argv);       /* `--cell FD`: one invocation; started by the supervisor */
int verb_worker(int argc, char **argv);     /* `--worker FD WHAT WORKER`, argv[0] the program's: started by a cell */

#endif
