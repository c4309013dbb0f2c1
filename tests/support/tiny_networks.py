"""ONNX files of a few numbers that stand for detectors and pose models: real files, run by the real onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CELLS = 84  # of YOLOX's grid over 64 × 64


def write_network(path: Path, shape: list, nodes: list, outputs: dict[str, list], **constants: np.ndarray) -> Path:
    """A network of one input ``images``, of these nodes and constants."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name, axes in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return path


def yolox_rows(boxes: list[tuple[float, float, float, float, float]]) -> np.ndarray:
    """What YOLOX gives for 64 × 64 pixels where it sees these ``(x1, y1, x2, y2, score)``: float32 ``[CELLS, 6]``.

    Each is told by a cell of stride 8, far from the box or not: the offset leads to it.
    """
    rows = np.zeros((CELLS, 6), np.float32)
    for cell, (x1, y1, x2, y2, score) in enumerate(boxes):
        center = np.array([(x1 + x2) / 2, (y1 + y2) / 2]) / 8 - (cell, 0)
        rows[cell] = [*center, np.log((x2 - x1) / 8), np.log((y2 - y1) / 8), 1, score]
    return rows


def write_detector(path: Path, boxes: list[tuple[float, float, float, float, float]]) -> Path:
    """A YOLOX that sees the same boxes in every picture."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["rows", "nothing"], ["output"]),
    ]
    constants = {"rows": yolox_rows(boxes)[None], "zero": np.zeros((), np.float32)}
    return write_network(path, [1, 3, 64, 64], nodes, {"output": [1, CELLS, 6]}, **constants)


def write_heatmaps(path: Path, *, joints: int = 17, size_hw: tuple[int, int] = (16, 12)) -> Path:
    """A pose model of as many heat maps as joints, each a weighted sum of the colours; any batch."""
    weight = np.random.default_rng(0).normal(size=(joints, 3, 1, 1)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["images", "weight"], ["maps"])]
    return write_network(path, ["B", 3, *size_hw], nodes, {"maps": ["B", joints, *size_hw]}, weight=weight)


def write_simcc(path: Path, x: np.ndarray, y: np.ndarray, *, size_hw: tuple[int, int]) -> Path:
    """A pose model of SimCC's two outputs, each a product of the picture with a matrix; any batch.

    Shapes: ``[3 · h · w, V, X]``, ``[3 · h · w, V, Y]``.
    """
    nodes = [helper.make_node("Flatten", ["images"], ["flat"])]
    for name in "xy":
        nodes += [
            helper.make_node("MatMul", ["flat", f"weight_{name}"], [f"product_{name}"]),
            helper.make_node("Reshape", [f"product_{name}", f"shape_{name}"], [f"simcc_{name}"]),
        ]
    constants = {f"weight_{name}": weight.reshape(len(weight), -1) for name, weight in (("x", x), ("y", y))}
    constants |= {f"shape_{name}": np.array([-1, *weight.shape[1:]]) for name, weight in (("x", x), ("y", y))}
    outputs = {f"simcc_{name}": ["B", *weight.shape[1:]] for name, weight in (("x", x), ("y", y))}
    return write_network(path, ["B", 3, *size_hw], nodes, outputs, **constants)
