/* Times as people type and read them. Pure functions. */
#ifndef BENCH_BASE_DURATION_H
#define BENCH_BASE_DURATION_H

#include <stdint.h>

/* Writes a time in whole units: "4 min", "90 s", "500 ms"; or as options take it, "4m", "90s", "500ms". */
#define DURATION_TEXT 32
const char *duration_text(char text[DURATION_TEXT], uint64_t ns);
const char *duration_option(char text[DURATION_TEXT], uint64_t ns);

/* A budget that people would type, no less than `ns`: full tens of seconds to a minute, half minutes to four, minutes
 * to twenty, then ten minutes. Whatever advises a --budget rounds it by this. */
uint64_t duration_round_up(double ns);

#endif
