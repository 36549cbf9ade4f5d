/* The three standard streams, at both ends of the program. In the main process. */
#ifndef BENCH_BASE_STREAMS_H
#define BENCH_BASE_STREAMS_H

/* Fills those that the caller closed, so that no file which a run opens becomes one of them. First of all. */
void streams_begin(void);

/* Writes what stdout still holds. Returns `status`, or 2 after saying why that or any earlier write to
 * stdout failed. Last of all. */
int streams_end(int status);

#endif
