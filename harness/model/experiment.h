/* The contract of an experiment: a measurement of one part of the machine or of bench itself, outside of
 * the runs. One file in experiments/ defines one. */
#ifndef BENCH_MODEL_EXPERIMENT_H
#define BENCH_MODEL_EXPERIMENT_H

struct experiment {
	const char *name;
	const char *summary; /* one line for `bench experiment` */

	/* Called in the main process, single-threaded, with argv[0] the experiment's name and its own
	 * arguments behind it. Prints its result to stdout. Returns 0; 1: a part of it failed, and the result
	 * says which and why; or -errno after it has said why on stderr (-EINVAL: wrong usage). */
	int (*run)(int argc, char **argv);
};

#endif
