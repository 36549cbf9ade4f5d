/* What the terminal or file behind a stream can show: how wide it is, whether it has colours and a µ. */
#ifndef BENCH_BASE_TERMINAL_H
#define BENCH_BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

struct terminal {
	unsigned width;    /* columns: COLUMNS, else the terminal's, else 120 */
	bool live;         /* it is a terminal on which a line can be rewritten */
	bool colour;       /* live, and NO_COLOR is not set */
	const char *micro; /* "µs", or "us" where the locale is not UTF-8 */
};

struct terminal terminal_of(FILE *out);

#endif
