"""Every leaf config: what its model costs at its own input, and what is published of that model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config

from fusion.data.collate import Batch, collate
from fusion.data.dataset import Sample
from fusion.datasets import get_dataset
from fusion.models.cost import stream_costs
from fusion.models.published import find_published
from fusion.models.recognizer import Recognizer
from fusion.training.config import build_config
from modalities.augmentation import SpatialAugmentation
from modalities.checks import fail
from modalities.modality import get_modality
from modalities.reader import Clip
from modalities.registry import MODELS, TRANSFORMS
from modalities.sampling import Span

ASIDE = ("_base_", "estimators")


def find_leaves(folder: str | Path) -> list[Path]:
    """Every config of ``folder`` that trains a recognizer: all but the bases and those of estimators.

    Raises:
        InputError: if there is none.
    """
    found = sorted(path for path in Path(folder).glob("*/*.py") if path.parent.name not in ASIDE)
    leaves = [path for path in found if path.stem != "__init__"]
    if not leaves:
        fail(f"folder '{folder}'", "hold configs as rgb/NAME.py", "none", "give the folder configs/ of a checkout")
    return leaves


def describe(path: Path) -> dict[str, Any]:
    """One row of the zoo.

    Returns:
        ``config`` (from the folder above its kind's), ``model``, ``modality``; ``input``, ``{"stream", "axes",
        "shape"}`` of one sample a stream; ``parameters`` and ``gmacs`` of the whole model a sample; ``published``,
        ``{"parameters", "gmacs", "source", "differs"}`` or None. The published figures are those of the settings
        nearest to the config's; ``differs`` says in words what makes the counted ones others, and is empty where they
        must be equal.

    Raises:
        InputError: if the config is none.
    """
    config = build_config(path)
    clips = {name: full_clip(clip, persons_of(config)) for name, clip in blank_clips(config).items()}
    batch = collate([Sample("", 0, 0, Span(0.0, 1.0), SpatialAugmentation(), clips, dict.fromkeys(clips, True))])
    model: Recognizer = MODELS.build(config.model)
    read = inputs_of(model, batch)
    costs = stream_costs(model, batch, on_meta=True)
    parts = [stream["encoder"] for stream in config.streams.values()]
    return {
        "config": path.relative_to(path.parents[2]).as_posix(),
        "model": " + ".join([_name_of(part) for part in parts] + _attention_of(model)),
        "modality": "+".join(dict.fromkeys(clip.modality for clip in clips.values())),
        "input": read,
        "parameters": sum(int(cost["parameters"]) for cost in costs.values()),
        "gmacs": sum(cost["gmacs"] for cost in costs.values()),
        "published": _published(config, model, read),
    }


def persons_of(config: Config) -> int:
    """How many persons a sample of the config's dataset may have.

    Raises:
        InputError: if the folder of its index is not called as a dataset is.
    """
    return get_dataset(Path(config.data["index"]).name).max_persons


def blank_clips(config: Config, *, most: int | None = None) -> dict[str, Clip]:
    """A clip of nothing of each stream, as the config's own readers give it.

    Args:
        config: a leaf.
        most: times of a clip at most; without, the config's own ``num_frames``.
    """
    clips = {}
    for name, stream in config.streams.items():
        count = min(stream["num_frames"], most or stream["num_frames"])
        clips[name] = TRANSFORMS.build(stream["reader"]).blank(np.linspace(0, 1, count))
    return clips


def full_clip(clip: Clip, persons: int) -> Clip:
    """Return the clip with all its times valid and, of joints, ``persons`` who are seen: those absent cost nothing."""
    return get_modality(clip.modality).fill(clip, persons)


def inputs_of(model: Recognizer, batch: Batch) -> list[dict[str, Any]]:
    """What each encoder reads of one sample of the batch: ``{"stream", "axes", "shape"}``."""
    prepared = model.data_preprocessor(batch, False)["batch"]
    rows = []
    for name in model.streams:
        data, valid = prepared[name]["data"], prepared[name]["valid"]
        rows.append({"stream": name, "axes": "MCTV" if valid.ndim == 3 else "CTHW", "shape": list(data.shape[1:])})
    return rows


def _published(config: Config, model: Recognizer, read: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(read) > 1 or model.attention is not None:
        return None
    arguments = dict(config.streams[read[0]["stream"]]["encoder"].items())
    encoder = arguments.pop("type")
    found = find_published(encoder, arguments, shape=read[0]["shape"], classes=model.num_classes)
    if found is None:
        return None
    entry, differs = found
    if model.temporal_bins > 1:
        differs = [*differs, f"segments {model.temporal_bins}, not 1"]
    figures = {"parameters": entry.parameters, "gmacs": entry.gmacs, "source": entry.source}
    return {**figures, "differs": [*differs, *([entry.ours] if entry.ours else [])]}


def _name_of(encoder: Any) -> str:
    """The class of an encoder, and which third-party network an adapter holds."""
    inner = encoder.get("backbone") or encoder.get("network")
    return f"{encoder['type'].__name__}({inner})" if inner else encoder["type"].__name__


def _attention_of(model: Recognizer) -> list[str]:
    return [] if model.attention is None else [type(model.attention).__name__]
