# Writes images.txt: small pictures in every format and form that tocha.vision.io reads, with their
# pixels as Pillow gives them, and sums of the pixels of ../shared/data/images.
#
#   python spec/golden/images.py        (a Python with Pillow and numpy; ../shared/data at hand)
#
# A line of images.txt: name, depth, C, H, W, the file in base 64, the pixels (C, H, W) in base 64, bytes
# or for depth 16 two of them each, the high one first. Lines "shared": name, C, H, W, CRC 32 of the
# pixels. What Pillow cannot write (interlaced PNG, 16 bits in colour) is written here, and the pixels
# follow from the PNG specification.
import base64
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = os.path.join(HERE, "../../../shared/data/images")
rng = np.random.default_rng(3)
lines = []


def smooth(h, w, c):
    y, x, k = np.mgrid[0:h, 0:w, 0:c]
    return np.uint8(127.5 + 120 * np.sin(0.3 * x + 0.2 * y * (k + 1) + k))


def add(name, data, pixels, depth=8):
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    planes = pixels.transpose(2, 0, 1)
    raw = planes.astype(">u2").tobytes() if depth == 16 else planes.astype(np.uint8).tobytes()
    c, h, w = planes.shape
    lines.append(" ".join([name, str(depth), str(c), str(h), str(w),
                           base64.b64encode(data).decode(), base64.b64encode(raw).decode()]))


def by_pillow(name, image, fmt, mode=None, **options):
    out = io.BytesIO()
    image.save(out, fmt, **options)
    again = Image.open(io.BytesIO(out.getvalue()))
    pixels = np.array(again.convert(mode) if mode else again)
    if fmt == "GIF" and mode == "RGBA":  # what is under a clear pixel has no meaning: black
        pixels[pixels[:, :, 3] == 0] = 0
    add(name, out.getvalue(), pixels)


# ---- PNG by hand --------------------------------------------------------------------------------

def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pack_rows(samples, depth):
    """(h, w * channels) numbers to PNG rows, each after filter 0."""
    rows = []
    for row in samples:
        if depth == 16:
            body = row.astype(">u2").tobytes()
        elif depth == 8:
            body = row.astype(np.uint8).tobytes()
        else:
            bits = ((row[:, None].astype(int) >> np.arange(depth - 1, -1, -1)) & 1).reshape(-1)
            body = np.packbits(bits.astype(np.uint8)).tobytes()
        rows.append(b"\0" + body)
    return b"".join(rows)


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(samples, depth, kind, interlaced=False, extra=b""):
    """samples: (h, w, channels) numbers of `depth` bits."""
    h, w, _ = samples.shape
    parts = [samples] if not interlaced else [samples[y::dy, x::dx] for y, x, dy, dx in ADAM7]
    body = b"".join(pack_rows(p.reshape(p.shape[0], -1), depth) for p in parts if p.size)
    head = struct.pack(">IIBBBBB", w, h, depth, kind, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(body))
            + chunk(b"IEND", b""))


def to8(v):
    return (v.astype(np.int64) * 255 + 32895) >> 16


rgb, gray = smooth(11, 13, 3), smooth(9, 10, 1)[:, :, 0]
noise = rng.integers(0, 256, (12, 17, 4)).astype(np.uint8)

