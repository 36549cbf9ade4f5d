/* JPEG in and out of memory, by libjpeg-turbo. Any thread may call these at any time. */
#ifndef BENCH_WORKLOADS_PARTS_JPEG_H
#define BENCH_WORKLOADS_PARTS_JPEG_H

#include "workloads/parts/resample.h"
#include "workloads/workload.h"

/* libjpeg's own limit on a message is 200 bytes. */
struct jpeg_why {
	char text[256];
};

/* Decodes `jpeg` at the smallest of the scales 1/8, 1/4, 1/2 that leaves its sides at least
 * `least_width` and `least_height`, or in full. Grey and CMYK become RGB (CMYK taken as inverted, as
 * Adobe writes it and Pillow reads it); EXIF is ignored. The caller frees `image->pixels`.
 * Returns 0; -EBADMSG: no JPEG, or some of it is lost (also where libjpeg only warns, as of a file
 * that ends early); -EFBIG: over 100 megapixels; -ENOMEM. After the first two `why`, which may be
 * NULL, says more. */
int jpeg_decode(struct bytes jpeg, uint32_t least_width, uint32_t least_height, struct image *image,
		struct jpeg_why *why);

/* Writes `image` to `jpeg` as a baseline JPEG with colours at half resolution (4:2:0); sets its size.
 * `quality` is 1 to 100. Returns 0, -EMSGSIZE: its capacity is too small, or -ENOMEM. */
int jpeg_encode(const struct image *image, int quality, struct buffer *jpeg);

/* A capacity that suffices for any picture of these sides. */
size_t jpeg_bound(uint32_t width, uint32_t height);

#endif
