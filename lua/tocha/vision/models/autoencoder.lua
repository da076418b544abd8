-- Autoencoders: a network that gives its input back, through a code that is narrower. Hinton and
-- Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks" (2006), without their
-- layer-wise pre-training; and one of convolutions (Masci et al., 2011).
--
-- Both have encode(x), decode(code) and forward(x) = decode(encode(x)); values are 0 to 1.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- ---- of linear layers ---------------------------------------------------------------------------

local Autoencoder <const> = nn.Module:extend "Autoencoder"

-- Linear layers of these sizes with activations between them.
local function layers_of(sizes, activation)
  local net <const> = nn.Sequential()
  for k = 1, #sizes - 1 do
    net:add(nn.Linear(sizes[k], sizes[k + 1]))
    if k < #sizes - 1 then net:add(activation()) end
  end
  return net
end

local function reversed(list)
  local back <const> = {}
  for k = #list, 1, -1 do back[#back + 1] = list[k] end
  return back
end

--- models.Autoencoder{sizes = {784, 1000, 500, 250, 30}, activation = nn.ReLU}: sizes from the
--- input to the code, which is linear; the paper's activation is nn.Sigmoid. x is (B, ...) of
--- sizes[1] numbers, so is the result.
function Autoencoder:new(options)
  local o <const> = {}
  signature.read("sizes = {784, 1000, 500, 250, 30}, activation = nil", "Autoencoder", o, options)
  local activation <const> = o.activation or nn.ReLU
  self.encoder = layers_of(o.sizes, activation)
  self.decoder = layers_of(reversed(o.sizes), activation)
end

function Autoencoder:encode(x) return self.encoder(x:flatten(2)) end
function Autoencoder:decode(code) return self.decoder(code):sigmoid() end
function Autoencoder:forward(x) return self:decode(self:encode(x)):reshape(x.shape) end

-- ---- of convolutions ----------------------------------------------------------------------------

local ConvAutoencoder <const> = nn.Module:extend "ConvAutoencoder"

local function down(cin, cout)
  return nn.Sequential(nn.Conv2d(cin, cout, 3, { stride = 2, padding = 1 }), nn.ReLU())
end

local function up(cin, cout, is_last)
  local layer <const> = nn.Sequential(nn.ConvTranspose2d(cin, cout, 4, { stride = 2, padding = 1 }))
  return is_last and layer or layer:add(nn.ReLU())
end

--- models.ConvAutoencoder{channels = 1, widths = {16, 32}}: each width halves the picture once; the
--- code is (B, widths[-1], H / 2^n, W / 2^n) for sides that 2^n divides.
function ConvAutoencoder:new(options)
  local o <const> = {}
  signature.read("channels = 1, widths = {16, 32}", "ConvAutoencoder", o, options)
  local sizes <const> = table.move(o.widths, 1, #o.widths, 2, { o.channels })
  self.encoder, self.decoder = nn.Sequential(), nn.Sequential()
  for k = 1, #sizes - 1 do self.encoder:add(down(sizes[k], sizes[k + 1])) end
  for k = #sizes, 2, -1 do self.decoder:add(up(sizes[k], sizes[k - 1], k == 2)) end
end

function ConvAutoencoder:encode(x) return self.encoder(x) end
function ConvAutoencoder:decode(code) return self.decoder(code):sigmoid() end
function ConvAutoencoder:forward(x) return self:decode(self:encode(x)) end

local models <const> = blocks.define({}, Autoencoder, { autoencoder = {} })
return blocks.define(models, ConvAutoencoder, { conv_autoencoder = {} })
