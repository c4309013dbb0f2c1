"""What an exported file says about itself: enough to feed it without this project, in JSON."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from fusion.data.collate import Batch
from fusion.data.temporal_sampler import TemporalSampler
from fusion.index.stream_sources import source_of
from fusion.inference.loaded_model import LoadedModel
from modalities.atomic_files import sha256_of
from modalities.modality import get_modality, modality_of_reader
from modalities.model_input import InputField

KEY = "triad"
"""Of the file's metadata, where the JSON is."""
FORMAT = 2
PRESENT = InputField("B", "whether the sample has the stream; where it has not, everything else of it is ignored")
FREE = {"B": "batch", "M": "persons"}
"""Axes of any size from 1, but where a network has room for a certain number of persons."""
LOGITS = "logits in the order of `classes`; 0 where the sample lacks the stream"
FUSED = "mean log-probability of the streams that the sample has, normalised"
TIMES = (
    "A span of seconds [start, end) is cut into num_frames equal parts; the times are start + (i + phase) * (end - "
    "start) / num_frames for i = 0 … num_frames - 1, phase 0.5. Every stream shows the entry on display then: the last "
    "one that begins at or before the time (with a tolerance of a microsecond), the last one after the end. `valid` is "
    "false from where the stream's last entry leaves the display; frame i of N begins at i / fps and leaves at "
    "(i + 1) / fps, and so do fields of flow, of which there are N - 1."
)
VIEWS = (
    "TemporalSampler.length null: the span is the whole clip, and temporal clip k of num_clips takes phase (k + 0.5) / "
    "num_clips. A length: num_clips spans of that many seconds spread evenly over the clip, phase 0.5. The logits of "
    "the temporal clips are averaged, of 'fused' the probabilities."
)


def describe(trained: LoadedModel, *, streams: Sequence[str], persons: int | None) -> dict[str, Any]:
    """The document of an exported model, its inputs and outputs apart.

    Args:
        trained: the model.
        streams: those that the file holds.
        persons: how many of them a skeleton may have; None: any number.
    """
    config, lengths = trained.config, trained.clip_lengths
    sampler = config.test_dataloader["dataset"].get("temporal_sampler") or {"type": TemporalSampler}
    return {
        "format": FORMAT,
        "version": version("triad"),
        "config": str(config.filename),
        "checkpoint": {"file": trained.checkpoint.name, "sha256": sha256_of(trained.checkpoint)},
        "classes": list(trained.classes),
        "clips": None if lengths is None else asdict(lengths),
        "temporal_sampler": {**plain(sampler), "times": TIMES, "several_views": VIEWS},
        "streams": {name: _stream(name, config.streams[name], persons) for name in streams},
        "attention": plain(config.model.get("attention")),
    }


def _stream(name: str, stream: Mapping[str, Any], persons: int | None) -> dict[str, Any]:
    reader = plain(stream["reader"])
    modality = modality_of_reader(stream["reader"])
    row = {
        "modality": modality.name,
        "source": source_of(name, stream),
        "num_frames": stream["num_frames"],
        "reader": reader,
        "transform": plain(stream["transform"]),
        "encoder": plain(stream["encoder"]),
        "feeding": modality.input.feeding,
        **modality.input.describe(reader),
    }
    return row | {"persons": persons} if modality.input.has_persons else row


def describe_ports(batch: Batch, modalities: Mapping[str, str], classes: int) -> dict[str, list[dict[str, Any]]]:
    """``inputs`` and ``outputs``, in the order of the graph.

    An input is ``{"name", "stream", "field", "dtype", "axes", "shape", "meaning"}``, an output ``{"name", "shape",
    "meaning"}``.

    Args:
        batch: what the graph is made with.
        modalities: of each stream.
        classes: number of scores.
    """
    inputs = []
    for stream, modality in modalities.items():
        fields = {**get_modality(modality).input.fields, "present": PRESENT}
        for field, (axes, meaning) in fields.items():
            tensor = batch[stream][field]
            shape = [FREE.get(axis, size) for axis, size in zip(axes, tensor.shape, strict=True)]
            row = {"name": f"{stream}.{field}", "stream": stream, "field": field, "axes": axes, "shape": shape}
            dtype = str(tensor.dtype).removeprefix("torch.")
            inputs.append({**row, "dtype": dtype, "meaning": meaning})
    outputs = [{"name": name, "shape": ["batch", classes], "meaning": LOGITS} for name in modalities]
    if len(modalities) > 1:
        outputs.append({"name": "fused", "shape": ["batch", classes], "meaning": FUSED})
    return {"inputs": inputs, "outputs": outputs}


def plain(node: Any) -> Any:
    """A part of a config as JSON: classes by name, with the defaults of what is not given."""
    if isinstance(node, Mapping):
        given = {key: plain(value) for key, value in node.items()}
        cls = node.get("type")
        return {**_defaults(cls), **given} if inspect.isclass(cls) else given
    if isinstance(node, list | tuple):
        return [plain(each) for each in node]
    return node.__name__ if inspect.isclass(node) else node


def _defaults(cls: type) -> dict[str, Any]:
    parameters = inspect.signature(cls).parameters.values()
    return {each.name: plain(each.default) for each in parameters if each.default is not inspect.Parameter.empty}
