/* What the makers of remarks share. */
#ifndef BENCH_REPORT_REMARKS_PARTS_H
#define BENCH_REPORT_REMARKS_PARTS_H

#include "report/remarks.h"

/* The remark with this subject and text, new if there is none yet; NULL without memory. */
struct remark *remark_on(struct remarks *remarks, const char *subject, const char *text);

#endif
