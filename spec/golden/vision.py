#!/usr/bin/env python3
"""Makes spec/golden/vision.lua: what torchvision's networks are and compute.

    python spec/golden/vision.py                (a Python with PyTorch and torchvision 0.29)
    python spec/golden/vision.py --list NAME    (names and shapes of NAME, as they are hashed)

Of every network: the published number of parameters and a hash of all names and shapes, in order.
Of some: logits of a small picture, and checksums of the gradients of the first and the last weight
of the sum that formula.weights gives. Parameters are those of `fill`, which vision_golden_spec.lua
has too.
"""

import math
import os
import sys
import warnings

import torch
from torchvision import models
from torchvision.models.googlenet import Inception, InceptionAux

warnings.simplefilter("ignore")

# Name, sizes of the picture, options, is it trained (then with the auxiliary outputs)
RUNS = [
    ("alexnet", (1, 3, 70, 63), {}, False),
    ("vgg11", (1, 3, 32, 36), {}, False),
    ("googlenet", (2, 3, 44, 37), dict(transform_input=True), False),
    ("googlenet", (2, 3, 44, 37), dict(dropout=0.0, dropout_aux=0.0), True),
    ("googlenet_paper", (1, 3, 224, 224), dict(dropout=0.0, dropout_aux=0.0), True),
    ("inception_v3", (2, 3, 75, 91), dict(transform_input=True), False),
    ("inception_v3", (1, 3, 299, 299), dict(dropout=0.0), True),
    ("squeezenet1_0", (2, 3, 40, 37), {}, False),
    ("squeezenet1_1", (2, 3, 40, 37), {}, False),
    ("densenet121", (2, 3, 33, 40), {}, False),
    ("mobilenet_v2", (2, 3, 40, 37), {}, False),
    ("mobilenet_v2", (1, 3, 32, 33), dict(width_mult=0.35), False),
    ("mobilenet_v3_large", (2, 3, 40, 37), {}, False),
    ("mobilenet_v3_small", (2, 3, 40, 37), dict(dilated=True, reduced_tail=True, width_mult=0.75), False),
    ("shufflenet_v2_x0_5", (2, 3, 40, 37), {}, False),
    ("shufflenet_v2_x1_0", (1, 3, 64, 33), {}, False),
    ("efficientnet_b0", (2, 3, 40, 37), {}, False),
    ("efficientnet_b2", (1, 3, 33, 32), {}, False),
    ("efficientnet_v2_s", (1, 3, 33, 40), {}, False),
    ("convnext_tiny", (2, 3, 41, 36), {}, False),
    ("swin_t", (2, 3, 64, 40), {}, False),
    ("swin_v2_t", (1, 3, 100, 41), {}, False),
    ("VisionTransformer", (2, 3, 24, 24), dict(image_size=24, patch_size=8, num_layers=2, num_heads=3,
                                               hidden_dim=24, mlp_dim=40), False),
    ("VisionTransformer", (2, 3, 16, 16), dict(image_size=16, patch_size=4, num_layers=1, num_heads=2,
                                               hidden_dim=12, mlp_dim=20, representation_size=7), False),
]

NAMES = """
alexnet vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn googlenet inception_v3
resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d
wide_resnet50_2 wide_resnet101_2 squeezenet1_0 squeezenet1_1
densenet121 densenet161 densenet169 densenet201 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small
shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0
efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4 efficientnet_b5
efficientnet_b6 efficientnet_b7 efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l
convnext_tiny convnext_small convnext_base convnext_large vit_b_16 vit_b_32 vit_l_16 vit_l_32
swin_t swin_s swin_b swin_v2_t swin_v2_s swin_v2_b
""".split()

PERIOD = 4093  # a prime: rows of a matrix do not repeat


