"""JPEG files made smaller, by Pillow."""
import io
import os
import struct

from PIL import Image

from workloads.inputs import input_files

Image.MAX_IMAGE_PIXELS = 100_000_000  # as many as bench takes: no warning below
EXACT = False  # another decoder, filter and encoder: the same picture, not the same bytes

files, size, quality, folder = [], (0, 0), 0, ""


def open_workload(job):
    global files, size, quality, folder, payload, work, output
    files, quality = input_files(job, "resize-v1"), int(job.parameters.quality)
    size = tuple(int(side) for side in job.parameters.size.split("x"))
    folder = job.parameters.keep or job.scratch
    if job.parameters.io == "memory":
        read_files()
        payload, work, output = payload_of, work_in_memory, lambda item, result: result


def output_path(item):
    name = os.path.basename(files[item % len(files)])
    return os.path.join(folder, name if item < len(files) else f"repeats/{item}-{name}")


def picture(file):
    """As a tutorial opens it: EXIF's orientation is not applied. Whatever its colours are, the output is RGB."""
    image = Image.open(file)
    return image if image.mode == "RGB" else image.convert("RGB")


def work(item):
    image = picture(files[item % len(files)])
    with open(output_path(item), "wb", opener=open_no_link) as file:
        image.resize(size).save(file, "JPEG", quality=quality)


def open_no_link(path, flags):
    """Whoever has prepared the folder must not choose what is overwritten."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)


def output(item, result):
    """The receipt of harness and workload: size and digest of the file."""
    with open(output_path(item), "rb") as file:
        content = file.read()
    digest = len(content)
    for word, in struct.iter_unpack("=Q", content + bytes(-len(content) % 8)):
        digest = ((digest ^ word) * 0x9e3779b97f4a7c15) & 0xffffffffffffffff
        digest ^= digest >> 32
    return struct.pack("=QQ", len(content), digest)


def read_files():
    global files
    contents = []
    for path in files:
        with open(path, "rb") as file:
            contents.append(file.read())
    files = contents


def payload_of(item):
    return files[item % len(files)]


def work_in_memory(task):
    _, jpeg = task
    result = io.BytesIO()
    picture(io.BytesIO(jpeg)).resize(size).save(result, "JPEG", quality=quality)
    return result.getvalue()
