/* The Mandelbrot set, one row of pixels an item: neighbours cost about the same, and the last row a
 * hundred times what the first does. So a schedule that gives each worker one large block is unbalanced,
 * and how much finer chunks help can be seen.
 *
 * The rows go from above the set down to the real axis. Below it the picture is the same, mirrored: with
 * that half, too, two blocks would be balanced by luck.
 *
 * The arithmetic is in fixed point, 28 bits behind the point, so it is the same on every machine and for
 * every compiler. An orbit that has not left the circle of radius 2 stays below 7 in the next step, so
 * the squares fit into 64 bits. */
#include "workloads/parts/values.h"

#include <complex.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define POINT 28 /* bits behind it */
#define ONE ((int64_t)1 << POINT)
#define LEFT (-2 * ONE)
#define RIGHT (ONE / 2)
#define TOP (ONE * 6 / 5)
#define ESCAPED (4 * ONE * ONE) /* the square of the radius */

#define CHECKED 16 /* pixels of a row that check() computes again */

struct mandelbrot {
	uint64_t width, rows;
	uint32_t limit;
};

enum { WIDTH, LIMIT };

static const struct param params[] = {
	[WIDTH] = { "width", "600", "pixels", "1 to 65536", "width of the picture; --items is its height" },
	[LIMIT] = { "limit", "1000", NULL, "1 to 1000000", "steps after which a point counts as one of the set" },
	{ 0 },
};

static int mandelbrot_open(const struct workload_options *options, struct workload_state *state)
{
	struct mandelbrot *m = malloc(sizeof(*m));
	uint64_t limit;
	int error;

	if (!m)
		return refuse(state, -ENOMEM, "no memory");
	error = value_whole(state, "width", options->values[WIDTH], 1, 65536, &m->width);
	if (!error)
		error = value_whole(state, "limit", options->values[LIMIT], 1, 1000000, &limit);
	if (error) {
		free(m);
		return error;
	}
	m->limit = (uint32_t)limit;
	m->rows = options->items ? options->items : 400;
	*state = (struct workload_state){
		.data = m,
		.items = m->rows,
		.output_max = m->width * sizeof(uint32_t) + sizeof(uint64_t),
	};
	return 0;
}

/* Of the middle of a pixel, as below. */
static int64_t column_x(const struct mandelbrot *m, uint64_t column)
{
	return LEFT + (RIGHT - LEFT) * (2 * (int64_t)column + 1) / (2 * (int64_t)m->width);
}

static int64_t row_y(const struct mandelbrot *m, uint64_t row)
{
	unsigned __int128 from_axis = 2 * (unsigned __int128)(m->rows - 1 - row) + 1;

	return (int64_t)(TOP * from_axis / (2 * (unsigned __int128)m->rows));
}

/* How many steps of z = z * z + c leave z, 0 to begin with, within the circle, and one more; or the limit.
 * A right shift rounds down, also below zero. */
static uint32_t steps(int64_t cx, int64_t cy, uint32_t limit)
{
	int64_t x = 0, y = 0;
	uint32_t n;

	for (n = 0; n < limit; n++) {
		int64_t xx = x * x, yy = y * y;

		if (xx + yy > ESCAPED)
			break;
		y = ((2 * x * y) >> POINT) + cy;
		x = ((xx - yy) >> POINT) + cx;
	}
	return n;
}

/* The output: the steps of each pixel, then their sum. */
static int mandelbrot_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct mandelbrot *m = data;
	uint32_t *row = out->data;
	int64_t y = row_y(m, item);
	uint64_t sum = 0;

	(void)in;
	for (uint64_t i = 0; i < m->width; i++) {
		row[i] = steps(column_x(m, i), y, m->limit);
		sum += row[i];
	}
	memcpy(row + m->width, &sum, sizeof(sum));
	out->size = m->width * sizeof(*row) + sizeof(sum);
	return 0;
}

/* The same by way of other products, wider than they need be. They are exact, and only the results are
 * rounded, so the answer is the same to the last bit. */
static uint32_t steps_again(int64_t cx, int64_t cy, uint32_t limit)
{
	__int128 x = 0, y = 0;
	uint32_t n = 0;

	while (n < limit && x * x + y * y <= ESCAPED) {
		__int128 sum = x + y, difference = x - y;

		y = ((sum * sum - difference * difference) >> (POINT + 1)) + cy;
		x = ((sum * difference) >> POINT) + cx;
		n++;
	}
	return n;
}

/* What is known without computing orbits: a point of the set from whose attracting fixed point or
 * 2-cycle, by its multiplier, rounding does not drive anything away; and one that leaves at once. */
static bool is_known(const struct mandelbrot *m, int64_t x, int64_t y, uint32_t *known)
{
	double complex c = (double)x / ONE + (double)y / ONE * I;

	if (cabs(1 - csqrt(1 - 4 * c)) < 0.99 || cabs(4 * (c + 1)) < 0.99) {
		*known = m->limit;
		return true;
	}
	*known = 1;
	return cabs(c) > 2.000001;
}

static bool is_right(const struct mandelbrot *m, uint64_t row, uint64_t column, uint32_t found)
{
	int64_t x = column_x(m, column), y = row_y(m, row);
	uint64_t every = m->width / CHECKED + 1;
	uint32_t known;

	if (is_known(m, x, y, &known) && found != known)
		return false;
	return (row + column) % every != 0 || found == steps_again(x, y, m->limit);
}

static int mandelbrot_check(const void *data, uint64_t item, struct bytes out)
{
	const struct mandelbrot *m = data;
	const uint32_t *row = out.data;
	uint64_t sum;

	if (out.size != m->width * sizeof(*row) + sizeof(sum))
		return -EBADMSG;
	memcpy(&sum, row + m->width, sizeof(sum));
	for (uint64_t i = 0; i < m->width; i++) {
		sum -= row[i];
		if (row[i] == 0 || row[i] > m->limit || !is_right(m, item, i, row[i]))
			return -EBADMSG;
	}
	return sum == 0 ? 0 : -EBADMSG;
}

const struct workload workload_mandelbrot = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "mandelbrot",
	.summary = "rows of the Mandelbrot set: computes, at very different costs",
	.item = "row",
	.params = params,
	.open = mandelbrot_open,
	.work = mandelbrot_work,
	.check = mandelbrot_check,
	.close = free,
};
