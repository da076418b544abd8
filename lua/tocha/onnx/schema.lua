-- The messages of onnx.proto, for reading and for writing: schema.decode("ModelProto", bytes),
-- schema.encode("ModelProto", model). Fields that nothing here reads or writes are left out.
-- https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

local protobuf <const> = require "tocha.io.protobuf"

local FIELDS <const> = {
  ModelProto = [[1 ir_version int; 8 opset_import OperatorSetIdProto*; 2 producer_name bytes;
    3 producer_version bytes; 4 domain bytes; 5 model_version int; 6 doc_string bytes;
    7 graph GraphProto; 14 metadata_props StringStringEntryProto*; 25 functions FunctionProto*]],
  OperatorSetIdProto = "1 domain bytes; 2 version int",
  StringStringEntryProto = "1 key bytes; 2 value bytes",
  GraphProto = [[1 node NodeProto*; 2 name bytes; 5 initializer TensorProto*;
    15 sparse_initializer SparseTensorProto*; 10 doc_string bytes; 11 input ValueInfoProto*;
    12 output ValueInfoProto*; 13 value_info ValueInfoProto*]],
  NodeProto = [[1 input bytes*; 2 output bytes*; 3 name bytes; 4 op_type bytes; 7 domain bytes;
    8 overload bytes; 5 attribute AttributeProto*; 6 doc_string bytes]],
  AttributeProto = [[1 name bytes; 21 ref_attr_name bytes; 13 doc_string bytes; 20 type int;
    2 f float; 3 i int; 4 s bytes; 5 t TensorProto; 6 g GraphProto;
    22 sparse_tensor SparseTensorProto; 14 tp TypeProto; 7 floats float*; 8 ints int*;
    9 strings bytes*; 10 tensors TensorProto*; 11 graphs GraphProto*]],
  FunctionProto = [[1 name bytes; 4 input bytes*; 5 output bytes*; 6 attribute bytes*;
    11 attribute_proto AttributeProto*; 7 node NodeProto*; 8 doc_string bytes;
    9 opset_import OperatorSetIdProto*; 10 domain bytes; 13 overload bytes]],
  TensorProto = [[1 dims int*; 2 data_type int; 4 float_data float*; 5 int32_data int*;
    6 string_data bytes*; 7 int64_data int*; 8 name bytes; 12 doc_string bytes; 9 raw_data slice;
    13 external_data StringStringEntryProto*; 14 data_location int; 10 double_data double*;
    11 uint64_data int*]],
  SparseTensorProto = "1 values TensorProto; 2 indices TensorProto; 3 dims int*",
  ValueInfoProto = "1 name bytes; 2 type TypeProto; 3 doc_string bytes",
  TypeProto = [[1 tensor_type TensorType; 4 sequence_type ElementType; 9 optional_type ElementType;
    8 sparse_tensor_type TensorType; 6 denotation bytes]],
  TensorType = "1 elem_type int; 2 shape TensorShapeProto",
  ElementType = "1 elem_type TypeProto",
  TensorShapeProto = "1 dim Dimension*",
  Dimension = "1 dim_value int; 2 dim_param bytes; 3 denotation bytes",
  -- of onnx-data.proto, which test data are in
  SequenceProto = [[1 name bytes; 2 elem_type int; 3 tensor_values TensorProto*;
    4 sparse_tensor_values SparseTensorProto*; 5 sequence_values SequenceProto*;
    7 optional_values OptionalProto*]],
  OptionalProto = [[1 name bytes; 2 elem_type int; 3 tensor_value TensorProto;
    4 sparse_tensor_value SparseTensorProto; 5 sequence_value SequenceProto;
    7 optional_value OptionalProto]],
}

local messages <const> = {}
for name, fields in pairs(FIELDS) do messages[name] = protobuf.schema(fields, messages) end

local schema <const> = {}

--- schema.decode(name, bytes): the message as a table, or nil and what is wrong with it.
function schema.decode(name, bytes) return protobuf.decode(messages[name], bytes) end

--- schema.encode(name, message): its bytes.
function schema.encode(name, message) return protobuf.encode(messages[name], message) end

--- schema.pieces(name, message): the same as a list of strings.
function schema.pieces(name, message) return protobuf.pieces(messages[name], message) end

return schema
