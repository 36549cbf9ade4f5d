/* The three standard streams, when the program begins and when it ends. Called in the main process. */
#ifndef BENCH_BASE_STREAMS_H
#define BENCH_BASE_STREAMS_H

/* Opens /dev/null for each stream that the program was started without, so that no file which it opens later becomes
 * one of them. The program calls it first of all. */
void streams_begin(void);

/* Writes what is still buffered for stdout. Returns `status`, or 2 after saying on stderr why this or an earlier write
 * to stdout failed. The program calls it last of all. */
int streams_end(int status);

#endif
