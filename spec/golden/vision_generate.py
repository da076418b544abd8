"""Writes vision_generate.safetensors: a small VAE, DCGAN and diffusion U-Net in PyTorch, what goes in, what
comes out, gradients.

    python spec/golden/vision_generate.py           (a Python with PyTorch)

Names are case/what; case/state/NAME are parameters and buffers, case/grad/NAME gradients of some.
"""
import math
import pathlib
import sys

sys.path.pop(0)  # beside this file lie others that are called as libraries are

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from torch import nn  # noqa: E402

out = {}


def keep(case, **tensors):
    for name, x in tensors.items():
        out[f"{case}/{name}"] = x.detach().clone().contiguous()


def keep_net(case, net, grads=()):
    for name, x in net.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            out[f"{case}/state/{name}"] = x.clone()
    for name, p in net.named_parameters():
        if name in grads:
            out[f"{case}/grad/{name}"] = p.grad.clone()


class VAE(nn.Module):  # as in pytorch/examples/vae
    def __init__(self):
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(12, 7), nn.Linear(7, 3), nn.Linear(7, 3)
        self.fc3, self.fc4 = nn.Linear(3, 7), nn.Linear(7, 12)

    def forward(self, x):
        h = F.relu(self.fc1(x))
        mu, logvar = self.fc21(h), self.fc22(h)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(mu)))), mu, logvar  # the mean stands for a draw


torch.manual_seed(1)
net, x = VAE(), torch.rand(5, 12)
y, mu, logvar = net(x)
bce = F.binary_cross_entropy(y, x, reduction="sum")
kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
((bce + 4 * kld) / 5).backward()
keep("vae", x=x, y=y, mu=mu, logvar=logvar, reconstruction=bce / 5, kl=kld / 5)
keep_net("vae", net, ("fc1.weight", "fc22.bias", "fc4.weight"))

