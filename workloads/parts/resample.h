/* A picture made larger or smaller: separable bicubic, antialiased.
 *
 * The filter is that of Pillow's Image.resize(): cubic convolution with a = -0.5 (Keys, IEEE
 * Transactions on ASSP 29, 1981), stretched by the scale when the picture shrinks, so that every
 * pixel counts. Weights of pixels beyond an edge are given to those inside. */
#ifndef BENCH_WORKLOADS_PARTS_RESAMPLE_H
#define BENCH_WORKLOADS_PARTS_RESAMPLE_H

#include <stdint.h>

/* 8-bit RGB, 4 bytes a pixel of which the last carries nothing; rows from the top, without gaps. */
struct image {
	uint32_t width, height; /* pixels */
	uint8_t *pixels;
};

/* Fills `to`, whose sides and pixels are the caller's, with `from` stretched to its sides (1 and up).
 * Any thread may call it at any time. Returns 0 or -ENOMEM. */
int resample(const struct image *from, struct image *to);

#endif
