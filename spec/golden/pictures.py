# Writes pictures.txt: what tocha.vision.io reads beyond images.txt, with the pixels as Pillow gives them:
# WebP, animations, EXIF's orientations, JPEGs at reduced size, PPM of two bytes, BMP of few bits.
#
#   python spec/golden/pictures.py        (a Python with Pillow and numpy)
#
# Lines as in images.txt. Of animations ("frames-...") C counts the channels of all frames, one after the
# other, and what is under a clear pixel is black. A name that ends in "-at-N" is read with at_least N.
import base64
import io
import os
import struct

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)
lines = []


def smooth(h, w, c, phase=0.0):
    y, x, k = np.mgrid[0:h, 0:w, 0:c]
    return np.uint8(127.5 + 120 * np.sin(0.3 * x + 0.2 * y * (k + 1) + k + phase))


def add(name, data, planes, depth=8):
    raw = planes.astype(">u2").tobytes() if depth == 16 else planes.astype(np.uint8).tobytes()
    c, h, w = planes.shape
    lines.append(" ".join([name, str(depth), str(c), str(h), str(w),
                           base64.b64encode(data).decode(), base64.b64encode(raw).decode()]))


def planes_of(image):
    a = np.asarray(image)
    return (a[:, :, None] if a.ndim == 2 else a).transpose(2, 0, 1)


def encoded(image, fmt, **options):
    out = io.BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


# ---- WebP -----------------------------------------------------------------------------------------

rgb, rgba = Image.fromarray(smooth(21, 26, 3)), Image.fromarray(rng.integers(0, 256, (9, 11, 4), np.uint8))
for name, image, options in (("webp-lossy", rgb, dict(quality=80)), ("webp-lossless", rgb, dict(lossless=True)),
                             ("webp-opacity", rgba, dict(lossless=True, exact=True)),
                             ("webp-lossy-opacity", rgba, dict(quality=70))):
    data = encoded(image, "WEBP", **options)
    add(name, data, planes_of(opened(data)))

# ---- animations -----------------------------------------------------------------------------------


def add_frames(name, data):
    image, planes = opened(data), []
    for k in range(image.n_frames):
        image.seek(k)
        a = np.array(image.convert("RGBA"))
        a[a[:, :, 3] == 0] = 0
        planes.append(a.transpose(2, 0, 1))
    add(f"{name}-{image.n_frames}", data, np.concatenate(planes))


def scene(k):
    """A square that moves over a clear page; every scene has few colours."""
    a = np.zeros((16, 20, 4), np.uint8)
    a[2 * k:2 * k + 6, 3 * k:3 * k + 7] = (40 * k, 255 - 50 * k, 120, 255)
    a[1:3, 1:3] = (250, 200, 10, 255)
    return Image.fromarray(a)


scenes = [scene(k) for k in range(4)]
for disposal in (1, 2, 3):
    data = encoded(scenes[0], "GIF", save_all=True, append_images=scenes[1:], duration=[50, 120, 30, 400],
                   loop=0, disposal=disposal)
    add_frames(f"frames-gif-{disposal}", data)
data = encoded(scenes[0], "WEBP", save_all=True, append_images=scenes[1:], duration=[50, 120, 30, 400],
               lossless=True)
add_frames("frames-webp", data)

# ---- EXIF -----------------------------------------------------------------------------------------

small = Image.fromarray(smooth(9, 14, 3))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for fmt, options in (("PNG", {}), ("JPEG", dict(quality=90)), ("WEBP", dict(lossless=True))):
        if fmt == "PNG" or orientation in (3, 6):
            data = encoded(small, fmt, exif=exif, **options)
            add(f"{fmt.lower()}-orientation-{orientation}", data, planes_of(ImageOps.exif_transpose(opened(data))))
little = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0A\0\0\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0"
data = encoded(small, "JPEG", exif=little)
add("jpeg-orientation-little-8", data, planes_of(ImageOps.exif_transpose(opened(data))))

# ---- JPEG -----------------------------------------------------------------------------------------

big = Image.fromarray(smooth(41, 53, 3))
for scale, least in ((1, 22), (2, 21), (2, 12), (4, 11), (8, 6), (8, 1)):
    data = encoded(big, "JPEG", quality=85)
    image = opened(data)
    image.draft("RGB", (53 // scale, 41 // scale))
    add(f"jpeg-reduced-{scale}-at-{least}", data, planes_of(image))
data = encoded(big.convert("L"), "JPEG", quality=85)
image = opened(data)
image.draft("L", (53 // 2, 41 // 2))
add("jpeg-reduced-gray-at-21", data, planes_of(image))

# ---- PPM ------------------------------------------------------------------------------------------

deep = rng.integers(0, 65536, (5, 6, 3))
head = b"P6 6 5 65535\n"
add("ppm-16", head + deep.astype(">u2").tobytes(), deep.transpose(2, 0, 1), 16)
add("ppm-16-as-8", head + deep.astype(">u2").tobytes(), ((deep * 510 + 65535) // 131070).transpose(2, 0, 1))
one = rng.integers(0, 1000, (4, 7, 1))
add("pgm-999", b"P5\n7 4 999\n" + one.astype(">u2").tobytes(),
    ((one * 131070 + 999) // 1998).transpose(2, 0, 1), 16)

# ---- BMP ------------------------------------------------------------------------------------------


def bmp(bits, w, h, rows, palette=b"", masks=b""):
    start = 54 + len(masks) + len(palette)
    head = b"BM" + struct.pack("<IIIIiiHHIIiiII", start + len(rows), 0, start, 40, w, h, 1, bits,
                               3 if masks else 0, len(rows), 2835, 2835, len(palette) // 4, 0)
    return head + masks + palette + rows


def add_bmp(name, data):
    add(name, data, planes_of(opened(data).convert("RGB")))


palette = rng.integers(0, 256, (16, 4), np.uint8)
palette[:, 3] = 0
rows = rng.integers(0, 256, (5, 8), np.uint8).tobytes()
add_bmp("bmp-1", bmp(1, 45, 5, rows, palette[:2].tobytes()))
add_bmp("bmp-4", bmp(4, 13, 5, rows, palette.tobytes()))
rows = rng.integers(0, 256, (6, 16), np.uint8).tobytes()
add_bmp("bmp-555", bmp(16, 7, 6, rows))
add_bmp("bmp-565", bmp(16, 7, 6, rows, masks=struct.pack("<III", 0xf800, 0x7e0, 0x1f)))
# masks that Pillow does not read
add("bmp-masks", bmp(32, 4, 6, rows, masks=struct.pack("<III", 0xff, 0xff00, 0xff0000)),
    np.frombuffer(rows, np.uint8).reshape(6, 4, 4)[::-1, :, :3].transpose(2, 0, 1))

with open(os.path.join(HERE, "pictures.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "pictures,", sum(map(len, lines)), "bytes")
