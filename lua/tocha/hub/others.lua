-- Published weights of other sources, with clear licences.

local GITHUB <const> = "https://raw.githubusercontent.com/"
local CIFAR <const> = GITHUB .. "akamaster/pytorch_resnet_cifar10/"
  .. "d5489e8995e81e91ce6b1d69dcc98ad579b0b153/pretrained_models/"
local ML5 <const> = GITHUB .. "ml5js/ml5-data-and-models/"
  .. "0612a3e7c51cbffdc5db701dff49d16d1ac26fa8/models/darknetclassifier/darknettiny/"

local MEAN <const>, STD <const> = { 0.485, 0.456, 0.406 }, { 0.229, 0.224, 0.225 }

local entries <const> = {}

-- ---- residual networks for CIFAR-10 -------------------------------------------------------------
-- Yerlan Idelbayev, https://github.com/akamaster/pytorch_resnet_cifar10: the hash that begins the
-- file's SHA-256, and the top-1 accuracy in percent.

for model, hash, top1 in ([[
resnet20 12fca82f 91.73
resnet32 d509ac18 92.63
resnet44 014dd654 93.10
resnet56 4bfd9763 93.39
resnet110 1d1ed7c2 93.68
]]):gmatch "(%S+) (%S+) (%S+)" do
  local name <const> = ("%s-%s.th"):format(model, hash)
  entries[#entries + 1] = {
    model = model, weights = "cifar10", default = true,
    files = { { name = name, url = CIFAR .. name, sum = "sha256:" .. hash } },
    accuracy = { top1 = tonumber(top1), data = "CIFAR-10" },
    preprocess = { mean = MEAN, std = STD }, licence = "BSD-2-Clause",
    classes = { "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
      "truck" },
  }
end

-- ---- Tiny Darknet -------------------------------------------------------------------------------
-- https://pjreddie.com/darknet/tiny-darknet as a TensorFlow.js layers model: bytes, SHA-256.

local tiny <const> = {}
for name, size, sum in ([[
  model.json 33236 5a5ee1ddb33ac7948b303197f4c63f72a80fc00a7d2870d30843004ddd5b4b51
  group1 256 1a95595a3f6c497f27747d40276649a10988d0808a121ddfb3f6b368133f44c5
  group2 4096 8226135041fbafc7c3a838d0673badb8d3e4211a4d550781951d15a09445ea47
  group3 1024 3a465f4bbcbcd7721caa77b704829cfe20eadab670a8d91a352e76e4cfca1a02
  group4 8192 3e661974c4740795f3ca9b882ae80dc3521951dac2b262ac054329f17aaefb10
  group5 1024 5f1fa7779fe01d2b06ea3804f84e5cf6a25688dc458617a9f35a1018356abcbf
  group6 8192 e054b14e9e866da448ab351f04d3920ae216032b3df680396163a77b8925a009
  group7 2048 2aed907302664d64b85669a293c8f5a492521b4d025b9b3a19943f951a7e32df
  group8 512 99e0418ac61cd6093df0bb4a5a67750ec0b0fbb8edb2125c0cfda67e3cb3f1a4
  group9 256 4fb47f3aa4f19f7fabd7d4271cf81e8af7735fcfc89bf4b9174f379bb60b129d
  group10 2048 2afc82f4d423cb8272e4089b69c5dba2755eea8499935b4f0020e27b5d559557
  group11 256 8957dc1caa88193522d8071f6ac3171634818bb50223b1e98ace21f010b414cc
  group12 2048 bced27a16699c0eca4ee4d15c4e5fac46532a6f2850b53445818c0e2e69af7b1
  group13 512 5e6172c6d71505fce1a9388e733aaddf21f6ab14f9ccaf10d2986a94b8f19b42
  group14 4096 adfb4ad19dea5c1ba0c9b7e7d90f6265aac136a7d98e0f0eed4362d62e5e51f8
  group15 512 79131184270263a2c585240efbfdd3ed13fc005c67b761ced984c70265209511
  group16 1728 d70b0b9f3db3d51bd5613246885f4723998aef2e56845c7dec75743221f1ef5e
  group17 294912 3dad37a465ab881c2d2006072cd60d83144d04a5c5448f49e15308472bbb145a
  group18 65536 c7a7f19a7a9e3a780bd1aedfe30a7e594821ea8d57d6e72d148c033b0f24f5fa
  group19 1179648 4f16fe423091d9b32d59bff14cd19f1a6a233bc98adade4a1e0ef0d2972752b5
  group20 131072 1efd0b489da0d04808a02175c2803528313f7e9abadb18a5dc3ae0b5bd5c0331
  group21 1179648 9d024d14a803a3b078df0e9829bcc13a8901c3a6043456632ce5697be5734155
  group22 262144 0c18a3238859e649bac990e90dc4738861ffd07e9bee725139bec9ef3b8545ef
  group23 516000 2116862cb9cd43b21a3bfa3ea41e43dbe33284a97a8a22c5afe8d768f5a767af
  group24 18432 35c4204cee6796300f50addf2a2202a137eaa8a42999a79168f9226f60c8a62b
  group25 2048 9a37816bda07b3be24b88103a11dcc5d3eea15749a15594492b03ba3177a6a5e
  group26 73728 697677a6c94bd84fb0b558421629b5424101c4ea16601be53096275f43891f6c
  group27 8192 ef48b33bcf06fed0a9cc8b41017bccbf4f32fceeae946c00e0fd130fc467f9e4
  group28 73728 2831d9d4368b4cad678f9a3df4c9575bc35e1c2a7ef6ebed887c02c06a4f6dab
  group29 16384 720e58d7e54901e8db21d698fc094ffcb65a5991397895fef827ce53094b2a15
  group30 294912 a68c7913477828b28c2fe1924b191139877f7825e5f1a2e1c1b0e0e92accc669
  group31 32768 7985bd42bc5c0333e563998ad6d4616b0afaf1765f2b8c4c6df3944cf8f13992
]]):gmatch "(%S+) (%d+) (%x+)" do
  local file <const> = name:find "json" and name or name .. "-shard1of1"
  tiny[#tiny + 1] = { name = "darknettiny/" .. file, url = ML5 .. file, sum = "sha256:" .. sum,
    size = math.tointeger(size) }
end

entries[#entries + 1] = {
  model = "tiny_darknet", weights = "imagenet1k", default = true, files = tiny,
  options = { eps = 0.001 },
  accuracy = { top1 = 58.7, top5 = 81.7, data = "ImageNet-1K, as darknet's page has it" },
  preprocess = { resize = 256, crop = 224, interpolation = "bilinear", mean = { 0, 0, 0 },
    std = { 1, 1, 1 } },
  licence = "MIT (ml5), darknet: public domain", classes = "darknet",
}

return entries
