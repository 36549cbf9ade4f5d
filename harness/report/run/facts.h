/* Facts about a run: what was run, on which machine, how. Each is one line of plain text, as the run file has it.
 *
 * The functions write nothing if the file knows nothing. Texts are not escaped. */
#ifndef BENCH_REPORT_RUN_FACTS_H
#define BENCH_REPORT_RUN_FACTS_H

#include "report/run/rows.h"

/* "resize, hash" */
void facts_workloads(FILE *out, const struct rows *rows);

/* "resize: 48 items; hash: 16 of 64 items" */
void facts_items(FILE *out, const struct rows *rows);

/* "Intel Xeon Processor, 2 processors, Linux 6.18.5" */
void facts_machine(FILE *out, const struct rows *rows);

/* The command line, quoted for a shell (bash, zsh), on one line whatever it contains. */
void facts_command(FILE *out, const struct rows *rows);

/* Parameters and input folder of each workload that has any: "size=300x300, input='pics'". */
void facts_params(FILE *out, const struct rows *rows);

/* "interrupted by SIGINT" */
void facts_interrupted(FILE *out, const struct rows *rows);

/* One of these facts as a string, owned by the caller; NULL without memory. */
typedef void fact_writer(FILE *out, const struct rows *rows);
char *fact_text(fact_writer *write, const struct rows *rows);

#endif
