/* The contract of an export: a result in a format that other tools read. One file in store/exports/ defines one.
 *
 * An export gets a result file that was read and checked, and asks for nothing else. It takes values of a wrong type as
 * not known, and leaves out what is not known, so that no NaN gets into a file. It calls cells by their ids, which stay
 * from run to run: readers that keep series know them by name. */
#ifndef BENCH_MODEL_EXPORT_H
#define BENCH_MODEL_EXPORT_H

#include <jansson.h>
#include <stdbool.h>

struct writer; /* base/writer.h */

/* clang-format takes `export` for a word of C++. */
/* clang-format off */
struct export {
	const char *name;
	const char *suffix;  /* what its files' names usually end with, without the dot: "json" */
	const char *summary; /* one line for `bench list exports` */
	bool measured_only;  /* the format has no place for cells without numbers: who exports says which they are */

	/* Writes a run: every cell of it, but for `measured_only`. Called in the main process, single-threaded; errors
	 * stay in the writer. */
	void (*write_run)(struct writer *out, const json_t *run);

	/* The same for a gate. NULL: the format has no place for verdicts. */
	void (*write_gate)(struct writer *out, const json_t *gate);
};

#endif
