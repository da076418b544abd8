# Writes spec/golden/optim.safetensors: what PyTorch's optimisers do to parameters and losses.
#
#     python spec/golden/optim.py spec/golden/optim.safetensors
#
# The tensors' names say what was run, parts divided by "|"; spec/optim_golden_spec.lua runs the same:
#
#     steps|SGD|{momentum = 0.9}|p2       parameter 2 after 12 steps with gradients from a formula
#     steps|SGD|{momentum = 0.9}|momentum_buffer        a state of parameter 1 then
#     groups|...                          the same, parameter 1 in a group of its own, the others with
#                                         lr = 0.02, weight_decay = 0.1
#     losses|SGD|{lr = 0.1}               ten losses of a small network
#     rosenbrock|LBFGS|{...}              losses before each step, then the final parameters
#                                         (of LBFGS also how often it evaluated and iterated)
#     regression|LBFGS|{...}              the same for the small network
#     wolfe|thuente1|{...}                the point that a line search along a curve finds: step, value,
#                                         slope, evaluations
#
# Parameters, gradients, data and first weights are `fill(shape, j)` of golden/model.py, in float64.
# What PyTorch has not is written out below, with the paper: Lion, LAMB, CG.

import sys
import warnings

import torch
from safetensors.torch import save_file
from torch import optim
from torch.optim.lbfgs import _strong_wolfe

from model import fill

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
STEPS = 12


# ---- what PyTorch has not ----

class Written(optim.Optimizer):
    """An optimiser whose rule(p, g, state, group, t) changes p in place."""

    def __init__(self, params, **options):
        super().__init__(params, {**self.defaults_, **options})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                g = -p.grad if group["maximize"] else p.grad
                self.rule(p, g, state, group, state["t"])


class Lion(Written):
    """Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023), algorithm 2."""

    defaults_ = dict(lr=1e-4, betas=(0.9, 0.99), weight_decay=0, maximize=False)

    def rule(self, p, g, state, group, t):
        m = state.setdefault("exp_avg", torch.zeros_like(p))
        b1, b2 = group["betas"]
        c = b1 * m + (1 - b1) * g
        p.sub_(group["lr"] * (c.sign() + group["weight_decay"] * p))
        m.copy_(b2 * m + (1 - b2) * g)


class LAMB(Written):
    """You et al., "Large Batch Optimization for Deep Learning" (2019), algorithm 2, phi(z) = z."""

    defaults_ = dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, bias_correction=True, maximize=False)

    def rule(self, p, g, state, group, t):
        m = state.setdefault("exp_avg", torch.zeros_like(p))
        v = state.setdefault("exp_avg_sq", torch.zeros_like(p))
        b1, b2 = group["betas"]
        m.copy_(b1 * m + (1 - b1) * g)
        v.copy_(b2 * v + (1 - b2) * g * g)
        c1, c2 = (1 - b1**t, 1 - b2**t) if group["bias_correction"] else (1, 1)
        r = (m / c1) / ((v / c2).sqrt() + group["eps"]) + group["weight_decay"] * p
        trust = p.norm() / r.norm() if p.norm() > 0 and r.norm() > 0 else 1.0
        p.sub_(group["lr"] * trust * r)


