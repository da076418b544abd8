"""Writes spec/golden/layers.lua: what PyTorch computes for the layers that model.py leaves out, and
ten training losses of a small network of each family.

    python spec/golden/layers.py > spec/golden/layers.lua

A row is the Lua code of a module, its counterpart here, and the inputs; spec/golden/case.lua builds
the one, run_case of model.py the other, from weights that both know by a formula. The rows are in
layer_rows.py and tool_rows.py.
"""

import torch
import torch.nn.functional as F
from torch import nn

import layer_rows
import tool_rows
from layer_modules import Function, Maxout
from model import F as floats, I as ids, fill, lua_input, make_input, number, run_case

FAMILIES = (
    layer_rows.convolutions,
    layer_rows.pooling,
    layer_rows.paddings,
    layer_rows.norms,
    layer_rows.lookups,
    layer_rows.others,
    tool_rows.parametrized,
    tool_rows.pruned,
    tool_rows.losses,
)


# ---- a small network of each family -------------------------------------------------------------


def networks():
    """(name, Lua code, network, input of each step); the loss is the mean square from a target."""
    return [
        (
            "convolution in one dimension",
            "nn.Sequential(nn.Conv1d(2, 4, 3, 2), nn.Tanh(), nn.Conv1d(4, 3, 2, {padding = 'same', padding_mode = 'circular'}))",
            nn.Sequential(
                nn.Conv1d(2, 4, 3, 2),
                nn.Tanh(),
                nn.Conv1d(4, 3, 2, padding="same", padding_mode="circular"),
            ),
            floats(3, 2, 11),
        ),
        (
            "convolution in two dimensions",
            "nn.Sequential(nn.Conv2d(2, 4, 3, {padding = 1}), nn.SiLU(), nn.Conv2d(4, 4, 3, 2, {groups = 2}))",
            nn.Sequential(
                nn.Conv2d(2, 4, 3, padding=1), nn.SiLU(), nn.Conv2d(4, 4, 3, 2, groups=2)
            ),
            floats(3, 2, 6, 7),
        ),
        (
            "convolution in three dimensions",
            "nn.Sequential(nn.Conv3d(1, 3, 2), nn.GELU(), nn.Conv3d(3, 2, {2, 1, 2}, {dilation = {1, 1, 2}}))",
            nn.Sequential(
                nn.Conv3d(1, 3, 2), nn.GELU(), nn.Conv3d(3, 2, (2, 1, 2), dilation=(1, 1, 2))
            ),
            floats(2, 1, 4, 3, 5),
        ),
        (
            "transposed convolution",
            "nn.Sequential(nn.ConvTranspose1d(2, 3, 3, 2), nn.Unflatten(3, {3, 3}), nn.ConvTranspose2d(3, 2, 2, 2), "
            "nn.Softplus(), nn.Unsqueeze(3), nn.ConvTranspose3d(2, 1, 2))",
            nn.Sequential(
                nn.ConvTranspose1d(2, 3, 3, 2),
                nn.Unflatten(2, (3, 3)),
                nn.ConvTranspose2d(3, 2, 2, 2),
                nn.Softplus(),
                Function(lambda x: x.unsqueeze(2)),
                nn.ConvTranspose3d(2, 1, 2),
            ),
            floats(3, 2, 4),
        ),
        (
            "batch normalisation",
            "nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Unflatten(2, {2, 3}), nn.Unsqueeze(4), nn.BatchNorm2d(2), "
            "nn.Unsqueeze(5), nn.BatchNorm3d(2))",
            nn.Sequential(
                nn.Linear(4, 6),
                nn.BatchNorm1d(6),
                nn.Unflatten(1, (2, 3)),
                Function(lambda x: x.unsqueeze(3)),
                nn.BatchNorm2d(2),
                Function(lambda x: x.unsqueeze(4)),
                nn.BatchNorm3d(2),
            ),
            floats(5, 4),
        ),
        (
            "other normalisation",
            "nn.Sequential(nn.LayerNorm(4), nn.Conv1d(4, 6, 1), nn.GroupNorm(3, 6), nn.Tanh(), nn.InstanceNorm1d(6, "
            "{affine = true}), nn.RMSNorm({6, 4}), nn.LocalResponseNorm(2))",
            nn.Sequential(
                nn.LayerNorm(4),
                nn.Conv1d(4, 6, 1),
                nn.GroupNorm(3, 6),
                nn.Tanh(),
                nn.InstanceNorm1d(6, affine=True),
                nn.RMSNorm((6, 4)),
                nn.LocalResponseNorm(2),
            ),
            floats(3, 4, 4),
        ),
        (
            "embedding",
            "nn.Sequential(nn.Embedding(9, 4, {padding_idx = 2}), nn.Linear(4, 3), nn.Tanh())",
            nn.Sequential(nn.Embedding(9, 4, padding_idx=1), nn.Linear(4, 3), nn.Tanh()),
            ids(9, 3, 5),
        ),
        (
            "bags of embeddings",
            "nn.Sequential(nn.EmbeddingBag(9, 4, {mode = 'sum'}), nn.Linear(4, 3), nn.Tanh())",
            nn.Sequential(nn.EmbeddingBag(9, 4, mode="sum"), nn.Linear(4, 3), nn.Tanh()),
            ids(9, 3, 5),
        ),
        (
            "pooling",
            "nn.Sequential(nn.Conv2d(1, 3, 2), nn.MaxPool2d(2, {ceil_mode = true}), nn.Conv2d(3, 3, 2), nn.AvgPool2d(2, 1), "
            "nn.LPPool2d(2, 1), nn.AdaptiveMaxPool2d({2, 1}), nn.AdaptiveAvgPool2d(1))",
            nn.Sequential(
                nn.Conv2d(1, 3, 2),
                nn.MaxPool2d(2, ceil_mode=True),
                nn.Conv2d(3, 3, 2),
                nn.AvgPool2d(2, 1),
                nn.LPPool2d(2, 1),
                nn.AdaptiveMaxPool2d((2, 1)),
                nn.AdaptiveAvgPool2d(1),
            ),
            floats(2, 1, 10, 9),
        ),
        (
            "gates, maxima and residuals",
            "nn.Sequential(nn.Linear(4, 8), nn.SwiGLU(), nn.Residual(nn.Maxout(4, 4, 2)), nn.PReLU(4))",
            nn.Sequential(
                nn.Linear(4, 8),
                Function(lambda x: F.silu(x[:, :4]) * x[:, 4:]),
                Function(lambda f, x: f(x) + x, block=Maxout(4, 4, 2)),
                nn.PReLU(4),
            ),
            floats(5, 4),
        ),
    ]


