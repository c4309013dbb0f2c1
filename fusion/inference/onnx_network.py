"""Network of prediction that runs an exported model with onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from triad.fusion.data import Batch, TemporalSampler
from triad.fusion.inference.interfaces import ClipLengths, Model, StreamInput
from triad.fusion.inference.onnx_description import FORMAT, METADATA_KEY
from triad.fusion.predictions import FUSED
from triad.modalities.checks import check_file, fail
from triad.modalities.modality import get_modality
from triad.modalities.onnx_model import check_single_file
from triad.modalities.skeleton import register_definition

CURE = "export the model again (triad export)"
SAMPLER_OPTIONS = (
    *("policy", "length", "min_span_ratio", "num_clips"),
    *("clip_len", "frame_interval", "interval", "out_of_bound_opt"),
)
"""Options of the temporal sampler in a description; earlier files lack those that were not there yet."""


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
            self._session = onnxruntime.InferenceSession(str(self.path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a dozen kinds of its own
            fail(f"'{path}'", "be an ONNX model", str(error).strip().splitlines()[0], CURE)
        self.document = _read_document(self._session.get_modelmeta().custom_metadata_map.get(METADATA_KEY), self.path)
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
        options = {key: value for key, value in row["reader"].items() if key != "type"}
        for definition in row.get("layout_definitions", []):
            register_definition(definition, subject=f"joint layout of '{path}'")
        reader: Any = get_modality(row["modality"]).reader
        if row["reader"]["type"] != reader.__name__:  # a reader of one's own would prepare other inputs
            got = f"'{row['reader']['type']}'"
            fail(
                f"reader of stream '{name}' of '{path}'", f"be '{reader.__name__}'", got, "predict with the checkpoint"
            )
        inputs[name] = StreamInput(reader=reader(**options), num_frames=row["num_frames"], source=row["source"])
    sampler = document["temporal_sampler"]
    sampler_options = {key: sampler[key] for key in SAMPLER_OPTIONS if key in sampler}
    num_crops = document.get("view", {}).get("num_crops", 1)
    several = (
        f"'{network.path.name}' sees the centre crop alone, test averages {num_crops}: predict with the checkpoint"
    )
    return Model(
        name=network.path.stem,
        network=network,
        classes=tuple(document["classes"]),
        inputs=inputs,
        temporal_sampler=TemporalSampler(**sampler_options),
        clip_lengths=ClipLengths(**document["clips"]) if document["clips"] else None,
        average_clips=document.get("average_clips"),
        note=several if num_crops > 1 else "",
        scored_streams=network.scored_streams,
    )


def _read_document(text: str | None, path: Path) -> dict[str, Any]:
    try:
        document = json.loads(text or "null")
    except ValueError:
        document = None
    if not isinstance(document, dict) or "format" not in document:
        fail(f"'{path}'", f"describe itself in its metadata '{METADATA_KEY}'", "no description", CURE)
    if document["format"] != FORMAT:
        fail(f"exported model '{path}'", f"have metadata format {FORMAT}", f"format {document['format']}", CURE)
    return document
