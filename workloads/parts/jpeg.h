/* Decodes and encodes JPEG in memory, by libjpeg-turbo. Any thread may call these functions at any time. */
#ifndef BENCH_WORKLOADS_PARTS_JPEG_H
#define BENCH_WORKLOADS_PARTS_JPEG_H

#include "workloads/parts/resample.h"
#include "workloads/workload.h"

/* What is wrong with a picture. (libjpeg limits a message to 200 bytes.) */
struct jpeg_why {
	char text[256];
};

/* Decodes `jpeg` at the smallest of the scales 1/8, 1/4, 1/2, 1 at which its sides are still at least
 * `least_width` and `least_height`; if none is, at full size. The caller frees `image->pixels`.
 *
 * What is decoded is what Pillow's Image.open() and convert("RGB") give: grey and CMYK pictures become RGB; CMYK is
 * taken as inverted, with Adobe's marker APP14 or without; EXIF is ignored, its orientation, too; stray bytes before a
 * marker are skipped, but not before the first.
 *
 * Returns 0; -EBADMSG: `jpeg` is no JPEG, is of a kind that libjpeg does not decode to 8 bits (lossless, 12 bits), or
 * some of it is lost (also where libjpeg only warns, as it does of a file that ends early); -EFBIG: it has over 100
 * megapixels, or over 100 scans; or -ENOMEM. After -EBADMSG and -EFBIG `why`, which may be NULL, says more. */
int jpeg_decode(struct bytes jpeg, uint32_t least_width, uint32_t least_height, struct image *image,
		struct jpeg_why *why);

/* Encodes `image` as a baseline JPEG with colours at half resolution (4:2:0) into jpeg->data, and sets
 * jpeg->size. `quality` is 1 to 100. Returns 0; -EMSGSIZE: the capacity is too small; or -ENOMEM. */
int jpeg_encode(const struct image *image, int quality, struct buffer *jpeg);

/* Returns how many bytes suffice for any picture of these sides. */
size_t jpeg_bound(uint32_t width, uint32_t height);

#endif
