"""ONNX networks that were exported for one image at a time, made to take batches.

Exporters write the batch size into the axes of inputs and outputs and into the targets of reshapes, although nothing
in most networks depends on it: all files that YOLOX and SimplePose are published as take one image.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

Run = Callable[[np.ndarray], list[np.ndarray]]
"""Function from a batch of images to all outputs of a network."""
MAX_DIFFERENCE = 1e-3
"""Largest difference of an output of a batch from that of one image, relative to the largest number of the output."""


def free_batch_size(path: Path) -> bytes:
    """Return the network of a file with a variable batch size, to be tried by :func:`takes_batches`.

    Args:
        path: path of an ONNX file for one image at a time, with its weights.
    """
    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    weights = {tensor.name for tensor in graph.initializer}
    for value in [*graph.input, *graph.output]:
        axes = value.type.tensor_type.shape.dim
        if value.name not in weights and axes and axes[0].dim_value == 1:
            axes[0].dim_param = "batch"
    del graph.value_info[:]  # the shapes in between name the batch size, too
    targets = {node.input[1] for node in graph.node if node.op_type == "Reshape" and len(node.input) > 1}
    for tensor in graph.initializer:
        if tensor.name in targets:
            tensor.CopyFrom(_free_target(tensor))
    for node in graph.node:
        if node.op_type == "Constant" and node.output[0] in targets:
            for attribute in node.attribute:
                if attribute.name == "value":
                    attribute.t.CopyFrom(_free_target(attribute.t))
    return bytes(model.SerializeToString())


def _free_target(tensor: onnx.TensorProto) -> onnx.TensorProto:
    """Return the target of a reshape that keeps the first axis instead of making it 1."""
    target = numpy_helper.to_array(tensor).copy()
    if target.ndim == 1 and len(target) > 1 and target[0] == 1:
        target[0] = 0
    return numpy_helper.from_array(target, tensor.name)


def takes_batches(run_one: Run, run_batch: Run, image: np.ndarray) -> bool:
    """Return whether a changed network gives for a batch what the original one gives for each image.

    Args:
        run_one: the original network, which takes one image.
        run_batch: the changed network.
        image: one image, of whose shape and type random ones are made.

    Shapes: image ``[1, …]``.
    """
    pixels = np.random.default_rng(0).integers(0, 256, (3, *image.shape[1:])).astype(image.dtype)
    try:
        outputs = run_batch(pixels)
        expected = zip(*(run_one(pixels[number : number + 1]) for number in range(len(pixels))), strict=True)
    except Exception:  # onnxruntime raises a dozen kinds; the original network still serves
        return False
    return all(_are_close(output, np.concatenate(rows)) for output, rows in zip(outputs, expected, strict=True))


def _are_close(output: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether outputs are the same within the tolerance; outputs that are not finite tell nothing."""
    largest = float(np.abs(expected).max(initial=0))
    if output.shape != expected.shape or not np.isfinite(largest):
        return False
    return bool(np.allclose(output, expected, rtol=0, atol=MAX_DIFFERENCE * max(largest, 1e-6)))