by_pillow("png-gray", Image.fromarray(gray), "PNG")
by_pillow("png-rgb", Image.fromarray(rgb), "PNG")
by_pillow("png-noise-rgba", Image.fromarray(noise), "PNG")
by_pillow("png-gray-alpha", Image.fromarray(noise[:, :, :2], "LA"), "PNG")
by_pillow("png-palette", Image.fromarray(rgb).quantize(20), "PNG", "RGB")
by_pillow("png-palette-4", Image.fromarray(rgb).quantize(10), "PNG", "RGB", bits=4)
by_pillow("png-palette-clear", Image.fromarray(rgb).quantize(8), "PNG", "RGBA", transparency=2)
one = Image.fromarray(gray).convert("1")
by_pillow("png-1", one, "PNG", "L")
for depth in (1, 2, 4):
    v = rng.integers(0, 1 << depth, (9, 13, 1))
    full = v * (255 // ((1 << depth) - 1))
    add(f"png-gray-{depth}", png(v, depth, 0), full)
    add(f"png-gray-{depth}-adam7", png(v, depth, 0, True), full)
add("png-rgb-adam7", png(rgb, 8, 2, True), rgb)
add("png-small-adam7", png(rgb[:1, :3], 8, 2, True), rgb[:1, :3])
key = struct.pack(">HHH", *[int(v) for v in rgb[4, 5]])
opaque = np.where((rgb == rgb[4, 5]).all(2), 0, 255)
add("png-rgb-key", png(rgb, 8, 2, extra=chunk(b"tRNS", key)), np.dstack([rgb, opaque]))
deep = rng.integers(0, 65536, (5, 6, 4))
for kind, c in ((0, 1), (4, 2), (2, 3), (6, 4)):
    add(f"png-16-{c}", png(deep[:, :, :c], 16, kind), deep[:, :, :c], 16)
    add(f"png-16-{c}-as-8", png(deep[:, :, :c], 16, kind), to8(deep[:, :, :c]))
add("png-16-adam7", png(deep[:, :, :3], 16, 2, True), deep[:, :, :3], 16)
add("png-8-as-16", png(rgb, 8, 2), rgb.astype(int) * 257, 16)

# ---- JPEG, GIF, BMP, PPM ------------------------------------------------------------------------

big = smooth(37, 45, 3)
by_pillow("jpeg-gray", Image.fromarray(big[:, :, 0]), "JPEG")
by_pillow("jpeg-444", Image.fromarray(big), "JPEG", quality=92, subsampling=0)
by_pillow("jpeg-422", Image.fromarray(big), "JPEG", subsampling=1)
by_pillow("jpeg-420", Image.fromarray(big), "JPEG", subsampling=2)
by_pillow("jpeg-progressive", Image.fromarray(big), "JPEG", progressive=True)
by_pillow("jpeg-restarts", Image.fromarray(big), "JPEG", restart_marker_blocks=2)
by_pillow("jpeg-cmyk", Image.fromarray(smooth(20, 24, 4), "CMYK"), "JPEG", "RGB", quality=95)

few = Image.fromarray(rgb).quantize(30)
by_pillow("gif", few, "GIF", "RGB", interlace=0)
by_pillow("gif-interlaced", few, "GIF", "RGB", interlace=1)
common = int(np.bincount(np.asarray(few).reshape(-1)).argmax())
by_pillow("gif-clear", few, "GIF", "RGBA", transparency=common)

by_pillow("bmp-24", Image.fromarray(rgb), "BMP")
by_pillow("bmp-palette", few, "BMP", "RGB")
by_pillow("bmp-gray", Image.fromarray(gray), "BMP", "RGB")
by_pillow("bmp-32", Image.fromarray(noise), "BMP", "RGB")
data = bytearray()
Image.fromarray(rgb).save(out := io.BytesIO(), "BMP")
data[:] = out.getvalue()
data[22:26] = struct.pack("<i", -rgb.shape[0])
add("bmp-downwards", bytes(data), rgb[::-1])

by_pillow("ppm", Image.fromarray(rgb), "PPM")
by_pillow("pgm", Image.fromarray(gray), "PPM")
text = b"P3\n# a comment\n3 2 # another\n255\n" + b" ".join(b"%d" % v for v in range(0, 180, 10))
add("ppm-text", text, np.arange(0, 180, 10).reshape(2, 3, 3))
add("pgm-text-15", b"P2 4 1 15\n0 5 10 15\n", np.array([[0, 85, 170, 255]]))

for name in sorted(os.listdir(IMAGES)):
    if name.endswith(".png"):
        a = np.asarray(Image.open(os.path.join(IMAGES, name)))
        a = (a[:, :, None] if a.ndim == 2 else a).transpose(2, 0, 1)
        lines.append(f"shared {name} {' '.join(map(str, a.shape))} {zlib.crc32(a.tobytes())}")

with open(os.path.join(HERE, "images.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "pictures,", sum(map(len, lines)), "bytes")
