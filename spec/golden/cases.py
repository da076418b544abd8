"""What rnn.py and transformer.py share: cases of modules, written to one safetensors file.

For each case the file holds, under "CASE|", PyTorch's own state dict ("state|NAME"), the inputs
("input|K"), the results ("output|K"), and the gradients of sum(output_k * cos(0.3 i + 0.1)) for
each parameter ("grad|NAME") and input ("input_grad|K"); or ten losses of training ("losses").
Weights and inputs are numbers of float32, which both precisions hold exactly; the rest is
computed in float64. The metadata has the cases as JSON, with the Lua code that makes the module
and calls it. spec/golden/cases.lua reads it.
"""

import json

import torch
from safetensors.torch import save_file

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(2)


def numbers(*shape, scale=1.0):
    """A tensor of float32's numbers in float64."""
    return (torch.randn(shape) * scale).float().double()


def weights(n):
    return torch.cos(0.3 * torch.arange(n) + 0.1)


def is_float(x):
    return x.is_floating_point()


class Cases:
    def __init__(self, path):
        self.path, self.tensors, self.cases = path, {}, []

    def _keep(self, case, key, x):
        x = x.detach()
        if is_float(x) and x.float().double().equal(x):
            x = x.float()
        self.tensors[f"{case}|{key}"] = x.contiguous().clone()

    def _start(self, name, make, call, module, inputs, **more):
        assert name not in [case["name"] for case in self.cases], name
        self.cases.append(dict(name=name, make=make, call=call, inputs=len(inputs), **more))
        module.train(more.get("training", False))
        with torch.no_grad():
            for p in module.parameters():
                p.copy_(numbers(*p.shape, scale=0.4))
        for key, p in module.state_dict().items():
            self._keep(name, "state|" + key, p)
        for k, x in enumerate(inputs, 1):
            self._keep(name, f"input|{k}", x)

    def add(self, name, make, call, module, run, *inputs):
        """`make` and `call` are Lua: an expression, and a function of the module and the inputs."""
        self._start(name, make, call, module, inputs)
        inputs = [x.detach().clone().requires_grad_(is_float(x)) for x in inputs]
        outputs = run(module, *inputs)
        sum((y.reshape(-1) * weights(y.numel())).sum() for y in outputs).backward()
        for k, y in enumerate(outputs, 1):
            self._keep(name, f"output|{k}", y)
        for key, p in module.named_parameters():
            self._keep(name, "grad|" + key, torch.zeros_like(p) if p.grad is None else p.grad)
        for k, x in enumerate(inputs, 1):
            if x.requires_grad and x.grad is not None:
                self._keep(name, f"input_grad|{k}", x.grad)

    def train(self, name, make, call, module, run, *inputs, lr):
        """Ten losses under plain SGD; `call` and `run` give the loss."""
        self._start(name, make, call, module, inputs, lr=lr)
        optimizer, losses = torch.optim.SGD(module.parameters(), lr=lr), []
        for _ in range(10):
            optimizer.zero_grad()
            loss = run(module, *inputs)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        self._keep(name, "losses", torch.stack(losses))

    def save(self):
        save_file(self.tensors, self.path, {"cases": json.dumps(self.cases)})
