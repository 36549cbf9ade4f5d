"""A row of the Mandelbrot set, in the fixed point of workloads/mandelbrot.c."""
from array import array

POINT = 28
ONE = 1 << POINT
LEFT, RIGHT, TOP = -2 * ONE, ONE // 2, ONE * 6 // 5
ESCAPED = 4 * ONE * ONE

width = rows = limit = 0


def open_workload(job):
    global width, rows, limit
    width, limit, rows = int(job.parameters.width), int(job.parameters.limit), job.items


def steps(cx, cy):
    x = y = 0
    for n in range(limit):
        xx, yy = x * x, y * y
        if xx + yy > ESCAPED:
            return n
        y = (2 * x * y >> POINT) + cy
        x = (xx - yy >> POINT) + cx
    return limit


def work(row):
    y = TOP * (2 * (rows - 1 - row) + 1) // (2 * rows)
    return [steps(LEFT + (RIGHT - LEFT) * (2 * column + 1) // (2 * width), y) for column in range(width)]


def output(item, result):
    return array("I", result).tobytes() + array("Q", [sum(result)]).tobytes()
