"""Network of prediction that runs an exported model with onnxruntime."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from triad.fusion.data import Batch, TemporalSampler
from triad.fusion.inference.interfaces import ClipLengths, Model, StreamInput
from triad.fusion.inference.onnx_description import METADATA_KEY
from triad.fusion.inference.onnx_schema import CURE, SAMPLER_OPTIONS, GraphNode, check_graph, read_description
from triad.fusion.predictions import FUSED
from triad.modalities.checks import check_file, fail, printable
from triad.modalities.clips import Reader
from triad.modalities.modality import get_modality
from triad.modalities.onnx_model import check_single_file
from triad.modalities.skeleton import register_definition

DTYPES = {
    **{"tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16", "tensor(bool)": "bool"},
    **{f"tensor({name})": name for name in ("uint8", "int8", "int16", "int32", "int64")},
}
"""Numpy's names of onnxruntime's types."""


class OnnxNetwork:
    """Runs an exported model, see :class:`triad.fusion.inference.interfaces.Network`.

    Args:
        path: path of a file that :func:`triad.fusion.inference.onnx_export.export` wrote.
        threads: number of threads; None uses one per core.

    Attributes:
        document: description of the model, see ``triad.fusion.inference.onnx_description``.

    Raises:
        InputError: If the file is missing, damaged or of another format; when called, if the batch lacks a stream or
            does not have the shapes of the file.
    """

    def __init__(self, path: str | Path, *, threads: int | None = None) -> None:
        self.path = check_file("exported model", path, CURE)
        check_single_file("exported model", self.path)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors
        options.intra_op_num_threads = threads or 0
        try:
            self._session = onnxruntime.InferenceSession(
                str(self.path), options, providers=["CPUExecutionProvider"], enable_fallback=False
            )  # its second attempt on the same device would be announced on standard output
            text = self._session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
            inputs = _nodes_of(self._session.get_inputs())
            outputs = _nodes_of(self._session.get_outputs())
        except Exception as error:  # onnxruntime raises a dozen kinds of its own, and names may not be UTF-8
            fail(f"'{path}'", "be an ONNX model", printable(str(error).strip().splitlines()[0], 200), CURE)
        self.document = read_description(text, self.path)
        check_graph(self.document, inputs, outputs, self.path)
        self._output_names = [row["name"] for row in self.document["outputs"]]

    @property
    def scored_streams(self) -> tuple[str, ...]:
        """Names of the streams that have scores of their own."""
        return tuple(name for name in self._output_names if name != FUSED)

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        inputs = {row["name"]: self._prepare_input(row, batch) for row in self.document["inputs"]}
        scores = self._session.run(self._output_names, inputs)
        return dict(zip(self._output_names, scores, strict=True))

    def _prepare_input(self, row: Mapping[str, Any], batch: Batch) -> np.ndarray:
        stream = row["stream"]
        if stream not in batch:
            fail(f"batch for '{self.path}'", f"hold stream '{stream}'", "none")
        array = self._pad_persons(row, batch[stream][row["field"]].numpy())
        shape = row["shape"]  # sizes, or names of dynamic axes
        fits = len(array.shape) == len(shape) and all(
            isinstance(size, str) or size == array.shape[axis] for axis, size in enumerate(shape)
        )
        if not fits or array.dtype != row["dtype"]:
            got = f"{array.dtype} {list(array.shape)}"
            fail(f"input '{row['name']}' of '{self.path}'", f"be {row['dtype']} {shape}", got)
        return array

    def _pad_persons(self, row: Mapping[str, Any], array: np.ndarray) -> np.ndarray:
        """Append absent persons where the graph takes a fixed number; refuse more persons than it takes."""
        if "M" not in row["axes"]:
            return array
        max_persons = self.document["streams"][row["stream"]].get("persons")
        if max_persons is not None and array.shape[1] > max_persons:
            fail(f"persons of input '{row['name']}' of '{self.path}'", f"be at most {max_persons}", array.shape[1])
        num_persons = row["shape"][1]
        if isinstance(num_persons, str) or array.shape[1] >= num_persons:
            return array
        absent = np.zeros((len(array), num_persons - array.shape[1], *array.shape[2:]), array.dtype)
        return np.concatenate([array, absent], axis=1)


def load_onnx(path: str | Path, *, threads: int | None = None) -> Model:
    """Load an exported model for prediction.

    Args:
        path: path of the ``.onnx`` file.
        threads: number of threads; None uses one per core.

    Raises:
        InputError: If the file is missing, damaged or of another format.
    """
    network = OnnxNetwork(path, threads=threads)
    document = network.document
    inputs = {}
    for name, row in document["streams"].items():
        for definition in row.get("layout_definitions") or []:
            register_definition(definition, subject=f"joint layout of '{path}'")
        reader = _build_reader(row, f"reader of stream '{printable(name)}' of '{path}'")
        inputs[name] = StreamInput(reader=reader, num_frames=row["num_frames"], source=row["source"])
    sampler_options = _given(document["temporal_sampler"], SAMPLER_OPTIONS.optional)
    clips = document.get("clips")
    num_crops = (document.get("view") or {}).get("num_crops") or 1
    several = (
        f"'{network.path.name}' sees the centre crop alone, test averages {num_crops}: predict with the checkpoint"
    )
    return Model(
        name=network.path.stem,
        network=network,
        classes=tuple(document["classes"]),
        inputs=inputs,
        temporal_sampler=TemporalSampler(**sampler_options),
        clip_lengths=ClipLengths(clips["median"], clips["longest"]) if clips else None,
        average_clips=document.get("average_clips"),
        note=several if num_crops > 1 else "",
        scored_streams=network.scored_streams,
    )


def _nodes_of(nodes: Sequence[Any]) -> list[GraphNode]:
    return [GraphNode(node.name, DTYPES.get(node.type, node.type), node.shape) for node in nodes]


def _given(options: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the options of some names that have a value; null is the default of every option that may be null."""
    return {name: options[name] for name in names if options.get(name) is not None}


def _build_reader(row: Mapping[str, Any], subject: str) -> Reader:
    """Return the reader of a stream, which must be that of its modality: another would prepare other inputs.

    Raises:
        InputError: If it is another one, or an option is missing, unknown, or does not fit.
    """
    reader: Any = get_modality(row["modality"]).reader
    options = _given(row["reader"], row["reader"])
    if options.pop("type") != reader.__name__:
        got = f"'{printable(row['reader']['type'])}'"
        fail(subject, f"be '{reader.__name__}'", got, "predict with the checkpoint")
    try:
        inspect.signature(reader).bind(**options)
    except TypeError as error:
        fail(subject, "be given the options of this version", printable(error), CURE)
    return reader(**options)  # type: ignore[no-any-return]
