#include "workloads/parts/photograph.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define TILE 512u  /* side of the texture, a power of two */
#define PALETTE 6u /* colours of a photograph */
#define FAR 4u     /* leaves out of focus are painted smaller by this factor */
#define BLUR 4u    /* and then blurred by this one */
#define FAR_LEAVES 100u
#define NEAR_LEAVES 250u /* at most */

struct leaf {
	bool straight; /* it is a parallelogram, else an ellipse */
	int32_t x, y;  /* centre */
	int32_t radius;
	int32_t stretch, skew; /* width and slant, in 1/16 of the height */
	int32_t colour[3];
	int32_t slope_x, slope_y;        /* of the brightness, 1/128 of the colour over 256 pixels */
	int32_t contrast;                /* of the texture, in 1/64 */
	uint32_t shift_x, shift_y, zoom; /* where the leaf lies on the texture */
};

struct scene {
	uint64_t random;
	int32_t palette[PALETTE][3];
	int16_t *texture;  /* TILE x TILE, mostly within -128 to 127 */
	uint16_t *leaf_at; /* for each pixel the number of the leaf on top, from 1; 0: there is none */
	struct leaf *leaves;
};

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t random_bits(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Returns a number from `low` to `high`, both included. */
static int32_t random_between(uint64_t *state, int32_t low, int32_t high)
{
	uint64_t range = (uint64_t)(high - low) + 1;

	return low + (int32_t)((random_bits(state) >> 32) * range >> 32);
}

static int32_t at_least(int32_t value, int32_t low)
{
	return value < low ? low : value;
}

static int32_t at_most(int32_t value, int32_t high)
{
	return value > high ? high : value;
}

static uint8_t to_byte(int32_t value)
{
	return (uint8_t)at_most(at_least(value, 0), 255);
}

static int16_t displace(struct scene *scene, int32_t middle, int32_t amplitude)
{
	return (int16_t)(middle + random_between(&scene->random, -amplitude, amplitude));
}

/* Makes the texture: fractal noise that repeats without a seam, by midpoint displacement (Fournier, Fussell,
 * Carpenter, Communications of the ACM 25, 1982). */
static void weave(struct scene *scene)
{
	int16_t *texture = scene->texture;
	int32_t amplitude = 72;

	texture[0] = 0;
	for (uint32_t step = TILE, half = TILE / 2; step > 1; step = half, half /= 2) {
		for (uint32_t y = 0; y < TILE; y += step) {
			int16_t *row = texture + y * TILE, *middle = row + half * TILE;
			const int16_t *next = texture + (y + step) % TILE * TILE;

			for (uint32_t x = 0; x < TILE; x += step) {
				uint32_t right = (x + step) % TILE;
				int32_t a = row[x], b = row[right], c = next[x], d = next[right];

				row[x + half] = displace(scene, (a + b) / 2, amplitude);
				middle[x] = displace(scene, (a + c) / 2, amplitude);
				middle[x + half] = displace(scene, (a + b + c + d) / 4, amplitude);
			}
		}
		amplitude = amplitude * 3 / 4;
	}
}

static void choose_palette(struct scene *scene)
{
	for (uint32_t i = 0; i < PALETTE; i++) {
		int32_t *colour = scene->palette[i];
		int32_t bright = random_between(&scene->random, 40, 210);
		int32_t warm = random_between(&scene->random, -40, 40);
		int32_t green = random_between(&scene->random, -20, 20);

		colour[0] = bright + warm;
		colour[1] = bright + green;
		colour[2] = bright - warm;
	}
}

/* Draws a radius from `least` to `most` by the inverse of the distribution, whose density falls with the cube. */
static int32_t choose_radius(uint64_t *random, int64_t least, int64_t most)
{
	int64_t u = random_between(random, 0, 65535), a = least * least, b = most * most;

	return (int32_t)sqrt((double)(a * b * 65536 / (b * 65536 - u * (b - a))));
}

static void grow(struct leaf *leaf, struct scene *scene, int32_t width, int32_t height)
{
	uint64_t *random = &scene->random;
	const int32_t *colour = scene->palette[random_between(random, 0, PALETTE - 1)];

	leaf->x = random_between(random, 0, width - 1);
	leaf->y = random_between(random, 0, height - 1);
	leaf->radius = choose_radius(random, height / 100 + 1, height / 3);
	leaf->stretch = random_between(random, 6, 32);
	leaf->skew = random_between(random, -12, 12);
	leaf->straight = random_between(random, 0, 2) == 0;
	for (int c = 0; c < 3; c++)
		leaf->colour[c] = colour[c] + random_between(random, -12, 12);
	leaf->slope_x = random_between(random, -24, 24);
	leaf->slope_y = random_between(random, -24, 24);
	leaf->contrast = random_between(random, 4, 48);
	leaf->shift_x = (uint32_t)random_between(random, 0, TILE - 1);
	leaf->shift_y = (uint32_t)random_between(random, 0, TILE - 1);
	leaf->zoom = (uint32_t)random_between(random, 0, 1);
}

/* Makes the leaf a backdrop that covers the whole picture. */
static void spread(struct leaf *leaf, int32_t width, int32_t height)
{
	leaf->straight = true;
	leaf->radius = width + height;
	leaf->stretch = 32;
	leaf->skew = 0;
	leaf->slope_y *= 3;
}

/* Marks the leaf's pixels with `number`, row by row. */
static void lay(const struct leaf *leaf, uint16_t number, uint16_t *leaf_at, int32_t width, int32_t height)
{
	int32_t r = leaf->radius;

	for (int32_t y = at_least(leaf->y - r, 0); y < at_most(leaf->y + r, height); y++) {
		int32_t dy = y - leaf->y;
		int32_t half = leaf->straight ? r : (int32_t)sqrt((double)(r * r - dy * dy));
		int32_t middle = leaf->x + dy * leaf->skew / 16;
		int32_t left = at_least(middle - half * leaf->stretch / 16, 0);
		int32_t right = at_most(middle + half * leaf->stretch / 16, width);

		for (int32_t x = left; x < right; x++)
			leaf_at[y * width + x] = number;
	}
}

/* Gives each pixel the colour of the leaf that covers it. */
static void shade(const struct scene *scene, struct image *image)
{
	const uint16_t *number = scene->leaf_at;
	uint8_t *p = image->pixels;

	for (int32_t y = 0; y < (int32_t)image->height; y++) {
		for (int32_t x = 0; x < (int32_t)image->width; x++, number++, p += 4) {
			const struct leaf *leaf = scene->leaves + *number - 1;
			uint32_t u, v;
			int32_t light;

			if (*number == 0)
				continue;
			u = (((uint32_t)x << leaf->zoom) + leaf->shift_x) % TILE;
			v = (((uint32_t)y << leaf->zoom) + leaf->shift_y) % TILE;
			light = ((x - leaf->x) * leaf->slope_x + (y - leaf->y) * leaf->slope_y) / 256;
			light += scene->texture[v * TILE + u] * leaf->contrast / 64;
			for (int c = 0; c < 3; c++)
				p[c] = to_byte(leaf->colour[c] * (128 + light) / 128);
		}
	}
}

static void paint(struct scene *scene, struct image *image, uint32_t leaves, bool backdrop)
{
	int32_t width = (int32_t)image->width, height = (int32_t)image->height;

	memset(scene->leaf_at, 0, sizeof(*scene->leaf_at) * image->width * image->height);
	for (uint32_t i = 0; i < leaves; i++) {
		struct leaf *leaf = scene->leaves + i;

		grow(leaf, scene, width, height);
		if (backdrop && i == 0)
			spread(leaf, width, height);
		lay(leaf, (uint16_t)(i + 1), scene->leaf_at, width, height);
	}
	shade(scene, image);
}

/* Spreads each point over its neighbours, as a lens and the colour filters of a sensor do. */
static void soften(struct image *image)
{
	size_t row = 4 * (size_t)image->width;
	uint8_t *end = image->pixels + row * (image->height - 1) - 4;

	for (uint8_t *p = image->pixels; p < end; p++)
		*p = (uint8_t)((p[0] + p[4] + p[row] + p[row + 4] + 2) / 4);
}

/* Adds the noise of a sensor; `noise` is in 1/8. */
static void expose(struct image *image, uint64_t *random, int32_t noise)
{
	enum { ROW = 4 * PHOTOGRAPH_WIDTH };
	uint64_t words[ROW / 8];
	const uint8_t *bytes = (const uint8_t *)words;
	uint8_t *row = image->pixels;

	for (uint32_t y = 0; y < image->height; y++, row += ROW) {
		for (size_t i = 0; i < ROW / 8; i++)
			words[i] = htole64(random_bits(random));
		for (size_t i = 0; i < ROW; i++) {
			int32_t grain = (bytes[i] & 15) - (bytes[i] >> 4);

			row[i] = to_byte(row[i] + grain * noise / 8);
		}
	}
}

/* Paints the backdrop and the leaves that are out of focus. */
static int paint_far(struct scene *scene, struct image *image)
{
	struct image far = { .width = image->width / FAR, .height = image->height / FAR };
	struct image blurred = { .width = far.width / BLUR, .height = far.height / BLUR };
	int error = -ENOMEM;

	far.pixels = malloc(4 * (size_t)far.width * far.height);
	blurred.pixels = malloc(4 * (size_t)blurred.width * blurred.height);
	if (far.pixels && blurred.pixels) {
		paint(scene, &far, FAR_LEAVES, true);
		error = resample(&far, &blurred);
	}
	if (!error)
		error = resample(&blurred, image);
	free(blurred.pixels);
	free(far.pixels);
	return error;
}

static int photograph(struct scene *scene, struct image *image)
{
	int error;

	weave(scene);
	choose_palette(scene);
	error = paint_far(scene, image);
	if (error)
		return error;
	paint(scene, image, (uint32_t)random_between(&scene->random, 50, NEAR_LEAVES), false);
	soften(image);
	soften(image);
	expose(image, &scene->random, random_between(&scene->random, 4, 8));
	return 0;
}

int photograph_paint(uint32_t number, struct image *image)
{
	struct scene scene = { .random = number };
	int error = -ENOMEM;

	*image = (struct image){ .width = PHOTOGRAPH_WIDTH, .height = PHOTOGRAPH_HEIGHT };
	image->pixels = malloc(4 * PHOTOGRAPH_WIDTH * PHOTOGRAPH_HEIGHT);
	scene.texture = malloc(TILE * TILE * sizeof(*scene.texture));
	scene.leaf_at = malloc(PHOTOGRAPH_WIDTH * PHOTOGRAPH_HEIGHT * sizeof(*scene.leaf_at));
	scene.leaves = malloc(NEAR_LEAVES * sizeof(*scene.leaves));
	if (image->pixels && scene.texture && scene.leaf_at && scene.leaves)
		error = photograph(&scene, image);
	free(scene.leaves);
	free(scene.leaf_at);
	free(scene.texture);
	if (error) {
		free(image->pixels);
		image->pixels = NULL;
	}
	return error;
}
