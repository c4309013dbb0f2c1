"""Cost of the model of every leaf config at its own input, beside what is published of that model."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config

from triad.fusion.data import Batch, Sample, collate
from triad.fusion.datasets import get_dataset
from triad.fusion.models import Preprocessor, Recognizer, find_published, stream_costs
from triad.fusion.training.config import build_config
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import fail
from triad.modalities.clips import Clip, Span
from triad.modalities.meta_device import build_on_meta
from triad.modalities.modality import get_modality
from triad.modalities.registry import MODELS, TRANSFORMS
from triad.modalities.weights.published_files import find_published_files

EXCLUDED_FOLDERS = ("_base_", "estimators")


def find_leaves(folder: str | Path) -> list[Path]:
    """Return every config of ``folder`` that trains a recognizer: all but the bases and those of estimators.

    Raises:
        InputError: If there is none.
    """
    paths = sorted(path for path in Path(folder).glob("*/*.py") if path.parent.name not in EXCLUDED_FOLDERS)
    leaves = [path for path in paths if path.stem != "__init__"]
    if not leaves:
        fail(f"folder '{folder}'", "hold configs as rgb/NAME.py", "none", "give the folder configs/ of a checkout")
    return leaves


def describe(path: Path) -> dict[str, Any]:
    """Return one row of the zoo.

    Returns:
        ``config`` (path from the folder of all configs), ``model``, ``modality``; ``input``, ``{"stream", "axes",
        "shape"}`` of one sample a stream; ``parameters`` and ``gmacs`` of the model for one sample; ``published``,
        ``{"parameters", "gmacs", "source", "differs"}`` or None. The published figures are those of the settings
        nearest to the config's; ``differs`` lists in words why the counted ones are others, and is empty where they
        must be equal. ``weights`` is that of :func:`weights_of`.

    Raises:
        InputError: If the file is no config.
    """
    config = build_config(path)
    persons = max_persons_of(config)
    clips = {name: fill_clip(clip, persons) for name, clip in blank_clips(config).items()}
    batch = collate([Sample("", 0, 0, Span(0.0, 1.0), SpatialAugmentation(), clips, dict.fromkeys(clips, True))])
    model = build_without_weights(config)
    inputs = inputs_of(model, batch)
    costs = stream_costs(model, batch)
    networks = [_network_name(stream["encoder"]) for stream in config.streams.values()]
    attention = [type(module).__name__ for module in model.attention]
    return {
        "config": path.relative_to(path.parents[2]).as_posix(),
        "model": " + ".join(networks + attention),
        "modality": "+".join(dict.fromkeys(clip.modality for clip in clips.values())),
        "input": inputs,
        "parameters": sum(int(cost["parameters"]) for cost in costs.values()),
        "gmacs": sum(cost["gmacs"] for cost in costs.values()),
        "published": _published_figures(config, model, inputs),
        "weights": weights_of(config),
    }


def weights_of(config: Config) -> list[dict[str, str]]:
    """Return the published weights files of the networks of a config.

    Returns:
        ``{"stream", "option", "file", "url", "sha256", "data"}`` a file: the stream that reads it, the option of the
        config that takes its path, its name, address and first digits of its SHA-256 (empty where unknown), and the
        dataset of its training.
    """
    rows = []
    for name, stream in config.streams.items():
        for path, encoder in _encoders(stream["encoder"], f"streams.{name}.encoder"):
            takes_weights = "weights" in inspect.signature(encoder["type"]).parameters
            option = f"{path}.weights" if takes_weights else f"model.pretrained.{name}"
            arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in encoder.items()}
            for file in find_published_files(encoder["type"].__name__, arguments):
                row = {"stream": name, "option": option, "file": file.name, "url": file.url}
                rows.append({**row, "sha256": file.sha256, "data": file.data})
    return rows


def _encoders(encoder: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield an encoder and those inside it, each with its place in the config."""
    yield path, encoder
    for name, value in encoder.items():
        if isinstance(value, Mapping) and "type" in value:
            yield from _encoders(value, f"{path}.{name}")


