"""Description of an exported model in its metadata: enough, as JSON, to feed it without this project."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from triad.fusion.data import Batch
from triad.fusion.index import source_of
from triad.fusion.inference.loaded_model import LoadedModel
from triad.fusion.models import Recognizer
from triad.fusion.training.loading import average_of, views_of
from triad.modalities.atomic_files import sha256_of
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.modality import InputField, get_modality, modality_of_reader
from triad.modalities.registry import MODELS, TRANSFORMS
from triad.modalities.skeleton.encoders import SkeletonLstm, StaLstm
from triad.modalities.skeleton.encoders.layers import DataNorm

METADATA_KEY = "triad"
FORMAT = 2
"""Format of the description; a file of another format is refused."""
PRESENT = InputField("B", "whether the sample has the stream; where it has not, everything else of it is ignored")
DYNAMIC_AXES = {"B": "batch", "M": "persons"}
"""Axes of any size from 1; a network may have room for a limited number of persons."""
LOGITS = "logits in the order of `classes`; 0 where the sample lacks the stream"
FUSED_SCORES = "log-probabilities of the whole model, for samples that have any of its streams; else uniform"
TIMES = (
    "Policy null or 'uniform': a span of seconds [start, end) is cut into num_frames equal parts; the times are start"
    " + (i + phase) * (end - start) / num_frames for i = 0 … num_frames - 1, phase 0.5. Every stream shows the entry "
    "on display then: the last one that begins at or before the time (with a tolerance of a microsecond), the last "
    "one after the end. `valid` is false from where the stream's last entry leaves the display; frame i of N begins "
    "at i / fps and leaves at (i + 1) / fps, and so do fields of flow, of which there are N - 1. Policy 'dense': the "
    "times are start + i * (end - start) / num_frames in a span that lasts clip_len * interval seconds in the middle "
    "of the clip, or that covers clip_len * frame_interval frames from frame max(N - (clip_len - 1) * frame_interval "
    "- 1, 0) // 2 on. Policy 'stack': as 'uniform', with the end moved earlier by the longest `stack` of a reader, in"
    " frames. A time t past the end of the clip is invalid, with out_of_bound_opt 'loop' it becomes start + (t - "
    "start) modulo the clip's length."
)
SEVERAL_CLIPS = (
    "TemporalSampler.length null: the span is the whole clip, and temporal clip k of num_clips takes phase (k + 0.5) "
    "/ num_clips. A length: num_clips spans of that many seconds spread evenly over the clip, phase 0.5. Policy "
    "'dense': num_clips spans spread evenly, by whole frames where frame_interval is given. The logits of the "
    "temporal clips are averaged, of 'fused' the probabilities; `average_clips` prob averages the probabilities of "
    "all, score the logits, and of 'fused' the log-probabilities."
)
CROP = (
    "The graph shows the network the box (x, y, width, height) of the canvas, as fractions of its size from the top "
    "left corner. Feed the whole canvas. A test averages as many crops as `num_crops`, of which this is the centre."
)


def describe_model(loaded: LoadedModel, *, streams: Sequence[str]) -> dict[str, Any]:
    """Return the description of an exported model without its inputs and outputs.

    Args:
        loaded: model to export.
        streams: names of the streams that the file holds.
    """
    config = loaded.config
    persons = max_persons(loaded.recognizer)
    return {
        "format": FORMAT,
        "version": version("triad"),
        "config": str(config.filename),
        "checkpoint": {"file": loaded.checkpoint.name, "sha256": sha256_of(loaded.checkpoint)},
        "classes": list(loaded.classes),
        "clips": None if loaded.clip_lengths is None else asdict(loaded.clip_lengths),
        "temporal_sampler": {
            **to_json(config.test_dataloader["dataset"]["temporal_sampler"]),
            "times": TIMES,
            "several_clips": SEVERAL_CLIPS,
        },
        "average_clips": average_of(config),
        "view": describe_view(views_of(config)),
        "streams": {name: _describe_stream(name, config.streams[name], persons) for name in streams},
        "attention": to_json(config.model.get("attention") or []),
    }


def describe_view(views: Sequence[SpatialAugmentation]) -> dict[str, Any]:
    """Return the box that a graph shows of the canvas, and the number of crops of a test."""
    box = {name: getattr(views[0], name) for name in ("x", "y", "width", "height")}
    return {**box, "num_crops": len(views), "meaning": CROP}


def _describe_stream(name: str, stream: Mapping[str, Any], persons: int | None) -> dict[str, Any]:
    reader = to_json(stream["reader"])
    modality = modality_of_reader(stream["reader"])
    row = {
        "modality": modality.name,
        "source": source_of(name, stream),
        "num_frames": stream["num_frames"],
        "reader": reader,
        "transform": to_json(stream["transform"]),
        "encoder": to_json(stream["encoder"]),
        "feeding": modality.input.feeding,
        **modality.input.describe(reader),
    }
    return row | {"persons": persons} if modality.input.has_persons else row


def describe_tensors(
    batch: Batch, modalities: Mapping[str, str], num_classes: int, *, scored: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return ``inputs`` and ``outputs`` of the description, in the order of the graph.

    An input is ``{"name", "stream", "field", "dtype", "axes", "shape", "meaning"}``, an output ``{"name", "shape",
    "meaning"}``.

    Args:
        batch: batch that the graph is traced with.
        modalities: name of the modality of each stream.
        num_classes: number of classes.
        scored: streams that have scores of their own.
    """
    inputs = []
    for stream, modality in modalities.items():
        fields = {**get_modality(modality).input.fields, "present": PRESENT}
        for field, input_field in fields.items():
            tensor = batch[stream][field]
            axes = input_field.axes_of(tensor.ndim)
            shape = [DYNAMIC_AXES.get(axis, size) for axis, size in zip(axes, tensor.shape, strict=True)]
            row = {"name": f"{stream}.{field}", "stream": stream, "field": field, "axes": axes, "shape": shape}
            dtype = str(tensor.dtype).removeprefix("torch.")
            inputs.append({**row, "dtype": dtype, "meaning": input_field.meaning})
    names = [name for name in modalities if name in scored]
    outputs = [{"name": name, "shape": ["batch", num_classes], "meaning": LOGITS} for name in names]
    if len(modalities) > 1:
        outputs.append({"name": "fused", "shape": ["batch", num_classes], "meaning": FUSED_SCORES})
    return {"inputs": inputs, "outputs": outputs}


