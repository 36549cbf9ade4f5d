/* The contract of an export: a result in a format that other tools read. One file in store/exports/ defines one.
 *
 * An export gets a result file that was read and checked, and uses nothing else. Values of a wrong type count as not
 * known, and what is not known is left out, so that no NaN gets into a file. Cells are called by their ids, which stay
 * from run to run: readers that keep series know cells by name. */
#ifndef BENCH_MODEL_EXPORT_H
#define BENCH_MODEL_EXPORT_H

#include <jansson.h>
#include <stdbool.h>

struct writer; /* base/writer.h */

/* clang-format takes `export` for a word of C++. */
/* clang-format off */
struct export {
	const char *name;
	const char *suffix;  /* the usual end of its files' names, without the dot: "json" */
	const char *summary; /* one line for `bench list exports` */
	bool measured_only;  /* the format has no place for cells without numbers (export_left_out()) */

	/* Writes every cell of a run, or with `measured_only` every one that has numbers. Called in the main process,
	 * single-threaded; errors stay in the writer. */
	void (*write_run)(struct writer *out, const json_t *run);

	/* Writes a gate. Called as write_run() is. NULL: the format has no place for verdicts. */
	void (*write_gate)(struct writer *out, const json_t *gate);
};

#endif
