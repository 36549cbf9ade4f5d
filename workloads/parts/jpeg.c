#include "workloads/parts/jpeg.h"

#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#define MOST_PIXELS 100000000u
#define MOST_SCANS 100 /* programs write ten */

/* libjpeg reports an error by a call that must not return. */
struct errors {
	struct jpeg_error_mgr manager; /* comes first, so that libjpeg's pointer to it points to the struct, too */
	struct jpeg_progress_mgr progress;
	jmp_buf escape;
	int error; /* -errno */
	struct jpeg_why why;
};

static void fail(j_common_ptr codec)
{
	struct errors *errors = (struct errors *)codec->err;
	char *why = errors->why.text;

	codec->err->format_message(codec, why);
	if (islower((unsigned char)why[1]))
		why[0] = (char)tolower((unsigned char)why[0]);
	errors->error = codec->err->msg_code == JERR_OUT_OF_MEMORY ? -ENOMEM : -EBADMSG;
	longjmp(errors->escape, 1);
}

static void warn(j_common_ptr codec, int level)
{
	bool harmless = codec->err->msg_code == JWRN_EXTRANEOUS_DATA; /* many cameras pad their files */

	if (level < 0 && !harmless)
		fail(codec);
}

/* A small file can have so many scans that it takes minutes. libjpeg calls this again and again while it reads them. */
static void count_scans(j_common_ptr codec)
{
	struct errors *errors = (struct errors *)codec->err;

	if (((j_decompress_ptr)codec)->input_scan_number <= MOST_SCANS)
		return;
	snprintf(errors->why.text, sizeof(errors->why.text), "more than %d scans", MOST_SCANS);
	errors->error = -EFBIG;
	longjmp(errors->escape, 1);
}

static struct jpeg_error_mgr *errors_init(struct errors *errors)
{
	jpeg_std_error(&errors->manager);
	errors->manager.error_exit = fail;
	errors->manager.emit_message = warn;
	errors->progress.progress_monitor = count_scans;
	return &errors->manager;
}

/* Checks the sizes that the header claims before any memory is allocated for them. Bytes between the first two markers
 * are an error to Pillow, not to libjpeg. */
static int decode_begin(struct jpeg_decompress_struct *d, struct bytes jpeg, uint32_t least_width,
			uint32_t least_height, struct jpeg_why *why)
{
	jpeg_mem_src(d, jpeg.data, jpeg.size);
	jpeg_read_header(d, TRUE);
	if (((const uint8_t *)jpeg.data)[2] != 0xff) {
		snprintf(why->text, sizeof(why->text), "stray bytes before its first marker");
		return -EBADMSG;
	}
	if ((uint64_t)d->image_width * d->image_height > MOST_PIXELS) {
		snprintf(why->text, sizeof(why->text), "larger than 100 megapixels: %ux%u", d->image_width,
			 d->image_height);
		return -EFBIG;
	}
	if (d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK)
		d->out_color_space = JCS_CMYK; /* libjpeg does not convert it to RGB */
	else
		d->out_color_space = JCS_EXT_RGBX;
	/* The scales between these powers of two have no vector code: 6/8 takes 1.5 times as long as 8/8. */
	d->scale_denom = 8;
	for (d->scale_num = 1; d->scale_num < 8; d->scale_num *= 2) {
		jpeg_calc_output_dimensions(d);
		if (d->output_width >= least_width && d->output_height >= least_height)
			break;
	}
	return 0;
}

static void cmyk_to_rgb(uint8_t *row, uint32_t width)
{
	for (uint8_t *p = row; p < row + 4 * (size_t)width; p += 4) {
		for (int c = 0; c < 3; c++)
			p[c] = (uint8_t)((p[c] * p[3] + 127) / 255);
	}
}

static int decode_rows(struct jpeg_decompress_struct *d, struct image *image)
{
	jpeg_start_decompress(d);
	*image = (struct image){ .width = d->output_width, .height = d->output_height };
	image->pixels = malloc(4 * (size_t)d->output_width * d->output_height);
	if (!image->pixels)
		return -ENOMEM;
	while (d->output_scanline < d->output_height) {
		JSAMPROW row = image->pixels + 4 * (size_t)d->output_scanline * d->output_width;

		jpeg_read_scanlines(d, &row, 1);
		if (d->out_color_space == JCS_CMYK)
			cmyk_to_rgb(row, d->output_width);
	}
	jpeg_finish_decompress(d);
	return 0;
}

int jpeg_decode(struct bytes jpeg, uint32_t least_width, uint32_t least_height, struct image *image,
		struct jpeg_why *why)
{
	struct jpeg_decompress_struct d;
	struct errors errors;

	*image = (struct image){ 0 };
	errors.why.text[0] = '\0';
	d.err = errors_init(&errors);
	if (setjmp(errors.escape) == 0) {
		jpeg_create_decompress(&d);
		d.progress = &errors.progress;
		errors.error = decode_begin(&d, jpeg, least_width, least_height, &errors.why);
		if (errors.error == 0)
			errors.error = decode_rows(&d, image);
	}
	jpeg_destroy_decompress(&d);
	if (errors.error) {
		free(image->pixels);
		image->pixels = NULL;
	}
	if (why)
		*why = errors.why;
	return errors.error;
}

/* The output must not leave its buffer; jpeg_mem_dest() would allocate a larger one. */
static void output_begin(j_compress_ptr c)
{
	(void)c;
}

static boolean output_full(j_compress_ptr c)
{
	struct errors *errors = (struct errors *)c->err;

	errors->error = -EMSGSIZE;
	longjmp(errors->escape, 1);
}

static void output_end(j_compress_ptr c)
{
	(void)c;
}

static void encode_rows(struct jpeg_compress_struct *c, const struct image *image, int quality)
{
	c->image_width = image->width;
	c->image_height = image->height;
	c->input_components = 4;
	c->in_color_space = JCS_EXT_RGBX;
	jpeg_set_defaults(c); /* 4:2:0 among them */
	jpeg_set_quality(c, quality, TRUE);
	jpeg_start_compress(c, TRUE);
	while (c->next_scanline < c->image_height) {
		JSAMPROW row = image->pixels + 4 * (size_t)c->next_scanline * image->width;

		jpeg_write_scanlines(c, &row, 1);
	}
	jpeg_finish_compress(c);
}

int jpeg_encode(const struct image *image, int quality, struct buffer *jpeg)
{
	struct jpeg_destination_mgr output = {
		.next_output_byte = jpeg->data,
		.free_in_buffer = jpeg->capacity,
		.init_destination = output_begin,
		.empty_output_buffer = output_full,
		.term_destination = output_end,
	};
	struct jpeg_compress_struct c;
	struct errors errors;

	c.err = errors_init(&errors);
	errors.error = 0;
	if (setjmp(errors.escape) == 0) {
		jpeg_create_compress(&c);
		c.dest = &output;
		encode_rows(&c, image, quality);
		jpeg->size = jpeg->capacity - output.free_in_buffer;
	}
	jpeg_destroy_compress(&c);
	return errors.error;
}

size_t jpeg_bound(uint32_t width, uint32_t height)
{
	size_t columns = (width + 15u) / 16, rows = (height + 15u) / 16;

	return columns * rows * 16 * 16 * 3 + 2048; /* as libjpeg-turbo's tjBufSize() has it for 4:2:0 */
}
