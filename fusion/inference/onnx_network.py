"""An exported model, run by onnxruntime; everything that prediction needs is in the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from fusion.data.collate import Batch
from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.interfaces import ClipLengths, Model, StreamInput
from fusion.inference.onnx_description import FORMAT, KEY
from modalities.checks import check_file, fail
from modalities.modality import get_modality

CURE = "export the model again (python tools/export.py)"


class OnnxNetwork:
    """The ``Network`` of the contract, by onnxruntime.

    Args:
        path: what :func:`fusion.inference.onnx_export.export` wrote.
        threads: of one network; None takes a thread a core.

    Attributes:
        document: what the file says about itself, see ``fusion.inference.onnx_description``.

    Raises:
        InputError: if the file is missing, damaged, or not one of this project; when called, if the batch lacks a
            stream or does not have the file's shapes.
    """

    def __init__(self, path: str | Path, *, threads: int | None = None) -> None:
        self.path = check_file("exported model", path, CURE)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors
        options.intra_op_num_threads = threads or 0
        try:
            self._session = onnxruntime.InferenceSession(str(self.path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a dozen kinds of its own
            fail(f"'{path}'", "be an ONNX model", str(error).strip().splitlines()[0], CURE)
        self.document = _document(self._session.get_modelmeta().custom_metadata_map.get(KEY), self.path)
        self._outputs = [row["name"] for row in self.document["outputs"]]

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        values: dict[str, np.ndarray] = {}
        for row in self.document["inputs"]:
            stream, field = row["stream"], row["field"]
            if stream not in batch:
                fail(f"batch for '{self.path}'", f"hold stream '{stream}'", "none")
            value = self._room(row, batch[stream][field].numpy())
            sizes = [
                isinstance(wanted, str) or wanted == size
                for wanted, size in zip(row["shape"], value.shape, strict=False)
            ]
            if len(value.shape) != len(row["shape"]) or not all(sizes) or value.dtype != row["dtype"]:
                got = f"{value.dtype} {list(value.shape)}"
                fail(f"input '{row['name']}' of '{self.path}'", f"be {row['dtype']} {row['shape']}", got)
            values[row["name"]] = value
        found = self._session.run(self._outputs, values)
        return dict(zip(self._outputs, found, strict=True))

    def _room(self, row: Mapping[str, Any], value: np.ndarray) -> np.ndarray:
        """Persons that nobody sees, where the graph wants a certain number; refused where it has no room for them."""
        room = self.document["streams"][row["stream"]].get("persons")
        if "M" not in row["axes"]:
            return value
        if room is not None and value.shape[1] > room:
            fail(f"persons of input '{row['name']}' of '{self.path}'", f"be at most {room}", value.shape[1])
        wanted = row["shape"][1]
        if isinstance(wanted, str) or value.shape[1] >= wanted:
            return value
        absent = np.zeros((len(value), wanted - value.shape[1], *value.shape[2:]), value.dtype)
        return np.concatenate([value, absent], axis=1)


def load_onnx(path: str | Path, *, threads: int | None = None) -> Model:
    """An exported model with what its batches are made of.

    Raises:
        InputError: if the file is missing, damaged, or not one of this project.
    """
    network = OnnxNetwork(path, threads=threads)
    document = network.document
    inputs = {}
    for name, row in document["streams"].items():
        options = {key: value for key, value in row["reader"].items() if key != "type"}
        reader: Any = get_modality(row["modality"]).reader
        inputs[name] = StreamInput(reader=reader(**options), num_frames=row["num_frames"], source=row["source"])
    fields = ("length", "min_span_ratio", "num_clips")
    temporal_sampler = TemporalSampler(**{key: document["temporal_sampler"][key] for key in fields})
    return Model(
        name=network.path.stem,
        network=network,
        classes=tuple(document["classes"]),
        inputs=inputs,
        temporal_sampler=temporal_sampler,
        clip_lengths=ClipLengths(**document["clips"]) if document["clips"] else None,
    )


def _document(text: str | None, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(text or "null")
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        fail(f"'{path}'", f"describe itself in its metadata '{KEY}', format {FORMAT}", "no such thing", CURE)
    return found