def max_persons(model: Recognizer) -> int | None:
    """Return the largest number of persons that every skeleton encoder accepts; None where any number does."""
    limits = [module.axes[0] for module in model.modules() if isinstance(module, DataNorm) and module.axes[0] > 1]
    limits += [module.persons for module in model.modules() if isinstance(module, SkeletonLstm | StaLstm)]
    return min(limits, default=None)


def to_json(node: Any) -> Any:
    """Return a part of a config as JSON values: classes by name, with their defaults for missing options."""
    if isinstance(node, Mapping):
        options = {key: to_json(value) for key, value in node.items()}
        cls = _resolve(node.get("type"))
        return {**_default_options(cls), **options, "type": cls.__name__} if cls is not None else options
    if isinstance(node, list | tuple):
        return [to_json(item) for item in node]
    return node.__name__ if inspect.isclass(node) else node


def _resolve(name_or_class: Any) -> type | None:
    if isinstance(name_or_class, str):
        return TRANSFORMS.get(name_or_class) or MODELS.get(name_or_class)
    return name_or_class if inspect.isclass(name_or_class) else None


def _default_options(cls: type) -> dict[str, Any]:
    parameters = inspect.signature(cls).parameters.values()
    return {
        parameter.name: to_json(parameter.default)
        for parameter in parameters
        if parameter.default is not inspect.Parameter.empty
    }
