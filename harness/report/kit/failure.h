/* Says how something has failed. */
#ifndef BENCH_REPORT_KIT_FAILURE_H
#define BENCH_REPORT_KIT_FAILURE_H

#include <jansson.h>
#include <stddef.h>

/* Writes how something has failed, from a failure in a result file: "lost worker: ... (pid 4711, SIGKILL)". */
void failure_text(char *text, size_t size, const json_t *failure);

#endif
