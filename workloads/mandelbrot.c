/* Computes the Mandelbrot set, one row of pixels an item. Neighbouring rows cost about the same, and the last
 * row costs a hundred times what the first does. So a schedule that gives each worker one large block is
 * unbalanced, and the times show how much smaller chunks help.
 *
 * The rows go from above the set down to the real axis. The half below is the mirror image: with it two blocks
 * would be balanced by luck.
 *
 * The arithmetic is in fixed point with 28 bits behind the point, so that it is the same on every machine and
 * with every compiler. An orbit that has not left the circle of radius 2 stays below 7 in the next step, so the
 * squares fit into 64 bits. */
#include "workloads/parts/values.h"

#include <complex.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define POINT 28 /* bits behind the point */
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

/* Both return the coordinate of the middle of a pixel. */
static int64_t column_x(const struct mandelbrot *m, uint64_t column)
{
	return LEFT + (RIGHT - LEFT) * (2 * (int64_t)column + 1) / (2 * (int64_t)m->width);
}

static int64_t row_y(const struct mandelbrot *m, uint64_t row)
{
	unsigned __int128 from_axis = 2 * (unsigned __int128)(m->rows - 1 - row) + 1;

	return (int64_t)(TOP * from_axis / (2 * (unsigned __int128)m->rows));
}

/* Returns the number of the step of z = z * z + c, beginning with z = 0, that takes z out of the circle; or the
 * limit if none does. A right shift rounds down, also below zero. */
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

/* The output is the number of steps of each pixel, then their sum. */
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

/* Computes the same with other products, in wider integers. The products are exact and only the results are
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

/* Returns whether the steps of a point are known without computing its orbit, and sets *known to them. They are
 * known of a point of the set whose fixed point or 2-cycle attracts so strongly (by its multiplier) that rounding
 * cannot drive the orbit away, and of a point that leaves the circle at once. */
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
