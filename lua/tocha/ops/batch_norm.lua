-- batch_norm and instance_norm: x is (N, C, ...), statistics over all but the channels.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"
local reduction = require "tocha.reduction"
local normal = require "tocha.normalisation"
local K <const> = core.kernel
local like_or_none <const>, scaled <const> = normal.like_or_none, normal.scaled
local standardised <const>, standardised_grad <const> = normal.standardised,
  normal.standardised_grad
local check_channels <const>, check_size <const> = normal.check_channels, normal.check_size

-- N, C and size of x as it lies, whose vectors have an element for each channel, and a function to
-- see tensors like x so.
local function checked(name, x, vectors)
  local N <const>, C <const>, size <const> = check_channels(name, x)
  for argument, t in pairs(vectors) do check_size(name, argument, t, C, "channel") end
  return normal.as_it_lies(x, N, C, size)
end

-- An error unless the tensors have the shape of x.
local function check_like(name, x, tensors)
  for argument, t in pairs(tensors) do
    if not t:is_same_size(x) then
      core.fail(name, argument, "expected the shape of the input, %s, got %s",
        registry.rule.text(x.shape), registry.rule.text(t.shape))
    end
  end
end

local by_channel <const>, other_dims <const> = normal.by_channel, normal.other_dims

op "batch_norm_backward" {
  doc = "Gradients of `batch_norm` for input, weight and bias; `training`: mean and var are those "
    .. "of the input.",
  args = "grad: float, input: float, weight: float?, bias: float?, mean: float, var: float, "
    .. "training: bool, eps: number",
  outputs = 3, differentiable = 3, method = false,
  run = function(g, x, weight, bias, mean, var, training, eps)
    local N <const>, C <const>, size <const>, seen <const> = checked("batch_norm_backward", x,
      { weight = weight, bias = bias, mean = mean, var = var })
    check_like("batch_norm_backward", x, { grad = g })
    local gx, gw, gb = core.empty(x), like_or_none(weight, x), like_or_none(bias, x)
    K.batch_norm_backward(seen(gx), gw, gb, seen(g), seen(x), weight, mean, var, N, C, size,
      training, eps)
    return gx, weight and gw, bias and gb
  end,
  ref = function(g, x, weight, bias, mean, var, training, eps)
    local dims <const> = other_dims(x)
    local gw = weight and g * by_channel(weight, x) or g
    local gx, hat
    if training then
      gx, hat = standardised_grad(gw, x, dims, eps, true)
    else
      local rstd = by_channel(ops.rsqrt(var + eps), x)
      gx, hat = gw * rstd, (x - by_channel(mean, x)) * rstd
    end
    return gx, weight and ops.sum(g * hat, dims), bias and ops.sum(g, dims)
  end,
  sample = { { { 3, 2, 2 }, { 3, 2, 2 }, { 2 }, { 2 }, { 2 }, S.positive { 2 }, false, 1e-5 } },
}

-- `mean` and `var` are written: they are what the gradient and the running estimates need.
op "batch_norm_train" {
  doc = "`batch_norm` by the statistics of the batch, which are written into `mean` and `var`.",
  args = "input: float, weight: float?, bias: float?, mean: float, var: float, eps: number",
  method = false,
  run = function(x, weight, bias, mean, var, eps)
    local N <const>, C <const>, size <const>, seen <const> = checked("batch_norm_train", x,
      { weight = weight, bias = bias, mean = mean, var = var })
    local y = core.empty(x)
    K.batch_norm_train(seen(y), mean, var, seen(x), weight, bias, N, C, size, eps)
    return y
  end,
  ref = function(x, weight, bias, _, _, eps)
    return scaled(standardised(x, other_dims(x), eps, true), by_channel(weight, x),
      by_channel(bias, x))
  end,
  saves = "input weight mean var",
  grad = function(g, _, x, weight, bias, mean, var, eps)
    return ops.batch_norm_backward(g, x, weight, bias, mean, var, true, eps)
  end,
  sample = { { { 3, 2, 4 }, { 2 }, { 2 }, { 2 }, { 2 }, 1e-5 },
    { { 5, 3 }, nil, nil, { 3 }, { 3 }, 1e-5 } },
}

op "batch_norm_eval" {
  doc = "`batch_norm` by given statistics.",
  args = "input: float, weight: float?, bias: float?, mean: float, var: float, eps: number",
  method = false, constant = "mean var",
  run = function(x, weight, bias, mean, var, eps)
    local N <const>, C <const>, size <const>, seen <const> = checked("batch_norm_eval", x,
      { weight = weight, bias = bias, mean = mean, var = var })
    local y = core.empty(x)
    K.batch_norm_eval(seen(y), seen(x), weight, bias, mean, var, N, C, size, eps)
    return y
  end,
  ref = function(x, weight, bias, mean, var, eps)
    local hat = (x - by_channel(mean, x)) * by_channel(ops.rsqrt(var + eps), x)
    return scaled(hat, by_channel(weight, x), by_channel(bias, x))
  end,
  saves = "input weight mean var",
  grad = function(g, _, x, weight, bias, mean, var, eps)
    return ops.batch_norm_backward(g, x, weight, bias, mean, var, false, eps)
  end,
  sample = { { { 3, 2, 4 }, { 2 }, { 2 }, { 2 }, S.positive { 2 }, 1e-5 } },
}