def set_weights(net):
    with torch.no_grad():
        for j, p in enumerate(net.parameters()):
            p.copy_(fill(p.shape, j + 1, 0.2))


def train(code, net, spec, dtype):
    names = [name for name, _ in net.named_parameters()]
    net = net.to(torch.float64)
    for name, b in net.named_buffers():
        b.fill_(1 if name.endswith("running_var") else 0)
    set_weights(net)
    net = net.to(dtype)
    optimiser, found = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9), []
    for step in range(10):
        x = make_input(spec, 50 + step).detach()
        x = x.to(dtype) if x.is_floating_point() else x
        optimiser.zero_grad()
        y = net(x)
        loss = ((y - fill(y.shape, 99).to(dtype)) ** 2).mean()
        loss.backward()
        optimiser.step()
        found.append(loss.item())
    print(
        '    { code = %s,\n      names = {%s}, dtype = "%s", input = %s,\n      losses = {%s} },'
        % (
            '"' + code + '"',
            ", ".join('"%s"' % n for n in names),
            str(dtype).split(".")[1],
            lua_input(spec),
            ", ".join(number(loss) for loss in found),
        )
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    print(
        "-- Written by spec/golden/layers.py with PyTorch %s; do not edit."
        % torch.__version__.split("+")[0]
    )
    print("-- luacheck: ignore")
    print("return {\n  layers = {")
    for family in FAMILIES:
        for case in family():
            run_case(*case)
    print("  },\n  training = {")
    for name, code, net, spec in networks():
        for kind in (torch.float64, torch.float32):
            train(code, net, spec, kind)
    print("  },\n}")
