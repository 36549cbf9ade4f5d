/* JPEG files of the workload `resize`: decoded at two scales, made smaller, and encoded again. */
#include "tests/fuzz/fuzz.h"
#include "tests/pictures.h"
#include "workloads/parts/jpeg.h"

#include <errno.h>
#include <stdlib.h>

#define SIDE 16 /* of the output */

static void convert(struct bytes jpeg, uint32_t least)
{
	static uint8_t pixels[4 * SIDE * SIDE], out[16384];
	struct image large, small = { .width = SIDE, .height = SIDE, .pixels = pixels };
	struct buffer file = { .data = out, .capacity = jpeg_bound(SIDE, SIDE) };
	struct jpeg_why why = { "" };
	int err = jpeg_decode(jpeg, least, least, &large, &why);

	if (err && err != -ENOMEM && !why.text[0])
		abort();
	if (err && large.pixels)
		abort();
	if (!err && (resample(&large, &small) || jpeg_encode(&small, 75, &file)))
		abort();
	free(large.pixels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	convert((struct bytes){ data, size }, 1);
	convert((struct bytes){ data, size }, PICTURE_SIDE); /* large ones are scaled down, or would take too long */
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	for (size_t i = 0; i < PICTURES; i++) {
		uint8_t jpeg[PICTURE_MOST];

		add(context, jpeg, picture_bake(&picture_recipes[i], jpeg));
	}
}