class CG(optim.Optimizer):
    """Nocedal and Wright, "Numerical Optimization" (2006), algorithm 5.4 with beta PR+ (5.45), restarted where the
    direction does not descend; the line search is PyTorch's strong Wolfe, with c2 = 0.1; trial steps by (3.60),
    at most ten times the step before. Where a search got nowhere it begins anew."""

    def __init__(self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9):
        super().__init__(params, dict(lr=lr))
        self.max_iter, self.max_eval = max_iter, max_eval or max_iter * 5 // 4
        self.tolerance_grad, self.tolerance_change = tolerance_grad, tolerance_change
        self.params, self.d = self.param_groups[0]["params"], None

    def flat(self):
        return torch.cat([p.grad.reshape(-1) for p in self.params]).clone()

    def put(self, x):
        first = 0
        for p in self.params:
            p.copy_(x[first:first + p.numel()].view_as(p))
            first += p.numel()

    @torch.no_grad()
    def step(self, closure):
        closure = torch.enable_grad()(closure)
        first = closure()
        f, g, evals = float(first), self.flat(), 1
        if g.abs().max() <= self.tolerance_grad:
            return first
        for n in range(self.max_iter):
            if self.d is None or self.t == 0:
                d, t = -g, min(1.0, 1.0 / float(g.abs().sum())) * self.param_groups[0]["lr"]
            else:
                beta = max(0.0, float(g.dot(g - self.g) / self.g.dot(self.g)))
                d = -g + beta * self.d
                if g.dot(d) >= 0:
                    d = -g
                t = self.t * min(10.0, float(self.g.dot(self.d) / g.dot(d)))
            slope = g.dot(d)
            self.d, self.t, self.g = d, t, g
            if slope > -self.tolerance_change:
                break
            x = torch.cat([p.reshape(-1) for p in self.params]).clone()

            def at(x, t, d):
                self.put(x + t * d)
                return float(closure()), self.flat()

            before = f
            f, g, self.t, k = _strong_wolfe(at, x, t, d, f, g, slope, c2=0.1, max_ls=self.max_eval - evals)
            self.t, f = float(self.t), float(f)
            self.put(x + self.t * d)
            evals += k
            if (evals >= self.max_eval or g.abs().max() <= self.tolerance_grad
                    or (d * self.t).abs().max() <= self.tolerance_change or abs(f - before) < self.tolerance_change):
                break
        return first


def make(name):
    return globals().get(name) or getattr(optim, name)


# ---- options: Python's as Lua's ----

def lua(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "false"
    if isinstance(value, str):
        return "'%s'" % value
    if isinstance(value, (tuple, list)):
        return "{" + ", ".join(lua(v) for v in value) + "}"
    return repr(value)


def lua_options(options):
    return "{" + ", ".join("%s = %s" % (k, lua(v)) for k, v in options.items()) + "}"


GRID = {
    "SGD": [
        {}, dict(lr=0.1), dict(lr=0.1, momentum=0.9), dict(lr=0.1, momentum=0.9, dampening=0.3),
        dict(lr=0.1, momentum=0.9, nesterov=True), dict(lr=0.1, weight_decay=0.05),
        dict(lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05, maximize=True), dict(lr=0.1, maximize=True),
        dict(lr=0.05, momentum=0.5, dampening=0.1, weight_decay=0.2, maximize=True),
    ],
    "ASGD": [{}, dict(lr=0.1, lambd=0.01, alpha=0.6, t0=4), dict(lr=0.1, t0=3, weight_decay=0.1, maximize=True)],
    "Rprop": [{}, dict(lr=0.1, etas=(0.6, 1.3), step_sizes=(0.02, 0.15)), dict(maximize=True)],
    "Adam": [
        {}, dict(lr=0.1, betas=(0.8, 0.95), eps=1e-3), dict(lr=0.1, weight_decay=0.05), dict(lr=0.1, amsgrad=True),
        dict(lr=0.1, weight_decay=0.05, decoupled_weight_decay=True), dict(lr=0.1, maximize=True, amsgrad=True),
        dict(lr=0.1, betas=(0.0, 0.0)), dict(lr=0.1, betas=(0.3, 0.9)),
    ],
    "AdamW": [{}, dict(lr=0.1, weight_decay=0.2), dict(lr=0.1, amsgrad=True, maximize=True, betas=(0.5, 0.6))],
    "Adamax": [{}, dict(lr=0.1, betas=(0.7, 0.8), eps=1e-2), dict(lr=0.1, weight_decay=0.1, maximize=True)],
    "NAdam": [
        {}, dict(lr=0.1, momentum_decay=0.1), dict(lr=0.1, weight_decay=0.1, maximize=True),
        dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True, betas=(0.8, 0.9)),
    ],
    "RAdam": [
        {}, dict(lr=0.1, betas=(0.9, 0.9)), dict(lr=0.1, weight_decay=0.1, maximize=True),
        dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True, betas=(0.8, 0.95)),
    ],
    "RMSprop": [
        {}, dict(lr=0.05, alpha=0.9, eps=1e-3), dict(momentum=0.9), dict(centered=True), dict(weight_decay=0.1),
        dict(lr=0.05, momentum=0.8, centered=True, weight_decay=0.1, maximize=True),
    ],
    "Adagrad": [{}, dict(lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5),
                dict(lr=0.1, weight_decay=0.1, eps=0.01, maximize=True)],
    "Adadelta": [{}, dict(lr=0.5, rho=0.8, eps=1e-3), dict(weight_decay=0.1, maximize=True), dict(rho=1.0)],
    "Adafactor": [{}, dict(lr=0.1, beta2_decay=-0.5, d=2.0), dict(weight_decay=0.1, maximize=True),
                  dict(eps=(1e-3, 0.01))],
    "Lion": [{}, dict(lr=0.01, betas=(0.8, 0.9), weight_decay=0.1), dict(lr=0.01, maximize=True)],
    "LAMB": [{}, dict(lr=0.01, betas=(0.8, 0.9), weight_decay=0.1), dict(lr=0.01, weight_decay=0, maximize=True),
             dict(lr=0.01, bias_correction=False)],
    "Muon": [{}, dict(lr=0.1, nesterov=False, weight_decay=0.0), dict(lr=0.1, adjust_lr_fn="match_rms_adamw"),
             dict(lr=0.1, adjust_lr_fn="spectral_unclamped", momentum=0.5, ns_steps=3)],
}

