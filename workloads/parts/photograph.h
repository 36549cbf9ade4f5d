/* A generated picture that costs a JPEG codec and a filter as much as a real photograph does.
 *
 * It is painted as "dead leaves" (Lee, Mumford, Huang, Int. J. of Computer Vision 41, 2001): shapes ("leaves")
 * of all sizes hide each other, as things do in natural pictures; their number falls with the cube of the
 * radius. The leaves carry gradients and fractal texture; those far away are out of focus; lens and sensor add
 * blur and noise. */
#ifndef BENCH_WORKLOADS_PARTS_PHOTOGRAPH_H
#define BENCH_WORKLOADS_PARTS_PHOTOGRAPH_H

#include "workloads/parts/resample.h"

#define PHOTOGRAPH_WIDTH 1600
#define PHOTOGRAPH_HEIGHT 1200

/* Paints photograph `number`. The same number gives the same pixels on every machine. The caller frees
 * image->pixels. Returns 0 or -ENOMEM. */
int photograph_paint(uint32_t number, struct image *image);

#endif