def chirp(shape, j):
    """Element k is sin(0.7 r^2 + 1.3 j + 0.5), where r = k mod PERIOD."""
    n = math.prod(shape)
    r = torch.arange(PERIOD, dtype=torch.float64)
    one = torch.sin(0.7 * r * r + (1.3 * j + 0.5))
    return one.repeat(-(-n // PERIOD))[:n].reshape(shape)


def fill(net):
    """Matrices keep the spread of what they are given; norms are near the identity."""
    named = [*net.named_parameters(), *[b for b in net.named_buffers() if "running_" in b[0]]]
    for j, (name, x) in enumerate(named, 1):
        values = chirp(x.shape, j)
        if x.ndim > 1:
            values *= 1.5 / math.sqrt(x[0].numel())
        elif name.endswith("running_var") or name.endswith("weight"):
            values = 1 + 0.2 * values
        else:
            values *= 0.1
        x.data.copy_(values)


def listing(net):
    """One line for each parameter, then for each buffer."""
    named = [*net.named_parameters(), *net.named_buffers()]
    return "".join(f"{name} {'x'.join(map(str, x.shape))}\n" for name, x in named)


def digest(text):
    h = 0
    for byte in text.encode():
        h = (h * 31 + byte) % 2**31
    return h


def checksum(x):
    return (x.double().flatten() * torch.cos(0.3 * torch.arange(x.numel(), dtype=torch.float64) + 0.1)).sum()


def numbers(values):
    text = [f"{v:.9g}" for v in values]
    lines = [", ".join(text[k:k + 5]) for k in range(0, len(text), 5)]
    return "{ " + (",\n" + " " * 10).join(lines) + " }"


# ---- torchvision's GoogLeNet, made the paper's ---------------------------------------------------

class ConvReLU(torch.nn.Module):
    def __init__(self, *args, **options):
        super().__init__()
        self.conv = torch.nn.Conv2d(*args, **options)

    def forward(self, x):
        return self.conv(x).relu()


class Inception5x5(Inception):
    def __init__(self, cin, c1, c3_reduce, c3, c5_reduce, c5, pool):
        super().__init__(cin, c1, c3_reduce, c3, c5_reduce, c5, pool, conv_block=ConvReLU)
        self.branch3[1] = ConvReLU(c5_reduce, c5, kernel_size=5, padding=2)


class PaperAux(InceptionAux):
    def __init__(self, cin, num_classes, dropout):
        super().__init__(cin, num_classes, conv_block=ConvReLU, dropout=dropout)

    def forward(self, x):
        return super().forward(torch.nn.functional.avg_pool2d(x, 5, 3))


def googlenet_paper(**options):
    net = models.GoogLeNet(blocks=[ConvReLU, Inception5x5, PaperAux], init_weights=False, **options)
    norm = torch.nn.LocalResponseNorm(5, 1e-4, 0.75)
    net.maxpool1 = torch.nn.Sequential(net.maxpool1, norm)
    net.maxpool2 = torch.nn.Sequential(norm, net.maxpool2)
    net.maxpool4 = torch.nn.MaxPool2d(3, 2, ceil_mode=True)
    return net


# ---- rows ----------------------------------------------------------------------------------------

def make(name, **options):
    if name == "googlenet_paper":
        return googlenet_paper(**options)
    if name in ("googlenet", "inception_v3"):
        options["init_weights"] = False
    if name[0].isupper():  # a class
        return getattr(models, name)(**options)
    return getattr(models, name)(weights=None, **options)


def structure(name):
    with torch.device("meta"):
        net = make(name)
    count = models.get_model_weights(name).DEFAULT.meta["num_params"]
    given = ", options = { aux_logits = false }" if name == "googlenet" else ""  # its weights lack them
    return f"    {name} = {{ count = {count}, hash = {digest(listing(net))}{given} }},\n"


def run(name, shape, options, trained):
    net = make(name, num_classes=5, **options).train(trained)
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.eval()
    fill(net)
    x = chirp(shape, 0).float()
    y = net(x)
    results = list(y) if trained else [y]
    matrices = [p for p in net.parameters() if p.ndim > 1]
    loss = sum(checksum(r) for r in results)
    grads = torch.autograd.grad(loss, [matrices[0], matrices[-1]])
    lua = ",\n        ".join(f"{k} = {str(v).lower()}" for k, v in dict(options, num_classes=5).items())
    outputs = ",\n        ".join(numbers(r.flatten().tolist()) for r in results)
    print(name, f"{results[0].std():.3g}", f"{results[0].abs().max():.3g}", file=sys.stderr)
    return f"""    {{ name = "{name}", shape = {{ {', '.join(map(str, shape))} }},
      trained = {str(trained).lower()},
      options = {{ {lua} }},
      outputs = {{
        {outputs} }},
      grads = {numbers(checksum(g).item() for g in grads)} }},
"""


def main():
    with open(os.path.join(os.path.dirname(__file__), "vision.lua"), "w") as f:
        f.write("-- Made by golden/vision.py: torchvision's networks, see there.\n\nreturn {\n")
        f.write("  structures = {\n" + "".join(map(structure, NAMES)) + "  },\n")
        f.write("  runs = {\n" + "".join(run(*each) for each in RUNS) + "  },\n}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--list"]:
        print(listing(make(sys.argv[2])), end="")
    else:
        main()
