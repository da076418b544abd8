---@meta tocha.vision.models
-- Written by `make annotations`; do not edit.

---tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
---`models.resnet18 { num_classes = 10 }`; with published weights, `models.resnet18 { weights =
---"default" }` (see tocha.hub). Weights by torchvision's names also load with net:load(file).
---@class tocha.vision.models
local models = {}

do
---@class tocha.vision.models.AlexNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.AlexNet(num_classes = 1000, dropout = 0.5)
---@class tocha.vision.models.AlexNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.AlexNet
models.AlexNet = {}

do
---@class tocha.vision.models.Autoencoder: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---head:decode(map, H, W): boxes (B, N, 4), objectness (B, N) and probabilities of the classes
---given an object (B, N, classes), where N = A h w.
---@return any ...
function object:decode(code) end

---vae:encode(x): mean and log-variance of the code, both (B, latent).
---@return any ...
function object:encode(x) end

---@return any ...
function object:forward(x) end

end

---models.Autoencoder{sizes = {784, 1000, 500, 250, 30}, activation = nn.ReLU}: sizes from the
---input to the code, which is linear; the paper's activation is nn.Sigmoid. x is (B, ...) of
---sizes[1] numbers, so is the result.
---@class tocha.vision.models.Autoencoder.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.Autoencoder
---@overload fun(options: {options?: table}): tocha.vision.models.Autoencoder
models.Autoencoder = {}

do
---@class tocha.vision.models.CifarResNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.CifarResNet(depth, {num_classes = 10, pre_activation = false}): depth is 6 n + 2.
---@class tocha.vision.models.CifarResNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.CifarResNet
models.CifarResNet = {}

do
---@class tocha.vision.models.ConvAutoencoder: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---head:decode(map, H, W): boxes (B, N, 4), objectness (B, N) and probabilities of the classes
---given an object (B, N, classes), where N = A h w.
---@return any ...
function object:decode(code) end

---vae:encode(x): mean and log-variance of the code, both (B, latent).
---@return any ...
function object:encode(x) end

---@return any ...
function object:forward(x) end

end

---models.ConvAutoencoder{channels = 1, widths = {16, 32}}: each width halves the picture once; the
---code is (B, widths[-1], H / 2^n, W / 2^n) for sides that 2^n divides.
---@class tocha.vision.models.ConvAutoencoder.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.ConvAutoencoder
---@overload fun(options: {options?: table}): tocha.vision.models.ConvAutoencoder
models.ConvAutoencoder = {}

do
---@class tocha.vision.models.ConvNeXt: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ConvNeXt(widths, depths, {num_classes = 1000, stochastic_depth_prob = 0, layer_scale =
---1e-6}): channels and blocks of each stage.
---@class tocha.vision.models.ConvNeXt.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ConvNeXt
models.ConvNeXt = {}

do
---@class tocha.vision.models.DCGANDiscriminator: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.DCGANDiscriminator{width = 64, channels = 3, size = 64}: pictures to the probability that
---each is real, (B).
---@class tocha.vision.models.DCGANDiscriminator.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.DCGANDiscriminator
---@overload fun(options: {options?: table}): tocha.vision.models.DCGANDiscriminator
models.DCGANDiscriminator = {}

do
---@class tocha.vision.models.DCGANGenerator: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(z) end

---generator:noise(n): (n, latent) standard normal numbers where its weights are.
---@return any ...
function object:noise(n) end

---generator:step(discriminator, optimizer_g, optimizer_d, real): one step of both on a batch of
---pictures: the discriminator learns to tell `real` from made ones, then the generator to make
---them pass as real. Returns the losses of the discriminator and the generator, numbers. The
---paper's optimisers are Adam with lr = 0.0002 and betas = {0.5, 0.999}.
---@return any ...
function object:step(discriminator, optimizer_g, optimizer_d, real) end

end

---models.DCGANGenerator{latent = 100, width = 64, channels = 3, size = 64}: noise (B, latent, 1,
---1), or (B, latent), to pictures (B, channels, size, size). `width` channels before the last
---layer, twice as many before each doubling.
---@class tocha.vision.models.DCGANGenerator.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.DCGANGenerator
---@overload fun(options: {options?: table}): tocha.vision.models.DCGANGenerator
models.DCGANGenerator = {}

