/* Writes pictures as parts of an HTML page. */
#ifndef BENCH_REPORT_KIT_SVG_H
#define BENCH_REPORT_KIT_SVG_H

#include <stdio.h>

/* Writes folder/NAME.svg as an element: without the XML declaration, and with NAME before the ids of its parts, so that
 * several pictures on one page have different ids. Returns 0 or -errno. */
int svg_inline(FILE *out, const char *folder, const char *name);

#endif
