-- Layers of convolutional networks.

require "tocha.onnx.ops.conv"
require "tocha.onnx.ops.pool"
