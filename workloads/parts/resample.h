/* Makes a picture larger or smaller by a separable bicubic filter with antialiasing.
 *
 * The filter is that of Pillow's Image.resize(): cubic convolution with a = -0.5 (Keys, IEEE Transactions on
 * ASSP 29, 1981), stretched by the scale when the picture shrinks, so that every pixel counts. The weights of
 * pixels beyond an edge are given to those inside. */
#ifndef BENCH_WORKLOADS_PARTS_RESAMPLE_H
#define BENCH_WORKLOADS_PARTS_RESAMPLE_H

#include <stdint.h>

/* 8-bit RGB in 4 bytes a pixel, of which the last is unused; rows from the top, without gaps. */
struct image {
	uint32_t width, height; /* pixels */
	uint8_t *pixels;
};

/* Fills `to` with `from`, stretched to the sides of `to`. The caller has set the sides of `to` (at least 1) and
 * owns its pixels. Any thread may call it at any time. Returns 0 or -ENOMEM. */
int resample(const struct image *from, struct image *to);

#endif
