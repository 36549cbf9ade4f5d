/* Shows the progress of a run: one line on a terminal, which is rewritten again and again and erased at the end.
 *
 * If stderr is no terminal, nothing is written, or a line now and then; nothing if the user wants quiet.
 * Single-threaded. */
#ifndef BENCH_REPORT_KIT_PROGRESS_H
#define BENCH_REPORT_KIT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *err;         /* NULL: nothing is shown */
	bool lines;        /* it is no terminal: each line stays, and there are few */
	uint64_t shown_ns; /* when the line was last written, by CLOCK_MONOTONIC; 0: never */
};

void progress_begin(struct progress *progress, FILE *err, bool quiet);

/* As progress_begin(), but if `err` is no terminal, a line is written at once and every 10 s. */
void progress_begin_lines(struct progress *progress, FILE *err, bool quiet);

/* Shows how much is done and what is running. total_ns is 0 if it is not known how much there is to do. It may be
 * called often, as it writes at most five times a second. */
void progress_show(struct progress *progress, uint64_t done_ns, uint64_t total_ns, const char *running);

/* Erases the line, so that something else can be written; progress_show() may go on afterwards. */
void progress_erase(struct progress *progress);

/* Erases the line for good. */
void progress_end(struct progress *progress);

/* Makes the line, of at most `width` columns: "[#####     ]  48 %, 16 s left, resize/pool/2". */
void progress_line(char *line, size_t size, unsigned width, uint64_t done_ns, uint64_t total_ns, const char *running);

#endif
