"""Schema of the description of an exported model: types, ranges, and sizes that the graph confirms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.inference.onnx_description import FORMAT, METADATA_KEY, PRESENT
from triad.modalities.checks import check_choice, fail, printable, shorten
from triad.modalities.clips import OUT_OF_BOUND, TIME_POLICIES
from triad.modalities.letterbox import CROP_MODES
from triad.modalities.modality import MODALITIES, get_modality
from triad.modalities.schema import Fields, ListOf, Number, Text, check_document

CURE = "export the model again (triad export)"
MAX_BYTES = 1 << 32
"""Bytes that the clips of one prediction may take, over all temporal clips of a stream."""
COUNT = Number(1, 100_000, whole=True)
SECONDS = Number(0, 1e9, above=True)
SHARE = Number(0, 1)
READER_OPTIONS = Fields(
    required={"type": Text()},
    optional={
        "frame_size": ListOf(Number(1, 1 << 14, whole=True), length=2),
        "channels": Number(1, 1e4, whole=True),
        "crop_mode": Text(tuple(CROP_MODES)),
        "stack": Number(1, 1000, whole=True),
        "layout": Text(),
        "convert_from": Text(),
        "persons": Number(1, 1000, whole=True),
        "unit": Number(0, 1e3, above=True),
        "vocabulary": Text(),
        "max_objects": Number(1, 1000, whole=True),
        "min_score": SHARE,
    },
)
"""Options of the readers of all modalities; which of them a reader has, itself says."""
SAMPLER_OPTIONS = Fields(
    optional={
        "policy": Text(tuple(TIME_POLICIES)),
        "length": SECONDS,
        "min_span_ratio": Number(0, 1, above=True),
        "num_clips": Number(1, 1000, whole=True),
        "clip_len": COUNT,
        "frame_interval": COUNT,
        "interval": SECONDS,
        "out_of_bound_opt": Text(tuple(OUT_OF_BOUND)),
    },
)
"""Options of the temporal sampler; earlier files lack those that were not there yet."""
STREAM = Fields(
    required={"modality": Text(MODALITIES), "source": Text(), "num_frames": COUNT, "reader": READER_OPTIONS},
    optional={"persons": Number(1, 1000, whole=True), "layout_definitions": ListOf(Fields())},
)
INPUT = Fields(
    required={"name": Text(), "stream": Text(), "field": Text(), "dtype": Text(), "axes": Text(), "shape": ListOf()},
)
DESCRIPTION = Fields(
    required={
        "classes": ListOf(Text()),
        "inputs": ListOf(INPUT),
        "outputs": ListOf(Fields(required={"name": Text()})),
        "streams": Fields(others=STREAM),
        "temporal_sampler": SAMPLER_OPTIONS,
    },
    optional={
        "clips": Fields(required={"median": SECONDS, "longest": SECONDS}),
        "average_clips": Text(("prob", "score")),
        "view": Fields(optional={"num_crops": Number(1, 1000, whole=True)}),
    },
)
"""What a description may hold; other fields are explanations, which nothing reads."""


class GraphNode(NamedTuple):
    """An input or output of a graph, as onnxruntime tells it.

    Attributes:
        name: its name.
        dtype: its numpy dtype.
        shape: its size along each axis; text or None for an axis of any size.
    """

    name: str
    dtype: str
    shape: Sequence[int | str | None]


def read_description(text: str | None, path: Path) -> dict[str, Any]:
    """Return the description in the metadata of an exported model.

    Args:
        text: its JSON; None where the file has none.
        path: path of the file, for errors.

    Raises:
        InputError: If there is none, it is of another format, or a field has a wrong type or range.
    """
    try:
        document = json.loads(text or "null")
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or "format" not in document:
        fail(f"'{path}'", f"describe itself in its metadata '{METADATA_KEY}'", "no description", CURE)
    if document["format"] != FORMAT:
        got = f"format {printable(document['format'])}"
        fail(f"exported model '{path}'", f"have metadata format {FORMAT}", got, CURE)
    subject = f"description in '{path}'"
    check_document(subject, document, DESCRIPTION, CURE)
    if not document["classes"] or len(set(document["classes"])) < len(document["classes"]):
        fail(f"classes of {subject}", "be one or more different names", shorten(document["classes"]), CURE)
    if not document["streams"]:
        fail(f"streams of {subject}", "be one or more", "none", CURE)
    return document


def check_graph(
    document: Mapping[str, Any], inputs: Sequence[GraphNode], outputs: Sequence[GraphNode], path: Path
) -> None:
    """Check that a description is of the graph it comes with, and of clips that fit into memory.

    Args:
        document: description that :func:`read_description` has returned.
        inputs: inputs of the graph.
        outputs: outputs of the graph.
        path: path of the file, for errors.

    Raises:
        InputError: naming the first tensor that differs, or is too large.
    """
    for key, nodes in (("inputs", inputs), ("outputs", outputs)):
        described = [row["name"] for row in document[key]]
        names = [node.name for node in nodes]
        if sorted(described) != sorted(names):
            fail(f"{key} described in '{path}'", f"be {shorten(names) or 'none'}", shorten(described) or "none", CURE)
    nodes_by_name = {node.name: node for node in inputs}
    for row in document["inputs"]:
        check_choice(f"stream of input '{printable(row['name'])}' of '{path}'", row["stream"], document["streams"])
        _check_input(row, nodes_by_name[row["name"]], document, path)
    scored = {"fused", *document["streams"]}
    for output in outputs:
        check_choice(f"output of '{path}'", printable(output.name), scored)
        num_scores = output.shape[1] if len(output.shape) == 2 else -1
        if isinstance(num_scores, int) and num_scores != len(document["classes"]):
            got = f"{len(document['classes'])} for [{shorten(output.shape)}]"
            fail(f"classes of '{path}'", "be as many as its scores", got, CURE)


def _check_input(row: Mapping[str, Any], node: GraphNode, document: Mapping[str, Any], path: Path) -> None:
    subject = f"input '{printable(row['name'])}' of '{path}'"
    stream = document["streams"][row["stream"]]
    fields = {**get_modality(stream["modality"]).input.fields, "present": PRESENT}
    field = fields[check_choice(f"field of {subject}", row["field"], fields)]
    shape = row["shape"]
    axes = field.axes_of(len(shape))
    sizes_fit = len(shape) == len(node.shape) == len(axes) and all(
        isinstance(size, str) if not isinstance(expected, int) else type(size) is int and size == expected
        for size, expected in zip(shape, node.shape, strict=True)
    )
    if not sizes_fit or (row["dtype"], row["axes"]) != (node.dtype, axes):
        got = f"{printable(row['dtype'])} [{shorten(shape)}] with axes '{printable(row['axes'])}'"
        fail(subject, f"be described as {node.dtype} [{shorten(node.shape)}] with axes '{axes}'", got, CURE)
    reader = stream["reader"]
    height, width = reader.get("frame_size") or (1, 1)  # features have none
    stream_sizes = {
        **{"T": stream["num_frames"], "H": height, "W": width},
        **{"L": reader.get("stack") or 1, "K": reader.get("max_objects") or 8},
        **({"C": reader["channels"]} if reader.get("channels") else {}),
    }
    for axis, size in zip(axes, shape, strict=True):
        if isinstance(size, int) and size != stream_sizes.get(axis, size):
            fail(f"axis {axis} of {subject}", f"have its stream's size, {stream_sizes[axis]}", size, CURE)
    num_clips = document["temporal_sampler"].get("num_clips") or 1
    persons = stream.get("persons") or 1
    fixed_sizes = [size for size in shape if isinstance(size, int)]
    num_values = prod(fixed_sizes) * num_clips * (persons if "M" in axes else 1)
    num_bytes = num_values * np.dtype(node.dtype).itemsize
    if num_bytes > MAX_BYTES:
        got = f"{num_bytes} of shape [{shorten(shape)}] in {num_clips} clips"
        fail(subject, f"take at most {MAX_BYTES} bytes", got, "predict with the checkpoint")