-- ---- with what follows -------------------------------------------------------------------------

op "batch_norm_relu_backward" {
  doc = "Gradients of `batch_norm_relu_train` for input, residual, weight and bias.",
  args = "grad: float, output: float, input: float, residual: float?, weight: float?, "
    .. "bias: float?, mean: float, var: float, eps: number",
  outputs = 4, differentiable = 4, method = false, constant = "output",
  run = function(g, y, x, residual, weight, bias, mean, var, eps)
    local N <const>, C <const>, size <const>, seen <const> = checked("batch_norm_relu_backward", x,
      { weight = weight, bias = bias, mean = mean, var = var })
    check_like("batch_norm_relu_backward", x, { grad = g, output = y, residual = residual })
    local gx, gr = core.empty(x), residual and core.empty(x) or core.empty({ 0 }, x.dtype, x)
    local gw, gb = like_or_none(weight, x), like_or_none(bias, x)
    K.batch_norm_relu_backward(seen(gx), residual and seen(gr) or gr, gw, gb, seen(g), seen(y),
      seen(x), weight, mean, var, N, C, size, eps)
    return gx, residual and gr, weight and gw, bias and gb
  end,
  ref = function(g, y, x, residual, weight, bias, mean, var, eps)
    local passed <const> = ops.where(ops.le(y, 0), 0, g)
    local gx, gw, gb = registry.decl.batch_norm_backward.ref(passed, x, weight, bias, mean, var,
      true, eps)
    return gx, residual and passed, gw, gb
  end,
  sample = {},  -- the definition has mean and var move with the input, of which they are given
  nograd_sample = { { { 2, 2, 2 }, { 2, 2, 2 },
    S.value { { { -1.5, 0.5 }, { 0.3, 1.7 } }, { { 1.5, -0.5 }, { 0.9, 1.1 } } }, { 2, 2, 2 },
    { 2 }, { 2 }, S.value { 0.0, 1.0 }, S.value { 1.25, 0.25 }, 1e-5 } },
}

op "batch_norm_relu_train" {
  doc = "relu(batch_norm(input) + residual) by the statistics of the batch, in one pass after "
    .. "them; they are written into `mean` and `var`.",
  args = "input: float, residual: float?, weight: float?, bias: float?, mean: float, var: float, "
    .. "eps: number",
  method = false,
  run = function(x, residual, weight, bias, mean, var, eps)
    local N <const>, C <const>, size <const>, seen <const> = checked("batch_norm_relu_train", x,
      { weight = weight, bias = bias, mean = mean, var = var })
    check_like("batch_norm_relu_train", x, { residual = residual })
    local y = core.empty(x)
    K.batch_norm_relu_train(seen(y), mean, var, seen(x), weight, bias, residual and seen(residual),
      N, C, size, eps)
    return y
  end,
  ref = function(x, residual, weight, bias, mean, var, eps)
    local y <const> = registry.decl.batch_norm_train.ref(x, weight, bias, mean, var, eps)
    return ops.relu(residual and y + residual or y)
  end,
  saves = "y input weight mean var",
  grad = function(g, y, x, residual, weight, bias, mean, var, eps)
    return ops.batch_norm_relu_backward(g, y, x, residual, weight, bias, mean, var, eps)
  end,
  sample = { { { 3, 2, 4 }, { 3, 2, 4 }, { 2 }, { 2 }, { 2 }, { 2 }, 1e-5 },
    { { 5, 3 }, nil, nil, nil, { 3 }, { 3 }, 1e-5 } },
}

-- ---- the public ones ----------------------------------------------------------------------------

-- The running estimates take the unbiased variance.
local function update(running_mean, running_var, mean, var, count, momentum)
  K.batch_norm_update(running_mean, running_var, mean, var, momentum,
    count / math.max(count - 1, 1))
end

local function need_batch(name, count)
  if count < 2 then
    core.fail(name, 1, "training needs more than one value a channel, got %d; call eval() on the "
      .. "module or give a larger batch", count)
  end
end

