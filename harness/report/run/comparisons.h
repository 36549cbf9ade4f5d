/* Remarks that compare cells of a run. Both functions return 0 or -ENOMEM. */
#ifndef BENCH_REPORT_RUN_COMPARISONS_H
#define BENCH_REPORT_RUN_COMPARISONS_H

#include "report/kit/remarks.h"
#include "report/run/rows.h"

/* Remarks where several chunks were measured: which one is best, compared with the preset; one for each way of running
 * and number of workers. */
int remarks_chunks(struct remarks *remarks, const struct rows *rows);

/* Remarks about references in other languages: how much is gained over each, in the work and in dispatch. */
int remarks_references(struct remarks *remarks, const struct rows *rows);

#endif
