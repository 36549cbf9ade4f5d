/* A made-up photograph: what a JPEG codec and a filter meet in a real one, without a real one.
 *
 * It is painted as "dead leaves" (Lee, Mumford, Huang, Int. J. of Computer Vision 41, 2001): shapes
 * of all sizes, their numbers falling with the cube of the radius, hide each other, as things do in
 * natural pictures. The leaves carry gradients and fractal texture; those far away are out of focus;
 * lens and sensor add their blur and noise. */
#ifndef BENCH_WORKLOADS_PARTS_PHOTOGRAPH_H
#define BENCH_WORKLOADS_PARTS_PHOTOGRAPH_H

#include "workloads/parts/resample.h"

#define PHOTOGRAPH_WIDTH 1600
#define PHOTOGRAPH_HEIGHT 1200

/* Paints photograph `number` into image->pixels, which is to be freed by the caller. The same number
 * gives the same pixels on every machine. Returns 0 or -ENOMEM. */
int photograph_paint(uint32_t number, struct image *image);

#endif