-- `apply(x, weight, bias, mean, var, eps)` writes mean and var.
local function train(name, apply, x, weight, bias, eps, running_mean, running_var, momentum)
  local C <const> = x:size(2)
  local count <const> = C > 0 and x:numel() // C or 0
  need_batch(name, count)
  local mean = core.empty({ C }, reduction.wide(x.dtype), x)
  local var = core.empty({ C }, reduction.wide(x.dtype), x)
  local y = apply(x, weight, bias, mean, var, eps)
  if running_mean then update(running_mean, running_var, mean, var, count, momentum) end
  return y
end

op "batch_norm" {
  doc = "Each channel with mean 0 and variance 1 over the batch (`training`; the running "
    .. "estimates are updated in place) or by the running estimates, then scaled and shifted.",
  args = "input: float, running_mean: float?, running_var: float?, weight: float?, bias: float?, "
    .. "training: bool = false, momentum: number = 0.1, eps: number = 1e-5",
  method = false,
  ref = function(x, running_mean, running_var, weight, bias, training, momentum, eps)
    local _, C <const> = check_channels("batch_norm", x)
    check_size("batch_norm", "running_mean", running_mean, C, "channel")
    check_size("batch_norm", "running_var", running_var, C, "channel")
    check_size("batch_norm", "weight", weight, C, "channel")
    check_size("batch_norm", "bias", bias, C, "channel")
    if training then
      return train("batch_norm", ops.batch_norm_train, x, weight, bias, eps, running_mean,
        running_var, momentum)
    end
    if not (running_mean and running_var) then
      core.fail("batch_norm", "running_mean", "is missing; without 'training' the running "
        .. "estimates are needed")
    end
    return ops.batch_norm_eval(x, weight, bias, running_mean, running_var, eps)
  end,
  sample = { { { 3, 2, 4 }, nil, nil, { 2 }, { 2 }, true },
    { { 4, 3 }, nil, nil, nil, nil, true } },
}

op "batch_norm_relu" {
  doc = "relu(batch_norm(input, ...) + residual): in `training` one operation, whose gradient is "
    .. "one too; nothing in between is kept.",
  args = "input: float, running_mean: float?, running_var: float?, weight: float?, bias: float?, "
    .. "residual: float?, training: bool = false, momentum: number = 0.1, eps: number = 1e-5",
  method = false,
  ref = function(x, running_mean, running_var, weight, bias, residual, training, momentum, eps)
    if not training then
      local y <const> = ops.batch_norm(x, running_mean, running_var, weight, bias, false, momentum,
        eps)
      return ops.relu(residual and y + residual or y)
    end
    local _, C <const> = check_channels("batch_norm_relu", x)
    check_size("batch_norm_relu", "running_mean", running_mean, C, "channel")
    check_size("batch_norm_relu", "running_var", running_var, C, "channel")
    return train("batch_norm_relu", function(v, ...)
      return ops.batch_norm_relu_train(v, residual, ...)
    end, x, weight, bias, eps, running_mean, running_var, momentum)
  end,
  sample = { { { 3, 2, 4 }, nil, nil, { 2 }, { 2 }, { 3, 2, 4 }, true },
    { { 4, 3 }, nil, nil, nil, nil, nil, true } },
}

-- Each channel of each sample is a channel of its own of one sample.
local function instances(x)
  local shape <const> = { 1, x:size(1) * x:size(2) }
  for d = 3, x.ndim do shape[d] = x:size(d) end
  return ops.reshape(x, shape)
end

-- An estimate a channel from one an instance.
local function collect(running, per_instance, N)
  running:copy_(ops.mean(ops.reshape(per_instance, { N, -1 }), 1))
end

op "instance_norm" {
  doc = "Each channel of each sample with mean 0 and variance 1 (or, without `use_input_stats`, "
    .. "by the running estimates), then scaled and shifted.",
  args = "input: float, running_mean: float?, running_var: float?, weight: float?, bias: float?, "
    .. "use_input_stats: bool = true, momentum: number = 0.1, eps: number = 1e-5",
  method = false,
  ref = function(x, running_mean, running_var, weight, bias, use_input, momentum, eps)
    local N <const>, C <const> = check_channels("instance_norm", x)
    if not use_input then
      return ops.batch_norm(x, running_mean, running_var, weight, bias, false, momentum, eps)
    end
    check_size("instance_norm", "weight", weight, C, "channel")
    check_size("instance_norm", "bias", bias, C, "channel")
    local mean = running_mean and ops["repeat"](running_mean, { N })
    local var = running_var and ops["repeat"](running_var, { N })
    local y = train("instance_norm", ops.batch_norm_train, instances(x), nil, nil, eps, mean, var,
      momentum)
    if running_mean then
      collect(running_mean, mean, N)
      collect(running_var, var, N)
    end
    return scaled(ops.reshape(y, x.shape), by_channel(weight, x), by_channel(bias, x))
  end,
  sample = { { { 2, 3, 4 } }, { { 2, 3, 4 }, nil, nil, { 3 }, { 3 } } },
}
