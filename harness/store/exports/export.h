/* The contract of an export: a result in a format that other tools read. One file in store/exports/ defines one.
 *
 * An export reads what store_read() and stored_gate_read() accepted and nothing else. Values of a wrong type count as
 * not known; what is not known is left out, so that no NaN gets into a file. Names of cells are their ids, which stay
 * from run to run: readers that keep series know them by name. */
#ifndef BENCH_STORE_EXPORTS_EXPORT_H
#define BENCH_STORE_EXPORTS_EXPORT_H

#include "command/words.h"
#include "base/writer.h"

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
/* clang-format on */

/* The export of this build that has the name; NULL with `why`: there is none, and which there are, or it takes no gate
 * where `gate` says that one comes. */
const struct export *export_find(const char *name, bool gate, const struct why *why);

/* Whether `file` could be written by export_write(), as far as one can tell without doing it. Returns 0, or -errno
 * with `why`. */
int export_check(const char *file, const struct why *why);

/* Writes a run, or a gate if the export takes one, to `file`: in place of what was there, as file_put() does;
 * what is no regular file (a pipe, a device) is written to as it is. Returns 0, or -errno with `why`: -ENOSPC where
 * the disk is full. The caller ignores SIGXFSZ. */
int export_write(const struct export *export, const json_t *result, const char *file, const struct why *why);

/* What --export FORMAT=FILE asks for, once for each word: whether each format is known, takes a gate if that is what
 * comes, and can be written to a file that no other word names. Returns 0, or -errno with `why`. */
int export_words_check(const struct words *words, bool gate, const struct why *why);

/* Writes them all, whether or not some cannot be. Returns 0, or -errno with `why` of the last that could not. */
int export_words_write(const struct words *words, const json_t *result, const struct why *why);

/* The same as export_write() into a writer, whose file stays open; errors stay in it. */
void export_fill(const struct export *export, const json_t *result, struct writer *out);

#endif