do
---@class tocha.vision.models.Darknet: tocha.nn.Sequential
---@field cfg any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---net:detect(picture, {threshold = 0.5, iou = 0.45, height, width}): what is in a picture (C, H,
---W), of bytes or of floats in 0 to 1: boxes (N, 4) in its pixels, (x1, y1, x2, y2), scores (N),
---labels (N) from 1, best first. It is looked at in the .cfg's size unless told. In evaluation
---mode.
---@return any ...
function object:detect(picture, options) end

---@return any ...
function object:forward(x) end

---net:heads(): its yolo and region layers, in order.
---@return any ...
function object:heads() end

---net:letterbox(picture, height, width): the picture (C, H, W), of bytes or of floats in 0 to 1,
---as large as fits, in the middle of a grey (1, C, height, width); and where it lies: { scale,
---left, top, height, width }, in the last two as it was.
---@return any ...
function object:letterbox(picture, height, width) end

---net:load(file, options): as every module; Darknet's .weights by the network's own .cfg.
---@return any ...
function object:load(file, options) end

---net:loss(maps, targets, height, width): of what the network gave for a batch of pictures of
---height x width (the .cfg's unless told): the loss for one picture, a number on the tape, and its
---parts { box, object, class }. targets: for each picture { boxes = (n, 4) in pixels, labels = (n)
---from 1 }. Darknet's: an object's cell and best anchor answer for it; others shall see no object
---there, unless their box fits one anyway.
---@return any ...
function object:loss(maps, targets, height, width) end

---net:postprocess(maps, height, width, {threshold = 0.5, iou = 0.45}): of what the network gives
---for pictures of height x width: for each { boxes = (N, 4), scores = (N), labels = (N) }, best
---first. A score is that of an object times that of its class.
---@return any ...
function object:postprocess(maps, height, width, options) end

end

---models.Darknet(cfg): the network of a .cfg: its path, its text, or sections as tocha.io.darknet
---gives them. Called with pictures (B, channels, H, W) of values in 0 to 1, sides a multiple of
---32, it gives the last layer's output, or for a detector a list of its heads' maps:
---
---    local net = models.Darknet "yolov3-tiny.cfg"
---    net:load "yolov3-tiny.weights"
---    local boxes, scores, labels = net:eval():detect(picture, { threshold = 0.5, iou = 0.45 })
---    net:loss(net:train()(x), targets):backward()
---@class tocha.vision.models.Darknet.class: tocha.Class
---@overload fun(cfg?: any): tocha.vision.models.Darknet
---@overload fun(options: {cfg?: any}): tocha.vision.models.Darknet
models.Darknet = {}

do
---@class tocha.vision.models.DenseNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.DenseNet(growth_rate = 32, {block_config = {6, 12, 24, 16}, num_init_features = 64,
---bn_size = 4, drop_rate = 0, num_classes = 1000}): each layer adds growth_rate channels ("k" of
---the paper), through a bottleneck of bn_size times as many.
---@class tocha.vision.models.DenseNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.DenseNet
models.DenseNet = {}

do
---@class tocha.vision.models.DiffusionUNet: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x, t) end

end

---models.DiffusionUNet{channels = 3, width = 128, multipliers = {1, 2, 2, 2}, blocks = 2,
---attention = {2}, dropout = 0.1, groups = 32}: level k has width * multipliers[k] channels and
---half the side of the one before; `attention` lists the levels that have it. Called with noisy
---pictures (B, channels, H, W) and their steps (B), from 1; gives the noise in them.
---@class tocha.vision.models.DiffusionUNet.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.DiffusionUNet
---@overload fun(options: {options?: table}): tocha.vision.models.DiffusionUNet
models.DiffusionUNet = {}

do
---@class tocha.vision.models.EfficientNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.EfficientNet(stages, stem, {num_classes = 1000, width_mult = 1, depth_mult = 1,
---last_channel = 4 times those of the last stage, dropout = 0.2, stochastic_depth_prob = 0.2,
---eps = 1e-5, momentum = 0.1}): of each stage { "mb" or "fused", expansion, kernel, stride,
---channels, blocks }; `stem` channels leave the first convolution.
---@class tocha.vision.models.EfficientNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.EfficientNet
models.EfficientNet = {}