def build_without_weights(config: Config) -> Recognizer:
    """Return the recognizer of a config on the meta device; nothing is allocated, initialised or loaded for it.

    Its preprocessor stands on the CPU, because what a transform does may depend on values.
    """
    streams = {
        name: {**stream, "encoder": _without_weights(stream["encoder"])} for name, stream in config.streams.items()
    }
    settings = {**config.model, "streams": streams, "pretrained": None}
    model: Recognizer = build_on_meta(partial(MODELS.build, settings))
    transforms = {name: TRANSFORMS.build(stream["transform"]) for name, stream in streams.items()}
    places_of = model.data_preprocessor.places_of
    model.data_preprocessor = Preprocessor(transforms=transforms)
    model.data_preprocessor.places_of = places_of
    return model


def max_persons_of(config: Config) -> int:
    """Return the largest number of persons in a sample of the config's dataset.

    Raises:
        InputError: If the folder of its index is not called as a dataset is.
    """
    return get_dataset(Path(config.data["index"]).name).max_persons


def blank_clips(config: Config, *, max_times: int | None = None) -> dict[str, Clip]:
    """Return an empty clip of each stream, as the config's own readers give it.

    Args:
        config: config of a leaf.
        max_times: largest number of times of a clip; by default the config's own ``num_frames``.
    """
    clips = {}
    for name, stream in config.streams.items():
        num_frames = min(stream["num_frames"], max_times or stream["num_frames"])
        clips[name] = TRANSFORMS.build(stream["reader"]).blank(np.linspace(0, 1, num_frames))
    return clips


def fill_clip(clip: Clip, persons: int) -> Clip:
    """Return the clip with all times valid and, of joints, ``persons`` present: absent ones cost nothing."""
    return get_modality(clip.modality).fill(clip, persons)


def inputs_of(model: Recognizer, batch: Batch) -> list[dict[str, Any]]:
    """Return ``{"stream", "axes", "shape"}`` of what each encoder reads of one sample of the batch."""
    prepared = model.data_preprocessor(batch, False)["batch"]
    inputs = []
    for name in model.test_streams:
        axes = "MCTV" if prepared[name]["valid"].ndim == 3 else "CTHW"
        axes = {3: "CT", 4: "CTK"}.get(prepared[name]["data"].ndim, axes)  # features, objects
        inputs.append({"stream": name, "axes": axes, "shape": list(prepared[name]["data"].shape[1:])})
    return inputs


def _published_figures(config: Config, model: Recognizer, inputs: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(inputs) > 1 or len(model.attention):
        return None
    arguments = dict(config.streams[inputs[0]["stream"]]["encoder"].items())
    encoder = arguments.pop("type")
    nearest_entry = find_published(encoder, arguments, shape=inputs[0]["shape"], classes=model.num_classes)
    if nearest_entry is None:
        return None
    entry, differences = nearest_entry
    if model.temporal_bins > 1:
        differences = [*differences, f"temporal_bins {model.temporal_bins}, not 1"]
    if model.pooling != ("mean",):
        differences = [*differences, f"pooling {' and '.join(model.pooling)}, not mean"]
    if entry.difference:
        differences = [*differences, entry.difference]
    figures = {"parameters": entry.parameters, "gmacs": entry.gmacs, "source": entry.source}
    return {**figures, "differs": differences}


def _without_weights(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of an encoder, and of the encoders inside it, without ``weights``."""
    return {
        name: _without_weights(value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
        if name != "weights"
    }


def _network_name(encoder: Any) -> str:
    """Return the class of an encoder with what it holds: a third-party network, a trunk, frames and a sequence."""
    network = encoder.get("sequence", encoder)
    inner_encoder = encoder.get("frames") or encoder.get("trunk")
    parts = [network.get("cell"), network.get("backbone"), network.get("network")]
    parts.append(inner_encoder and _network_name(inner_encoder))
    inner_networks = ", ".join(part for part in parts if part)
    return network["type"].__name__ + (f"({inner_networks})" if inner_networks else "")
