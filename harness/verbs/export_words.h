/* `--export FORMAT=FILE` of a run and of a gate. Called in the main process. */
#ifndef BENCH_VERBS_EXPORT_WORDS_H
#define BENCH_VERBS_EXPORT_WORDS_H

#include "base/why.h"
#include "command/words.h"

#include <jansson.h>

/* Checks the words FORMAT=FILE of --export: each format must be known and take a gate if `gate` says that the result is
 * one, and each file must be writable and named by no other word. Returns 0, or -errno with `why`. */
int export_words_check(const struct words *words, bool gate, const struct why *why);

/* Writes all files of these words, even if some of them fail. Returns 0, or -errno with `why` of the last failure. */
int export_words_write(const struct words *words, const json_t *result, const struct why *why);

#endif