# ---- DCGAN, numbered as in PyTorch's tutorial
G = nn.Sequential(nn.ConvTranspose2d(5, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                  nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
                  nn.ConvTranspose2d(4, 2, 4, 2, 1, bias=False), nn.Tanh())
D = nn.Sequential(nn.Conv2d(2, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
                  nn.Conv2d(4, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.LeakyReLU(0.2),
                  nn.Conv2d(8, 1, 4, 1, 0, bias=False), nn.Sigmoid())
holder = nn.ModuleDict({"g": nn.ModuleDict({"main": G}), "d": nn.ModuleDict({"main": D})})
keep_net("dcgan", holder)
z = torch.randn(3, 5)
made = G(z.reshape(3, 5, 1, 1))
p = D(made).flatten()
F.binary_cross_entropy(p, torch.ones(3)).backward()
keep("dcgan", z=z, made=made, p=p, grad_g=G[0].weight.grad, grad_d=D[0].weight.grad)


# ---- the U-Net of Ho et al. as its PyTorch ports have it
def norm(c):
    return nn.GroupNorm(4, c, eps=1e-6)


def swish(x):
    return x * torch.sigmoid(x)


class Block(nn.Module):
    def __init__(self, cin, cout, width):
        super().__init__()
        self.norm1, self.conv1 = norm(cin), nn.Conv2d(cin, cout, 3, 1, 1)
        self.temb_proj = nn.Linear(4 * width, cout)
        self.norm2, self.conv2 = norm(cout), nn.Conv2d(cout, cout, 3, 1, 1)
        if cin != cout:
            self.nin_shortcut = nn.Conv2d(cin, cout, 1)

    def forward(self, x, t):
        h = self.conv1(swish(self.norm1(x))) + self.temb_proj(swish(t))[:, :, None, None]
        h = self.conv2(swish(self.norm2(h)))
        return h + (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x)


class Attn(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm = norm(c)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(c, c, 1) for _ in range(4))

    def forward(self, x):
        b, c, h, w = x.shape
        y = self.norm(x)
        q, k, v = self.q(y).reshape(b, c, -1), self.k(y).reshape(b, c, -1), self.v(y).reshape(b, c, -1)
        weights = torch.softmax(torch.bmm(q.transpose(1, 2), k) * c ** -0.5, 2)
        return x + self.proj_out(torch.bmm(v, weights.transpose(1, 2)).reshape(b, c, h, w))


def holder_of(**parts):
    m = nn.Module()
    for name, part in parts.items():
        setattr(m, name, part)
    return m


class UNet(nn.Module):
    def __init__(self, channels, width, mult, attends, blocks):
        super().__init__()
        self.width, self.blocks = width, blocks
        self.temb = holder_of(dense=nn.ModuleList([nn.Linear(width, 4 * width), nn.Linear(4 * width, 4 * width)]))
        self.conv_in = nn.Conv2d(channels, width, 3, 1, 1)
        skips, cin = [width], width
        self.down = nn.ModuleList()
        for i, m in enumerate(mult):
            level = holder_of(block=nn.ModuleList(), attn=nn.ModuleList())
            for _ in range(blocks):
                level.block.append(Block(cin, width * m, width))
                cin = width * m
                skips.append(cin)
                if i in attends:
                    level.attn.append(Attn(cin))
            if i < len(mult) - 1:
                level.downsample = holder_of(conv=nn.Conv2d(cin, cin, 3, 2, 0))
                skips.append(cin)
            self.down.append(level)
        self.mid = holder_of(block_1=Block(cin, cin, width), attn_1=Attn(cin), block_2=Block(cin, cin, width))
        ups = []
        for i in reversed(range(len(mult))):
            level = holder_of(block=nn.ModuleList(), attn=nn.ModuleList())
            for _ in range(blocks + 1):
                level.block.append(Block(cin + skips.pop(), width * mult[i], width))
                cin = width * mult[i]
                if i in attends:
                    level.attn.append(Attn(cin))
            if i > 0:
                level.upsample = holder_of(conv=nn.Conv2d(cin, cin, 3, 1, 1))
            ups.insert(0, level)
        self.up = nn.ModuleList(ups)
        self.norm_out, self.conv_out = norm(cin), nn.Conv2d(cin, channels, 3, 1, 1)

    def forward(self, x, t):  # t from 0
        half = self.width // 2
        rates = torch.exp(torch.arange(half) * -(math.log(10000) / (half - 1)))
        temb = t.float()[:, None] * rates[None]
        temb = self.temb.dense[1](swish(self.temb.dense[0](torch.cat([temb.sin(), temb.cos()], 1))))
        hs = [self.conv_in(x)]
        for level in self.down:
            for j, block in enumerate(level.block):
                h = block(hs[-1], temb)
                hs.append(level.attn[j](h) if len(level.attn) else h)
            if hasattr(level, "downsample"):
                hs.append(level.downsample.conv(F.pad(hs[-1], (0, 1, 0, 1))))
        h = self.mid.block_2(self.mid.attn_1(self.mid.block_1(hs[-1], temb)), temb)
        for level in reversed(self.up):
            for j, block in enumerate(level.block):
                h = block(torch.cat([h, hs.pop()], 1), temb)
                if len(level.attn):
                    h = level.attn[j](h)
            if hasattr(level, "upsample"):
                h = level.upsample.conv(F.interpolate(h, scale_factor=2.0, mode="nearest"))
        return self.conv_out(swish(self.norm_out(h)))


torch.manual_seed(2)
net = UNet(2, 8, (1, 2), (1,), 2)
x, t = torch.randn(3, 2, 8, 12), torch.tensor([0, 7, 999])
y = net(x, t)
(y * torch.arange(y.numel()).reshape(y.shape).sin()).sum().backward()
keep("unet", x=x, t=t, y=y)
keep_net("unet", net, ("conv_in.weight", "temb.dense.0.weight", "down.1.attn.0.q.weight",
                       "up.0.block.2.nin_shortcut.weight", "down.0.downsample.conv.bias"))

# ---- schedules and deterministic sampling
betas = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
left = torch.cumprod(1 - betas, 0)
keep("schedule", linear=left)
f = [math.cos((k / 40 + 0.008) / 1.008 * math.pi / 2) ** 2 for k in range(41)]
keep("schedule", cosine=torch.tensor([min(1 - f[k + 1] / f[k], 0.999) for k in range(40)], dtype=torch.float64))
with torch.no_grad():
    xt = noise = torch.randn(2, 2, 8, 8)
    steps = [1000, 750, 500, 250, 0]
    for now, to in zip(steps, steps[1:]):
        a, b = left[now - 1].item(), left[to - 1].item() if to else 1.0
        eps = net(xt, torch.full((2,), now - 1))
        x0 = ((xt - (1 - a) ** 0.5 * eps) / a ** 0.5).clamp(-1, 1)
        eps = (xt - a ** 0.5 * x0) / (1 - a) ** 0.5
        xt = b ** 0.5 * x0 + (1 - b) ** 0.5 * eps
keep("ddim", noise=noise, x=xt)

save_file(out, str(pathlib.Path(__file__).with_suffix(".safetensors")))
