/* What was run, on what, and when: one line of plain text each, as the run file has it.
 *
 * Each writes nothing where the file knows nothing. Texts are not escaped. */
#ifndef BENCH_REPORT_RUN_FACTS_H
#define BENCH_REPORT_RUN_FACTS_H

#include "report/run/rows.h"

/* "resize, hash" */
void facts_workloads(FILE *out, const struct rows *rows);

/* "resize: 48 items; hash: 64 items" */
void facts_items(FILE *out, const struct rows *rows);

/* "Intel Xeon Processor, 2 processors, Linux 6.18.5" */
void facts_machine(FILE *out, const struct rows *rows);

/* The command line, quoted as a shell (bash, zsh) reads it, on one line whatever is in it. */
void facts_command(FILE *out, const struct rows *rows);

/* Parameters and input folder of the cells, "size=300x300, input='pics'"; for each workload that has any. */
void facts_params(FILE *out, const struct rows *rows);

/* "interrupted by SIGINT" */
void facts_interrupted(FILE *out, const struct rows *rows);

/* Any of the above as a string, owned by the caller; NULL without memory. */
typedef void fact_writer(FILE *out, const struct rows *rows);
char *fact_text(fact_writer *write, const struct rows *rows);

#endif
