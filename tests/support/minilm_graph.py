"""Make the ONNX graph of the built-in model: `python tests/support/minilm_graph.py` writes corpus/…/minilm.onnx.

BERT as its paper has it (Devlin and others, 2018, section 3), with six layers, GELU and normalisation behind each half
of a layer. It holds no weight: each is named by its place in model.safetensors. Linear layers are one product of all
tokens (Gemm, whose transposed weights are as they lie in that file); attention is ONNX Runtime's own operator.
"""

import json
import struct
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from corpus.index.embedders import built_in_files

GRAPH = Path(__file__).resolve().parents[2] / "corpus" / "index" / "embedders" / "minilm.onnx"
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
RUNTIME = "com.microsoft"


class Graph:
    """Nodes in their order, and the constants and weights that they name."""

    def __init__(self, header, start):
        self.header, self.start = header, start
        self.nodes, self.constants = [], {}

    def add(self, operator, *inputs, domain="", **attributes):
        """Append a node with one output, and return the output's name."""
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(np.asarray(value, dtype=np.int64), name)
        return name

    def weight(self, name):
        """Name a tensor of the weights' file by its place there."""
        first, last = self.header[name]["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=self.header[name]["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": built_in_files.WEIGHTS, "offset": self.start + first, "length": last - first}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        self.constants[name] = tensor
        return name

    def linear(self, rows, name):
        return self.add("Gemm", rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), transB=1)

    def normalise(self, rows, name):
        weights = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", rows, *weights, axis=-1, epsilon=EPSILON)


def make_graph(weights):
    """Return the graph, serialised. Inputs: ids [texts, length] and mask, 1 for what is no padding; output: tokens."""
    with weights.open("rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        graph = Graph(json.loads(file.read(size)), 8 + size)
    zero, one = graph.constant("zero", 0), graph.constant("one", 1)
    rows_of_all = graph.constant("rows of all", [-1, WIDTH])
    word = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "ids")
    kind = graph.add("Gather", graph.weight("embeddings.token_type_embeddings.weight"), zero)
    length = graph.add("Squeeze", graph.add("Shape", "ids", start=1, end=2))
    positions = graph.add("Range", zero, length, one)
    position = graph.add("Gather", graph.weight("embeddings.position_embeddings.weight"), positions)
    summed = graph.add("Add", graph.add("Add", word, kind), position)
    normalised = graph.normalise(summed, "embeddings.LayerNorm")
    shape = graph.add("Shape", normalised)
    rows = graph.add("Reshape", normalised, rows_of_all)
    for layer in range(LAYERS):
        own = f"encoder.layer.{layer}"
        parts = [
            graph.add("Reshape", graph.linear(rows, f"{own}.attention.self.{part}"), shape)
            for part in ("query", "key", "value")
        ]
        attended = graph.add("MultiHeadAttention", *parts, "", "mask", domain=RUNTIME, num_heads=HEADS)
        flat = graph.add("Reshape", attended, rows_of_all)
        projected = graph.linear(flat, f"{own}.attention.output.dense")
        rows = graph.normalise(graph.add("Add", rows, projected), f"{own}.attention.output.LayerNorm")
        wide = graph.add("Gelu", graph.linear(rows, f"{own}.intermediate.dense"))
        rows = graph.normalise(
            graph.add("Add", rows, graph.linear(wide, f"{own}.output.dense")), f"{own}.output.LayerNorm"
        )
    graph.nodes.append(helper.make_node("Reshape", [rows, shape], ["tokens"], name="tokens"))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "length"]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "length"]),
    ]
    outputs = [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["texts", "length", WIDTH])]
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, outputs, [*graph.constants.values()])
    operators = [helper.make_opsetid("", 20), helper.make_opsetid(RUNTIME, 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=9, producer_name="").SerializeToString(
        deterministic=True
    )


if __name__ == "__main__":
    GRAPH.write_bytes(make_graph(built_in_files.built_in_folder() / built_in_files.WEIGHTS))