do
---@class tocha.vision.models.GaussianDiffusion: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---diffusion:loss(net, x, {t, noise}): how far off the network is in naming the noise, the mean
---square over all pixels (the paper's L_simple); steps and noise are drawn unless given.
---@return any ...
function object:loss(net, x, options) end

---diffusion:predict(net, x, t): the picture (cut to -1..1) and the noise that the network sees in
---x at step t, an integer.
---@return any ...
function object:predict(net, x, t) end

---diffusion:q_sample(x, t, noise): pictures (B, C, H, W) as they are after steps t (B): equation
---4.
---@return any ...
function object:q_sample(x, t, noise) end

---diffusion:sample(net, {B, C, H, W}, {steps, eta, noise, on_step}): pictures from noise. Without
---`steps` by all steps of DDPM; with it by so many of DDIM, where eta = 0 makes the result a
---function of the noise it begins with, and eta = 1 draws as DDPM does. on_step(t, x) sees each.
---The network is in evaluation mode meanwhile.
---@return any ...
function object:sample(net, sizes, options) end

end

---models.GaussianDiffusion{steps = 1000, schedule = "linear"}: pictures drown in noise in so many
---steps, and a network takes it out again; schedule "linear" (Ho et al., 2020) or "cosine" (Nichol
---and Dhariwal, 2021). Its buffers, (steps): betas, and alphas_cumprod, the share of the picture's
---variance that is left.
---@class tocha.vision.models.GaussianDiffusion.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.GaussianDiffusion
---@overload fun(options: {options?: table}): tocha.vision.models.GaussianDiffusion
models.GaussianDiffusion = {}

do
---@class tocha.vision.models.GoogLeNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.GoogLeNet(num_classes = 1000, {aux_logits = true, transform_input = false, dropout = 0.2,
---dropout_aux = 0.7}). transform_input: takes pictures normalised by ImageNet's mean and
---deviation, and makes of them the -1 to 1 that its published weights expect.
---@class tocha.vision.models.GoogLeNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.GoogLeNet
models.GoogLeNet = {}

do
---@class tocha.vision.models.GoogLeNetPaper: tocha.vision.models.GoogLeNet
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

end

---models.GoogLeNetPaper(num_classes = 1000, {aux_logits = true, dropout = 0.4, dropout_aux =
---0.7}). Starts as Caffe's copy of it does, of which the paper says nothing.
---@class tocha.vision.models.GoogLeNetPaper.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.GoogLeNetPaper
models.GoogLeNetPaper = {}

do
---@class tocha.vision.models.Inception3: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.Inception3(num_classes = 1000, {aux_logits = true, transform_input = false, dropout =
---0.5}). transform_input: as of GoogLeNet.
---@class tocha.vision.models.Inception3.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.Inception3
models.Inception3 = {}

do
---@class tocha.vision.models.LeNet5: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.LeNet5(num_classes = 10)
---@class tocha.vision.models.LeNet5.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.LeNet5
models.LeNet5 = {}

do
---@class tocha.vision.models.MobileNetV2: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.MobileNetV2(num_classes = 1000, {width_mult = 1, round_nearest = 8, dropout = 0.2})
---@class tocha.vision.models.MobileNetV2.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.MobileNetV2
models.MobileNetV2 = {}

do
---@class tocha.vision.models.MobileNetV3: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.MobileNetV3(size, {num_classes = 1000, width_mult = 1, reduced_tail = false, dilated =
---false, dropout = 0.2}): `size` is "large" or "small". dilated: the last stage keeps the size of
---its maps, for segmentation.
---@class tocha.vision.models.MobileNetV3.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.MobileNetV3
models.MobileNetV3 = {}

do
---@class tocha.vision.models.ResNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ResNet(block, layers, {num_classes = 1000, zero_init_residual = false, groups = 1,
---width_per_group = 64, stride_in_1x1 = false}): `block` is "basic" or "bottleneck", `layers` how
---many of each of the four stages. zero_init_residual: each block begins as the identity (Goyal et
---al., 2017).
---@class tocha.vision.models.ResNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ResNet
models.ResNet = {}

do
---@class tocha.vision.models.ShuffleNetV2: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ShuffleNetV2(widths, {repeats = {4, 8, 4}, num_classes = 1000}): `widths` are the
---channels after the first convolution, the three stages and the last convolution.
---@class tocha.vision.models.ShuffleNetV2.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ShuffleNetV2
models.ShuffleNetV2 = {}

do
---@class tocha.vision.models.SqueezeNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.SqueezeNet(version = "1_0", {num_classes = 1000, dropout = 0.5}): "1_0" or "1_1".
---@class tocha.vision.models.SqueezeNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.SqueezeNet
models.SqueezeNet = {}

do
---@class tocha.vision.models.SwinTransformer: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.SwinTransformer(embed_dim, depths, num_heads, window_size, {version = 1, patch_size = 4,
---mlp_ratio = 4, dropout = 0, attention_dropout = 0, stochastic_depth_prob = 0.1, num_classes =
---1000}): blocks and heads of each stage; `embed_dim` channels in the first, twice as many in each
---that follows.
---@class tocha.vision.models.SwinTransformer.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.SwinTransformer
models.SwinTransformer = {}

do
---@class tocha.vision.models.TinyDarknet: tocha.nn.Sequential
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

end

---models.TinyDarknet({num_classes = 1000, eps = 1e-5}): (B, 3, H, W) to logits (B, num_classes).
---@class tocha.vision.models.TinyDarknet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.TinyDarknet
models.TinyDarknet = {}

do
---@class tocha.vision.models.UNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.UNet(in_channels = 1, num_classes = 2, {width = 64, depth = 4, padding = false}): `width`
---channels at full size, twice as many after each of the `depth` halvings.
---@class tocha.vision.models.UNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.UNet
models.UNet = {}

do
---@class tocha.vision.models.VAE: tocha.nn.Module
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---vae:decode(z): (B, inputs) in 0 to 1.
---@return any ...
function object:decode(z) end

---vae:encode(x): mean and log-variance of the code, both (B, latent).
---@return any ...
function object:encode(x) end

---forward(self, x)
---vae(x): what comes back, (B, inputs), the mean and the log-variance of the code.
---@return any ...
function object:forward(x) end

---vae:loss(x): minus the evidence lower bound, the mean over the batch, and its parts {
---reconstruction, kl }: the cross entropy of the pixels and beta times the divergence from the
---standard normal, in closed form (the paper's appendix B).
---@return any ...
function object:loss(x) end

---vae:reparameterise(mu, logvar): a draw mu + sigma * noise, through which gradients reach both;
---the mean in evaluation mode.
---@return any ...
function object:reparameterise(mu, logvar) end

---vae:sample(n): n pictures (n, inputs) from codes of the standard normal.
---@return any ...
function object:sample(n) end

end

---models.VAE{inputs = 784, hidden = 400, latent = 20, beta = 1}: pictures (B, ...) of `inputs`
---numbers in 0 to 1.
---@class tocha.vision.models.VAE.class: tocha.Class
---@overload fun(options?: table): tocha.vision.models.VAE
---@overload fun(options: {options?: table}): tocha.vision.models.VAE
models.VAE = {}

do
---@class tocha.vision.models.VGG: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.VGG(counts, {batch_norm = false, num_classes = 1000, dropout = 0.5}): `counts` says how
---many convolutions each of the five stages has.
---@class tocha.vision.models.VGG.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.VGG
models.VGG = {}

do
---@class tocha.vision.models.VisionTransformer: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.VisionTransformer(image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim,
---{dropout = 0, attention_dropout = 0, num_classes = 1000, representation_size = nil}); the last
---is the width of a layer before the classifier.
---@class tocha.vision.models.VisionTransformer.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.VisionTransformer
models.VisionTransformer = {}

---models.alexnet(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.alexnet(options) end

---models.autoencoder(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.autoencoder(options) end

---models.conv_autoencoder(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.conv_autoencoder(options) end

---models.convnext_base(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.convnext_base(options) end

---models.convnext_large(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.convnext_large(options) end

---models.convnext_small(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.convnext_small(options) end

---models.convnext_tiny(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.convnext_tiny(options) end

---models.ddpm_cifar10(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.ddpm_cifar10(options) end

---models.densenet121(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.densenet121(options) end

---models.densenet161(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.densenet161(options) end

---models.densenet169(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.densenet169(options) end

---models.densenet201(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.densenet201(options) end

---models.efficientnet_b0(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b0(options) end

---models.efficientnet_b1(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b1(options) end

---models.efficientnet_b2(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b2(options) end

---models.efficientnet_b3(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b3(options) end

---models.efficientnet_b4(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b4(options) end

---models.efficientnet_b5(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b5(options) end

---models.efficientnet_b6(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b6(options) end

---models.efficientnet_b7(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_b7(options) end

---models.efficientnet_v2_l(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_v2_l(options) end

---models.efficientnet_v2_m(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_v2_m(options) end

---models.efficientnet_v2_s(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.efficientnet_v2_s(options) end

---models.get_model(name, options): models.NAME(options), by its name as a text.
---@return any ...
function models.get_model(name, options) end

---models.googlenet(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.googlenet(options) end

---models.googlenet_paper(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.googlenet_paper(options) end

---models.inception_v3(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.inception_v3(options) end

---models.lenet5(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.lenet5(options) end

---models.list_models(pattern = nil): the names of all constructors, sorted, or of those with the
---Lua pattern in it.
---@return any ...
function models.list_models(pattern) end

---models.mobilenet_v2(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.mobilenet_v2(options) end

---models.mobilenet_v3_large(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.mobilenet_v3_large(options) end

---models.mobilenet_v3_small(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.mobilenet_v3_small(options) end

---models.preact_resnet110(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.preact_resnet110(options) end

---models.preact_resnet20(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.preact_resnet20(options) end

---models.preact_resnet32(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.preact_resnet32(options) end

---models.preact_resnet44(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.preact_resnet44(options) end

---models.preact_resnet56(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.preact_resnet56(options) end

---models.resnet101(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet101(options) end

---models.resnet110(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet110(options) end

---models.resnet152(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet152(options) end

---models.resnet18(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet18(options) end

---models.resnet20(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet20(options) end

---models.resnet32(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet32(options) end

---models.resnet34(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet34(options) end

---models.resnet44(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet44(options) end

---models.resnet50(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet50(options) end

---models.resnet56(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnet56(options) end

---models.resnext101_32x8d(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnext101_32x8d(options) end

---models.resnext101_64x4d(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnext101_64x4d(options) end

---models.resnext50_32x4d(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.resnext50_32x4d(options) end

---models.shufflenet_v2_x0_5(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.shufflenet_v2_x0_5(options) end

---models.shufflenet_v2_x1_0(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.shufflenet_v2_x1_0(options) end

---models.shufflenet_v2_x1_5(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.shufflenet_v2_x1_5(options) end

---models.shufflenet_v2_x2_0(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.shufflenet_v2_x2_0(options) end

---models.squeezenet1_0(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.squeezenet1_0(options) end

---models.squeezenet1_1(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.squeezenet1_1(options) end

---models.swin_b(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_b(options) end

---models.swin_s(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_s(options) end

---models.swin_t(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_t(options) end

---models.swin_v2_b(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_v2_b(options) end

---models.swin_v2_s(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_v2_s(options) end

---models.swin_v2_t(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.swin_v2_t(options) end

---models.tiny_darknet(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.tiny_darknet(options) end

---models.unet(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.unet(options) end

---models.vae(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vae(options) end

---models.vgg11(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg11(options) end

---models.vgg11_bn(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg11_bn(options) end

---models.vgg13(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg13(options) end

---models.vgg13_bn(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg13_bn(options) end

---models.vgg16(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg16(options) end

---models.vgg16_bn(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg16_bn(options) end

---models.vgg19(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg19(options) end

---models.vgg19_bn(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vgg19_bn(options) end

---models.vit_b_16(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vit_b_16(options) end

---models.vit_b_32(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vit_b_32(options) end

---models.vit_h_14(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vit_h_14(options) end

---models.vit_l_16(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vit_l_16(options) end

---models.vit_l_32(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.vit_l_32(options) end

---models.wide_resnet101_2(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.wide_resnet101_2(options) end

---models.wide_resnet50_2(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.wide_resnet50_2(options) end

---models.yolov2_tiny(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.yolov2_tiny(options) end

---models.yolov3_tiny(options)
---models.NAME(options): the network by that name; its class says which options there are
---(num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
---("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
---`preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
---the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
---are hub.fetch's.
---@return any ...
function models.yolov3_tiny(options) end

return models