# Some that train in ten steps.
TRAIN = {
    "SGD": dict(lr=0.3, momentum=0.9, nesterov=True), "ASGD": dict(lr=0.5, t0=3), "Rprop": {}, "Adam": dict(lr=0.05),
    "AdamW": dict(lr=0.05), "Adamax": dict(lr=0.05), "NAdam": dict(lr=0.05), "RAdam": dict(lr=0.05),
    "RMSprop": dict(lr=0.02, momentum=0.5, centered=True), "Adagrad": dict(lr=0.1), "Adadelta": dict(lr=5.0),
    "Adafactor": dict(lr=0.1), "Lion": dict(lr=0.01), "LAMB": dict(lr=0.05),
}

DESCENTS = {
    "rosenbrock": [
        ("LBFGS", dict(lr=0.3, max_iter=4)), ("LBFGS", dict(line_search_fn="strong_wolfe", max_iter=5)),
        ("LBFGS", dict(line_search_fn="strong_wolfe", max_iter=8, history_size=3)), ("CG", dict(max_iter=5)), ("CG", {}),
    ],
    "regression": [
        ("LBFGS", dict(lr=0.5, max_iter=4)), ("LBFGS", dict(lr=0.5, max_iter=4, history_size=2, max_eval=6)),
        ("LBFGS", dict(line_search_fn="strong_wolfe", max_iter=6, history_size=5)), ("CG", dict(max_iter=6)),
    ],
}


# ---- runs ----

def parameters(name):
    shapes = [(3, 5), (6, 4)] if name == "Muon" else [(3, 5), (7,), (2, 3, 2)]
    return [fill(s, j + 1).requires_grad_() for j, s in enumerate(shapes)]


def set_gradients(params, step):
    for j, p in enumerate(params):
        p.grad = fill(p.shape, 3 * step + j) * 0.8


def steps(out, kind, name, options):
    params = parameters(name)
    groups = params if kind == "steps" else [
        {"params": params[:1]}, {"params": params[1:], "lr": 0.02, "weight_decay": 0.1}]
    o = make(name)(groups, **options)
    for step in range(STEPS):
        set_gradients(params, step)
        o.step()
    key = "|".join([kind, name, lua_options(options)])
    for j, p in enumerate(params):
        out["%s|p%d" % (key, j + 1)] = p.detach().clone()
    for field, value in o.state[params[0]].items():
        if torch.is_tensor(value) and value.numel() > 1:
            out["%s|%s" % (key, field)] = value.clone()


