-- What the specs of transformers share.

local tocha = require "tocha"
local support = require "spec.support"
local nn <const> = tocha.nn

local alike <const>, fails_with <const> = support.assert_alike, support.fails_with

local function random(...) return tocha.randn({ ... }, { dtype = "float64" }) end

local function gpt(options)
  options.norm_first = true
  local layer <const> = nn.TransformerEncoderLayer(8, 2, 16, 0, options)
  local net <const> = nn.TransformerEncoder(layer, 2, nn.LayerNorm(8))
  for _, p in ipairs(net:parameters()) do p:detach():normal_(0, 0.5) end
  return net:double():eval()
end

return { alike = alike, fails_with = fails_with, random = random, gpt = gpt }
