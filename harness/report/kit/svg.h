/* Pictures as part of an HTML page. */
#ifndef BENCH_REPORT_KIT_SVG_H
#define BENCH_REPORT_KIT_SVG_H

#include <stdio.h>

/* Writes folder/NAME.svg as an element: without the XML declaration, and with the ids of its parts begun
 * by NAME, so that several pictures on one page do not use each other's. Returns 0 or -errno. */
int svg_inline(FILE *out, const char *folder, const char *name);

#endif
