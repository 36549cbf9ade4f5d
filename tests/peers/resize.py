#!/usr/bin/env python3
"""The workload `resize` side by side with Pillow and vipsthumbnail, on one core.

resize.py PROGRAM [ROUNDS]: PROGRAM is tests/peers/resize, built. Every side reads the 48 embedded
photographs and writes 300x300 JPEGs, round by round in turns, so that a slow phase of the machine
meets all of them; medians count. vipsthumbnail is one process for all images, its start (about 5 %)
included. Then the pictures are compared with Pillow's. Exit status: 0 all limits are kept, 1 not,
77 something is missing.
"""
import glob
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from turns import module_missing

try:
    from PIL import Image, ImageChops, ImageStat
except ImportError as error:
    module_missing(error, 'python3-pil')

SIZE = (300, 300)
LIMITS = {  # at least
    "times Pillow's images/s": 3.0,
    "times vipsthumbnail's images/s": 1.5,
    'dB, decoded outputs': 43.0,
    'dB, pixels before encoding': 49.0,
}


class Ours:
    def __init__(self, program, folder):
        for name in 'cache', 'run', 'scratch':
            os.mkdir(os.path.join(folder, name))
        self.folder = folder
        self.process = subprocess.Popen([program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.round()  # makes the photographs

    def ask(self, line):
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()

    def round(self):
        self.ask('round')
        return int(self.process.stdout.readline()) / 1e9

    def pixels(self, number):
        self.ask(f'pixels {number}')
        data = self.process.stdout.read(4 * SIZE[0] * SIZE[1])
        return Image.frombytes('RGB', SIZE, data, 'raw', 'RGBX')

    def output(self, path):
        return Image.open(os.path.join(self.folder, 'scratch', os.path.basename(path)))


def pillow_round(paths, folder):
    start = time.monotonic()
    for path in paths:
        Image.open(path).resize(SIZE).save(os.path.join(folder, os.path.basename(path)), quality=75)
    return time.monotonic() - start


def vips_round(paths, folder):
    start = time.monotonic()
    subprocess.run(['vipsthumbnail', '--size', f'{SIZE[0]}x{SIZE[1]}!', '-o', folder + '/%s.jpg[Q=75]', *paths],
                   check=True, env={**os.environ, 'VIPS_CONCURRENCY': '1'})
    return time.monotonic() - start


def psnr(a, b):
    squares = sum(ImageStat.Stat(ImageChops.difference(a.convert('RGB'), b.convert('RGB'))).sum2)
    error = squares / (3 * SIZE[0] * SIZE[1])
    return math.inf if error == 0 else 10 * math.log10(255 ** 2 / error)


def measure(ours, folder, rounds):
    paths = sorted(glob.glob(os.path.join(folder, 'cache', 'resize-v*', '*.jpg')))
    pillow, vips = os.path.join(folder, 'pillow'), os.path.join(folder, 'vips')
    os.mkdir(pillow)
    os.mkdir(vips)
    seconds = [(ours.round(), pillow_round(paths, pillow), vips_round(paths, vips)) for _ in range(rounds)]
    mine, theirs, others = (statistics.median(side) for side in zip(*seconds))
    for name, side in ('resize', mine), ('Pillow', theirs), ('vipsthumbnail', others):
        print(f'{name:14} {len(paths) / side:6.1f} images/s  {1000 * side / len(paths):6.2f} ms an image')
    decoded = [psnr(ours.output(path), Image.open(os.path.join(pillow, os.path.basename(path)))) for path in paths]
    raw = [psnr(ours.pixels(i), Image.open(path).resize(SIZE)) for i, path in enumerate(paths)]
    return theirs / mine, others / mine, statistics.median(decoded), statistics.median(raw)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if not shutil.which('vipsthumbnail'):
        print('skipped: libvips-tools is missing')
        sys.exit(77)
    os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(sys.argv[1], folder)
        values = measure(ours, folder, int(sys.argv[2]) if len(sys.argv) == 3 else 7)
        ours.process.stdin.close()
        ours.process.wait()
    kept = True
    for value, (what, limit) in zip(values, LIMITS.items()):
        kept = kept and value >= limit
        print(f'{value:6.2f} {what}, at least {limit}: {"kept" if value >= limit else "MISSED"}')
    return 0 if kept else 1


if __name__ == '__main__':
    sys.exit(main())
