/* Exports of a result to files: finding the format, checking the file, writing. Called in the main process. */
#ifndef BENCH_STORE_EXPORTS_EXPORT_H
#define BENCH_STORE_EXPORTS_EXPORT_H

#include "base/writer.h"
#include "command/words.h"
#include "model/export.h"

/* The exports of this build. */
extern const struct vocabulary export_names;

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

/* Calls `tell` for each cell of a run that the export has no place for. Strings are borrowed from the run; `reason`:
 * why the cell has no numbers, NULL if none was given. */
void export_left_out(const struct export *export, const json_t *run,
		     void (*tell)(void *context, const char *name, const char *status, const char *reason),
		     void *context);

/* The same as export_write() into a writer, whose file stays open; errors stay in it. */
void export_fill(const struct export *export, const json_t *result, struct writer *out);

#endif
