-- SVHN, Street View House Numbers: cropped digits of 32 x 32. Netzer et al., "Reading Digits in
-- Natural Images with Unsupervised Feature Learning", 2011.

local core = require "tocha.core"
local fetch = require "tocha.data.fetch"
local mat = require "tocha.io.mat"
local signature = require "tocha.signature"
local Pictures = require "tocha.vision.datasets.pictures".Pictures

local ARGS <const> = "root = nil, split = 'train', transform = nil, target_transform = nil, "
  .. "download = false"
local URL <const> = "http://ufldl.stanford.edu/housenumbers/"
local SUMS <const> = { train = "e26dedcc434d2e4c54c9b2d4a06d8373",
  test = "eb5a983be6a315427106f1b164d9cef3", extra = "a93ce644f1a588dc4d68dda5feec44a7" }
local CLASSES <const> = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }
local MOST <const> = 1 << 31  -- bytes of the pictures of `extra` and more

local SVHN <const> = Pictures:extend "SVHN"

local function find(o)
  local name <const> = o.split .. "_32x32.mat"
  return fetch.files("SVHN", { { name = name, url = URL .. name, sum = "md5:" .. SUMS[o.split] } },
    { root = o.root, download = o.download, below = { "SVHN" }, name = "svhn" })[1]
end

-- X is (32, 32, 3, N), y (N, 1): 1 to 9, and 10 for the digit 0.
local function read(path)
  local v <const> = mat.load(path, { max_bytes = MOST,
    only = function(name) return name == "X" or name == "y" end })
  local x <const>, y <const> = v.X, v.y
  if not (core.is_tensor(x) and core.is_tensor(y) and x.ndim == 4 and x.dtype == "uint8"
    and x:size(3) == 3 and y:numel() == x:size(4)) then
    core.fail("SVHN", 1, "%s: X (32, 32, 3, N) of bytes and y (N, 1) are not in it", path)
  end
  local digits <const> = y:flatten():long()
  if digits:numel() > 0 and (digits:min():item() < 0 or digits:max():item() > 10) then
    core.fail("SVHN", 1, "%s: its labels are not 1 to 10", path)
  end
  return x:permute(4, 3, 1, 2):contiguous(), digits % 10 + 1
end

--- vision.datasets.SVHN(root, {split = "train", transform, target_transform, download = false}):
--- pictures (3, 32, 32) uint8 of train_32x32.mat (73,257), test_32x32.mat (26,032) or, with split =
--- "extra", extra_32x32.mat (531,131). The digit d is class d + 1.
function SVHN:new(...)
  local o <const> = {}
  signature.read(ARGS, "SVHN", o, ...)
  if not SUMS[o.split] then
    core.fail("SVHN", 2, "'split': expected train, test or extra, got %s", tostring(o.split))
  end
  self.split, o.classes = o.split, CLASSES
  local images <const>, labels <const> = read(find(o))
  Pictures.new(self, images, labels, o)
end

return { SVHN = SVHN }
