/* Small JPEG files of every kind that cameras, scanners and programs write: for unit tests, as seeds for fuzzing, and
 * as files (tests/pictures.c). All show the same: the left half has the recipe's colour, the right half is dark. */
#ifndef BENCH_TESTS_PICTURES_H
#define BENCH_TESTS_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#define PICTURE_SIDE 64
#define PICTURE_MOST 65536 /* bytes */

struct recipe {
	const char *name;
	J_COLOR_SPACE space, stored;
	uint8_t colour[4];
	int components;
	boolean progressive;
	unsigned scans;     /* of a progressive one; 0: libjpeg's usual ten */
	bool without_adobe; /* without the marker APP14, which says how colours are stored */
	bool arithmetic;
	uint8_t orientation;           /* in EXIF; 0: there is none */
	const char *stray, *stray_soi; /* bytes between the first marker's segment and the next, and before the first */
	uint8_t frame, precision; /* the marker of the frame and its bits, in place of the right ones; 0: they stay */
};

#define PICTURE_RGB .space = JCS_RGB, .stored = JCS_YCbCr, .colour = { 200, 100, 50 }, .components = 3
#define PICTURE_CMYK .space = JCS_CMYK, .colour = { 200, 100, 50, 255 }, .components = 4

static const struct recipe picture_recipes[] = {
	{ "rgb", PICTURE_RGB },
	{ "grey", JCS_GRAYSCALE, JCS_GRAYSCALE, { 99 }, .components = 1 },
	{ "plain", JCS_RGB, JCS_RGB, { 10, 220, 130 }, .components = 3 },
	{ "progressive", PICTURE_RGB, .progressive = TRUE },
	{ "cmyk", PICTURE_CMYK, .stored = JCS_CMYK },
	{ "cmyk-without-adobe", PICTURE_CMYK, .stored = JCS_CMYK, .without_adobe = true },
	{ "ycck", PICTURE_CMYK, .stored = JCS_YCCK },
	{ "arithmetic", PICTURE_RGB, .arithmetic = true },
	{ "lying", PICTURE_RGB, .orientation = 6 },
	{ "stray", PICTURE_RGB, .stray = "stray" },
	/* those that are left out */
	{ "stray-at-once", PICTURE_RGB, .stray_soi = "stray" },
	{ "lossless", PICTURE_RGB, .frame = 0xc3 },
	{ "12-bit", PICTURE_RGB, .precision = 12 },
	{ "scans", PICTURE_RGB, .progressive = TRUE, .scans = 1000 },
};

#define PICTURES (sizeof(picture_recipes) / sizeof(*picture_recipes))
#define PICTURES_USABLE 10 /* the first of them */

/* Sends each coefficient alone, and of each first the highest bit and then bit by bit: 11 scans a coefficient. */
static inline size_t picture_script(jpeg_scan_info *script, unsigned scans)
{
	size_t count = 0;

	script[count++] = (jpeg_scan_info){ .comps_in_scan = 3, .component_index = { 0, 1, 2 } };
	for (int component = 0; component < 3; component++)
		for (int k = 1; k < 64; k++)
			for (int bit = 10; bit >= 0 && count < scans; bit--)
				script[count++] = (jpeg_scan_info){ .comps_in_scan = 1,
								    .component_index = { component },
								    .Ss = k,
								    .Se = k,
								    .Ah = bit == 10 ? 0 : bit + 1,
								    .Al = bit };
	return count;
}

static inline void picture_exif(struct jpeg_compress_struct *c, uint8_t orientation)
{
	uint8_t exif[] = "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\0\0\0\0\0\0\0";

	exif[25] = orientation;
	jpeg_write_marker(c, JPEG_APP0 + 1, exif, sizeof(exif) - 1);
}

static inline void picture_rows(struct jpeg_compress_struct *c, const struct recipe *recipe)
{
	uint8_t row[PICTURE_SIDE * 4] = { 0 };
	JSAMPROW rows = row;

	for (int i = 0; i < PICTURE_SIDE * recipe->components; i++)
		row[i] = recipe->colour[i % recipe->components] / (i < PICTURE_SIDE / 2 * recipe->components ? 1 : 8);
	while (c->next_scanline < c->image_height)
		jpeg_write_scanlines(c, &rows, 1);
}

static inline size_t picture_insert(uint8_t *jpeg, size_t size, size_t at, const char *text)
{
	memmove(jpeg + at + strlen(text), jpeg + at, size - at);
	memcpy(jpeg + at, text, strlen(text));
	return size + strlen(text);
}

/* Makes the file wrong where the recipe wants it so. */
static inline size_t picture_spoil(const struct recipe *recipe, uint8_t *jpeg, size_t size)
{
	const uint8_t first = recipe->arithmetic ? 0xc9 : 0xc0; /* of three markers of frames */
	size_t at = 2;

	while (jpeg[at + 1] < first || jpeg[at + 1] > first + 2)
		at += 2u + 256u * jpeg[at + 2] + jpeg[at + 3];
	if (recipe->frame)
		jpeg[at + 1] = recipe->frame;
	if (recipe->precision)
		jpeg[at + 4] = recipe->precision;
	if (recipe->stray)
		size = picture_insert(jpeg, size, 4u + 256u * jpeg[4] + jpeg[5], recipe->stray);
	return recipe->stray_soi ? picture_insert(jpeg, size, 2, recipe->stray_soi) : size;
}

/* Writes the file; returns its size in bytes. */
static inline size_t picture_bake(const struct recipe *recipe, uint8_t jpeg[PICTURE_MOST])
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	jpeg_scan_info script[1024];
	unsigned char *out = jpeg;
	unsigned long size = PICTURE_MOST;

	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &out, &size);
	c.image_width = c.image_height = PICTURE_SIDE;
	c.input_components = recipe->components;
	c.in_color_space = recipe->space;
	jpeg_set_defaults(&c);
	jpeg_set_colorspace(&c, recipe->stored);
	jpeg_set_quality(&c, 95, TRUE);
	if (recipe->progressive)
		jpeg_simple_progression(&c);
	if (recipe->scans) {
		c.num_scans = (int)picture_script(script, recipe->scans);
		c.scan_info = script;
	}
	c.arith_code = recipe->arithmetic;
	c.write_Adobe_marker = c.write_Adobe_marker && !recipe->without_adobe;
	jpeg_start_compress(&c, TRUE);
	if (recipe->orientation)
		picture_exif(&c, recipe->orientation);
	picture_rows(&c, recipe);
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	if (out != jpeg)
		abort();
	return picture_spoil(recipe, jpeg, size);
}

#endif
