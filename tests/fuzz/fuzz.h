/* What a fuzzing driver is: one file tests/fuzz/NAME.c that feeds bytes to one reader of the program, as libFuzzer
 * wants it. The same file is linked in two ways:
 *
 *   with libfuzzer.c   by clang and its libFuzzer: tests/fuzz/run.sh, for minutes or hours
 *   with replay.c      by any compiler, without libFuzzer: the suite `fuzz`, for seconds, always the same inputs
 *
 * What a driver was once wrong about lies in tests/fuzz/found/ as NAME-*, and both try it first. */
#ifndef BENCH_TESTS_FUZZ_H
#define BENCH_TESTS_FUZZ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Reads the bytes, and aborts if what was read is not as it must be. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Calls `add` for each of a few small inputs that are right: what mutations begin with. */
typedef void seed_taker(void *context, const void *data, size_t size);
void fuzz_seeds(seed_taker *add, void *context);

/* Changes the bytes in place, to at most `most`; returns their number. The driver may have one of its own, which knows
 * what its reader reads; LLVMFuzzerMutate() knows only bytes, and the other two call it. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* Gives the bytes a name that a reader of files can open, until the next call. */
const char *fuzz_file(const void *data, size_t size);

/* A folder that is removed at the end. */
const char *fuzz_folder(void);

/* A stream that goes nowhere. */
FILE *fuzz_nowhere(void);

/* Reads a document of tests/data/ and makes it small: of each list the first entries stay. */
json_t *fuzz_document(const char *name);

/* Adds a document as text to the seeds, and frees it. */
void fuzz_add_json(seed_taker *add, void *context, json_t *document);

#endif
