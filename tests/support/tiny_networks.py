"""Tiny detectors and pose models as ONNX files, for the real onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NUM_CELLS = 84
"""Number of cells of YOLOX's grids over 64 × 64 pixels."""


def write_network(path: Path, shape: list, nodes: list, outputs: dict[str, list], **constants: np.ndarray) -> Path:
    """Write a network of one input ``images`` and return its path.

    Args:
        path: path of the file.
        shape: axes of the input.
        nodes: nodes of the graph.
        outputs: axes of each output by name.
        constants: constants of the graph by name.
    """
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


def yolox_rows(
    boxes: list[tuple[float, float, float, float, float]], labels: list[int] | None = None, classes: int = 1
) -> np.ndarray:
    """Return the output of YOLOX for 64 × 64 pixels, float32 ``[NUM_CELLS, 5 + classes]``.

    Each box is predicted by a cell of stride 8; the predicted offset leads from the cell to the box.

    Args:
        boxes: boxes ``(x1, y1, x2, y2, score)``.
        labels: class of each box; the first one by default.
        classes: number of classes.
    """
    rows = np.zeros((NUM_CELLS, 5 + classes), np.float32)
    for cell, (x1, y1, x2, y2, score) in enumerate(boxes):
        center = np.array([(x1 + x2) / 2, (y1 + y2) / 2]) / 8 - (cell, 0)
        rows[cell, :5] = [*center, np.log((x2 - x1) / 8), np.log((y2 - y1) / 8), 1]
        rows[cell, 5 + (labels[cell] if labels else 0)] = score
    return rows


def write_detector(
    path: Path,
    boxes: list[tuple[float, float, float, float, float]],
    labels: list[int] | None = None,
    classes: int = 1,
) -> Path:
    """Write a YOLOX that detects the same boxes in every image, and return its path; see :func:`yolox_rows`."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Reshape", ["mean", "one_image"], ["column"]),
        helper.make_node("Mul", ["column", "zero"], ["nothing"]),
        helper.make_node("Add", ["rows", "nothing"], ["output"]),
    ]
    constants = {
        "rows": yolox_rows(boxes, labels, classes)[None],
        "zero": np.zeros((), np.float32),
        "one_image": np.array([1, 1, 1]),
    }
    return write_network(path, [1, 3, 64, 64], nodes, {"output": [1, NUM_CELLS, 5 + classes]}, **constants)


def write_heatmaps(path: Path, *, joints: int = 17, size_hw: tuple[int, int] = (16, 12)) -> Path:
    """Write a pose model with one heat map per joint, a weighted sum of the colours, and return its path."""
    weight = np.random.default_rng(0).normal(size=(joints, 3, 1, 1)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["images", "weight"], ["maps"])]
    return write_network(path, ["B", 3, *size_hw], nodes, {"maps": ["B", joints, *size_hw]}, weight=weight)


def write_simcc(path: Path, x: np.ndarray, y: np.ndarray, *, size_hw: tuple[int, int]) -> Path:
    """Write a pose model with SimCC's two outputs, each the image times a matrix, and return its path.

    Args:
        path: path of the file.
        x: matrix of the horizontal output, ``[3 · h · w, V, X]``.
        y: matrix of the vertical output, ``[3 · h · w, V, Y]``.
        size_hw: height and width of the image, pixels.
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


def write_constant(path: Path, *, size: int = 64, types: dict[str, int] | None = None, **outputs: np.ndarray) -> Path:
    """Write a network that gives the same outputs for every image of a side, and return its path.

    It was exported for one image, as reshapes to one show; nothing else in it depends on that.

    Args:
        path: path of the file.
        size: side of the image, pixels.
        types: ONNX's type of an output that is not float.
        **outputs: value of each output by name.
    """
    kinds = {name: (types or {}).get(name, TensorProto.FLOAT) for name in outputs}
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    constants = {"zero": np.zeros((), np.float32)}
    for name, value in outputs.items():
        nodes += [
            helper.make_node("Reshape", ["nothing", f"shape_{name}"], [f"float_{name}"]),
            helper.make_node("Cast", [f"float_{name}"], [f"nothing_{name}"], to=kinds[name]),
            helper.make_node("Add", [f"value_{name}", f"nothing_{name}"], [name]),
        ]
        constants |= {f"value_{name}": value, f"shape_{name}": np.ones(value.ndim, np.int64)}
    graph = helper.make_graph(
        nodes,
        "constant",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, size, size])],
        [helper.make_tensor_value_info(name, kinds[name], value.shape) for name, value in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


def write_movenet(path: Path, *, size: int = 32) -> Path:
    """Write a network of MoveNet's input and output, whose coordinates depend on the pixels, and return its path.

    Each joint's ``(y, x, score)`` is the mean of red, green and blue, as fractions of 255.

    Args:
        path: path of the file.
        size: side of the image, pixels.
    """
    nodes = [
        helper.make_node("Cast", ["input"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float"], ["mean"], axes=[1, 2], keepdims=1),  # [1, 1, 1, 3]
        helper.make_node("Div", ["mean", "white"], ["fraction"]),
        helper.make_node("Tile", ["fraction", "repeats"], ["joints"]),
    ]
    graph = helper.make_graph(
        nodes,
        "movenet",
        [helper.make_tensor_value_info("input", TensorProto.INT32, [1, size, size, 3])],
        [helper.make_tensor_value_info("joints", TensorProto.FLOAT, [1, 1, 17, 3])],
        [
            numpy_helper.from_array(np.array(255, np.float32), "white"),
            numpy_helper.from_array(np.array([1, 1, 17, 1]), "repeats"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return path
