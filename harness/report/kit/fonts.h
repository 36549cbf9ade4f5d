/* Which characters the installed fonts can show. */
#ifndef BENCH_REPORT_KIT_FONTS_H
#define BENCH_REPORT_KIT_FONTS_H

/* Replaces, in UTF-8 text, each character that no installed font has by '?': gnuplot draws such a character into a PNG
 * as a shape larger than the picture. Asks fontconfig's program fc-list, if there is need to; without it only ASCII is
 * left. Returns 0 or -ENOMEM. Only for single-threaded callers. */
int fonts_replace(char *text);

#endif
