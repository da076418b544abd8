"""PyTorch's side of bench/pictures.lua: python bench/peer/pictures.py FOLDER SECONDS

Once as most write it, with Pillow's decoder and pictures, and once with torchvision's decoder and
tensors. One thread for operations."""
import io
import pathlib
import statistics
import sys
import time

import torch
from PIL import Image
from torchvision.datasets import ImageFolder
from torchvision.io import decode_jpeg
from torchvision.transforms import v2

folder, seconds = sys.argv[1], float(sys.argv[2])
COUNT, BATCH = 64, 32
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def tail():
    return [v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]


TRAIN_PIL = v2.Compose([v2.RandomResizedCrop(224), v2.RandomHorizontalFlip(), v2.PILToTensor(), *tail()])
TRAIN = v2.Compose([v2.RandomResizedCrop(224), v2.RandomHorizontalFlip(), *tail()])
EVALUATE_PIL = v2.Compose([v2.Resize(256), v2.CenterCrop(224), v2.PILToTensor(), *tail()])
EVALUATE = v2.Compose([v2.Resize(256), v2.CenterCrop(224), *tail()])


def row(name, per_second):
    print("| %s | %.0f | %.3f |" % (name, per_second, 1e3 / per_second), flush=True)


def measure(name, items, f):
    for x in items[:8]:
        f(x)
    samples, k, start = [], 0, time.perf_counter()
    while time.perf_counter() - start < seconds or len(samples) < 8:
        before = time.perf_counter()
        f(items[k % len(items)])
        samples.append(time.perf_counter() - before)
        k += 1
    row(name, 1 / statistics.median(samples))


def tensor_of(path):
    return decode_jpeg(torch.frombuffer(bytearray(pathlib.Path(path).read_bytes()), dtype=torch.uint8))


def measure_loader(name, dataset, workers):
    loader = torch.utils.data.DataLoader(dataset, BATCH, shuffle=True, num_workers=workers,
                                         persistent_workers=workers > 0)

    def epoch():
        for x, _ in loader:
            assert x.shape[1] == 3

    epoch()
    samples, start = [], time.perf_counter()
    while time.perf_counter() - start < 2 * seconds or len(samples) < 2:
        before = time.perf_counter()
        epoch()
        samples.append(time.perf_counter() - before)
    row("%s, %d workers" % (name, workers), len(dataset) / statistics.median(samples))


def main():
    torch.set_num_threads(1)
    paths = sorted(pathlib.Path(folder).glob("*/*.jpg"))
    files = [p.read_bytes() for p in paths]
    tensors = [torch.frombuffer(bytearray(b), dtype=torch.uint8) for b in files]

    def pillow(data):
        return Image.open(io.BytesIO(data)).convert("RGB")

    images, decoded = [pillow(b) for b in files], [decode_jpeg(t) for t in tensors]
    print("\n## Photographs a second, PyTorch %s\n\n| | photos/s | ms |\n|---|---|---|" % torch.__version__)
    measure("decode, Pillow", files, pillow)
    measure("decode, torchvision", tensors, decode_jpeg)
    measure("resize to 256, Pillow", images, v2.Resize(256))
    measure("resize to 256, tensor", decoded, v2.Resize(256))
    measure("augment, Pillow", images, TRAIN_PIL)
    measure("augment, tensor", decoded, TRAIN)
    measure("decode, augment, Pillow", files, lambda b: TRAIN_PIL(pillow(b)))
    measure("decode, augment, tensor", tensors, lambda t: TRAIN(decode_jpeg(t)))
    measure("decode, evaluate, Pillow", files, lambda b: EVALUATE_PIL(pillow(b)))
    measure("decode, evaluate, tensor", tensors, lambda t: EVALUATE(decode_jpeg(t)))
    for workers in range(3):
        measure_loader("loader, Pillow", ImageFolder(folder, TRAIN_PIL), workers)
    for workers in range(3):
        measure_loader("loader, tensor", ImageFolder(folder, TRAIN, loader=tensor_of), workers)


if __name__ == "__main__":
    main()