def network():
    """x is (20, 3); two layers with tanh between; the loss is the mean square error."""
    x, y = fill((20, 3), 1), fill((20, 2), 2)
    shapes = [(8, 3), (8,), (2, 8), (2,)]
    params = [(fill(s, j + 3) * 0.5).requires_grad_() for j, s in enumerate(shapes)]

    def loss():
        w1, b1, w2, b2 = params
        return (((torch.tanh(x @ w1.T + b1) @ w2.T + b2) - y) ** 2).mean()

    return params, loss


def rosenbrock():
    p = torch.tensor([-1.2, 1.0], requires_grad=True)
    return [p], lambda: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def losses(name, options):
    params, loss = network()
    o, seen = make(name)(params, **options), []
    for _ in range(10):
        o.zero_grad()
        value = loss()
        value.backward()
        o.step()
        seen.append(value.item())
    return torch.tensor(seen)


def descend(problem, name, options):
    params, loss = problem()
    o, seen = make(name)(params, **options), []

    def closure():
        o.zero_grad()
        value = loss()
        value.backward()
        return value

    for _ in range(10):
        seen.append(float(o.step(closure)))
    state = o.state[params[0]]
    counts = [state[k] for k in ("func_evals", "n_iter") if k in state]
    return torch.cat([torch.tensor(seen)] + [p.detach().reshape(-1) for p in params] + [torch.tensor(counts)])


# Curves of More and Thuente, "Line Search Algorithms with Guaranteed Sufficient Decrease" (1994), and some more.
CURVES = {
    "thuente1": lambda a: -a / (a * a + 2),
    "thuente2": lambda a: (a + 0.004) ** 5 - 2 * (a + 0.004) ** 4,
    "yanai": lambda a: 0.99 * ((1 - a) ** 2 + 1e-6).sqrt() + 0.01 * (a * a + 1e-6).sqrt() - 0.3 * a,
    "waves": lambda a: torch.cos(3 * a + 1) - 0.2 * a + 0.01 * a * a,
    "wall": lambda a: torch.exp(a) - 3 * a,
    "kink": lambda a: (a - 0.7).abs() ** 1.5 + 0.1 * torch.sin(9 * a),
}


def wolfe(name, t, c2, max_ls):
    d = torch.ones(1)

    def at(_, t, __):
        a = torch.as_tensor(float(t)).clone().requires_grad_()
        f = CURVES[name](a)
        f.backward()
        return float(f), a.grad.reshape(1)

    f, g = at(None, 0.0, d)
    f_new, g_new, t_new, n = _strong_wolfe(at, None, torch.tensor(t), d, f, g, g.dot(d), c2=c2, max_ls=max_ls)
    return torch.tensor([float(t_new), f_new, g_new.item(), n])


def main(path):
    out = {}
    for name, grid in GRID.items():
        for options in grid:
            steps(out, "steps", name, options)
        if name not in ("Rprop",):
            steps(out, "groups", name, grid[1])
    for name, options in TRAIN.items():
        out["losses|%s|%s" % (name, lua_options(options))] = losses(name, options)
    for kind, cases in DESCENTS.items():
        problem = rosenbrock if kind == "rosenbrock" else network
        for name, options in cases:
            out["|".join([kind, name, lua_options(options)])] = descend(problem, name, options)
    for name in CURVES:
        for t in (1e-3, 0.1, 1.0, 10.0, 100.0):
            for c2, max_ls in ((0.9, 25), (0.1, 25), (0.001, 25), (0.001, 4)):
                out["wolfe|%s|{t = %r, c2 = %r, max_ls = %d}" % (name, t, c2, max_ls)] = wolfe(name, t, c2, max_ls)
    save_file(out, path)


if __name__ == "__main__":
    main(sys.argv[1])
