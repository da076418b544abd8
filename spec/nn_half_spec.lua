-- Modules in float16 and bfloat16: what common layers compute is what they compute in float32, up
-- to the rounding of the half type; copies of modules; all of it for every kind of layer.

local tocha = require "tocha"
local nn = tocha.nn

-- layer, size of an input (or "ids")
local LAYERS <const> = {
  { "Linear", nn.Linear(6, 4), { 3, 6 } }, { "Bilinear", nn.Bilinear(6, 6, 4), { 3, 6 }, { 3, 6 } },
  { "Maxout", nn.Maxout(6, 4, 2), { 3, 6 } },
  { "Conv1d", nn.Conv1d(2, 3, 3), { 2, 2, 7 } },
  { "Conv2d", nn.Conv2d(2, 3, 3, { padding = "same", stride = 2 }), { 2, 2, 7, 6 } },
  { "Conv3d", nn.Conv3d(1, 2, 2), { 1, 1, 3, 4, 3 } },
  { "ConvTranspose1d", nn.ConvTranspose1d(2, 3, 3, 2), { 2, 2, 5 } },
  { "ConvTranspose2d", nn.ConvTranspose2d(2, 3, 3, 2), { 2, 2, 4, 3 } },
  { "ConvTranspose3d", nn.ConvTranspose3d(1, 2, 2), { 1, 1, 2, 3, 2 } },
  { "BatchNorm1d", nn.BatchNorm1d(3), { 4, 3 } },
  { "BatchNorm2d", nn.BatchNorm2d(3), { 2, 3, 4, 4 } },
  { "SyncBatchNorm", nn.SyncBatchNorm(3), { 4, 3, 2 } },
  { "BatchNorm2d in evaluation", nn.BatchNorm2d(3):eval(), { 2, 3, 4, 4 } },
  { "InstanceNorm2d", nn.InstanceNorm2d(3, { affine = true }), { 2, 3, 4, 4 } },
  { "LayerNorm", nn.LayerNorm(6), { 3, 6 } }, { "RMSNorm", nn.RMSNorm(6), { 3, 6 } },
  { "GroupNorm", nn.GroupNorm(2, 4), { 2, 4, 5 } },
  { "LocalResponseNorm", nn.LocalResponseNorm(2), { 2, 4, 5 } },
  { "Embedding", nn.Embedding(9, 4), "ids" },
  { "EmbeddingBag", nn.EmbeddingBag(9, 4), "ids" },
  { "MaxPool2d", nn.MaxPool2d(2), { 2, 3, 6, 6 } },
  { "AvgPool2d", nn.AvgPool2d(2), { 2, 3, 6, 6 } },
  { "AdaptiveAvgPool2d", nn.AdaptiveAvgPool2d { 3, 4 }, { 2, 3, 7, 6 } },
  { "LPPool2d", nn.LPPool2d(2, 2), { 2, 3, 6, 6 } },
  { "GlobalAvgPool2d", nn.GlobalAvgPool2d(), { 2, 3, 6, 6 } },
  { "PReLU", nn.PReLU(), { 3, 6 } }, { "GELU", nn.GELU(), { 3, 6 } },
  { "SwiGLU", nn.SwiGLU(), { 3, 6 } },
  { "Softmax", nn.Softmax(), { 3, 6 } }, { "Softplus", nn.Softplus(), { 3, 6 } },
  { "Upsample", nn.Upsample { scale_factor = 2, mode = "bilinear" }, { 1, 2, 3, 4 } },
  { "ReflectionPad2d", nn.ReflectionPad2d(1), { 1, 2, 3, 4 } },
  { "PixelShuffle", nn.PixelShuffle(2), { 1, 4, 2, 3 } },
  { "Unfold", nn.Unfold(2), { 1, 2, 3, 4 } },
  { "CosineSimilarity", nn.CosineSimilarity(), { 3, 6 }, { 3, 6 } },
  { "PairwiseDistance", nn.PairwiseDistance(), { 3, 6 }, { 3, 6 } },
  { "weight_norm", nn.utils.parametrizations.weight_norm(nn.Linear(6, 4)), { 3, 6 } },
  { "spectral_norm", nn.utils.parametrizations.spectral_norm(nn.Linear(6, 4)):eval(), { 3, 6 } },
  { "a network", nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.0), nn.Linear(12, 4), nn.LogSoftmax()), { 2, 1, 6, 6 } },
}

local function inputs_of(row)
  tocha.manual_seed(3)
  local list <const> = {}
  for k = 3, #row do
    list[#list + 1] = row[k] == "ids" and tocha.randint(1, 9, { 3, 5 }) or tocha.randn(row[k])
  end
  return list
end

local function cast(list, dtype)
  local result <const> = {}
  for k, x in ipairs(list) do
    result[k] = x:is_floating_point() and x:detach():to(dtype):requires_grad_() or x
  end
  return result
end

local ROOM <const> = { float16 = 4e-3, bfloat16 = 4e-2 }

for _, dtype in ipairs { "float16", "bfloat16" } do
  describe("in " .. dtype, function()
    for _, row in ipairs(LAYERS) do
      it(row[1], function()
        local half <const> = row[2]:clone():to(dtype)
        local full <const> = half:clone():float()
        local x <const> = cast(inputs_of(row), dtype)
        local y <const> = half(table.unpack(x))
        assert.are.equal(dtype, y.dtype)
        local expected <const> = full(table.unpack(cast(x, "float32")))
        local off <const> = (y:float() - expected):abs():max():item()
        local room <const> = ROOM[dtype] * (1 + expected:abs():max():item())
        assert.is_true(off <= room, ("off by %g, %g is room"):format(off, room))
        y:float():sum():backward()
        local leaves <const> = half:parameters()
        for _, each in ipairs(x) do
          if each.requires_grad then leaves[#leaves + 1] = each end
        end
        for _, p in ipairs(leaves) do
          assert.are.equal(dtype, p.grad.dtype)
          assert.is_true(p.grad:isfinite():all():item())
        end
      end)
    end
  end)
end

describe("a copy", function()
  for _, row in ipairs(LAYERS) do
    it("of " .. row[1] .. " computes the same, apart", function()
      local layer <const> = row[2]:clone()
      local twin <const> = layer:clone()
      local x <const> = inputs_of(row)
      assert.are.equal(0.0, (layer(table.unpack(x)) - twin(table.unpack(x))):abs():max():item())
      assert.are.equal(tostring(layer), tostring(twin))
      local mine <const>, theirs <const> = layer:state_dict(), twin:state_dict()
      for name, p in pairs(mine) do
        assert.is_truthy(theirs[name], name)
        if p:is_floating_point() and p:numel() > 0 then
          p:fill_(7)
          assert.is_true(theirs[name]:ne(7):any():item(), name)
        end
      end
    end)
  end
end)
