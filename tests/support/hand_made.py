"""Recognizers with linear networks, whose relevance can be computed by hand, and a batch for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import torch
from torch import Tensor

from triad.fusion.models import Recognizer
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.transforms import SkeletonTransform

LAYOUT = get_layout("minihome16")
PERSONS, TIMES, CLASSES = 2, 6, 3
Batch = dict[str, Any]


class Flat(Encoder):
    """Encoder that flattens the data, or a function of it; with a linear head this is a linear model.

    Args:
        function: function of ``[B, M, C, T, V]`` that is flattened.
        out_channels: number of outputs.
    """

    in_channels = 3
    output_axes = "BC"

    def __init__(self, *, function: Callable[[Tensor], Tensor] = lambda data: data, out_channels: int) -> None:
        super().__init__()
        self.function = function
        self.out_channels = out_channels

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(self.function(data).flatten(1))


def make_model(encoder: dict[str, Any], steps: Sequence[Any] = (), **options: Any) -> Recognizer:
    """Return a recognizer of three classes with one skeleton stream and the weights of seed 0, in evaluation mode."""
    torch.manual_seed(0)
    transform = {"type": SkeletonTransform, "layout": LAYOUT.name, "frame_size": (120, 160), "steps": steps}
    streams = {"skeleton": {"transform": transform, "encoder": encoder}}
    return Recognizer(num_classes=CLASSES, streams=streams, **options).eval()


def make_batch(persons: int = PERSONS, times: int = TIMES, seed: int = 1) -> Batch:
    """Return a batch of one sample without missing joints."""
    rng = torch.Generator().manual_seed(seed)
    shape = (1, persons, times, LAYOUT.num_joints)
    entry = {
        "data": torch.randn(*shape, 3, generator=rng),
        "scores": torch.ones(shape),
        "valid": torch.ones(shape[:3], dtype=torch.bool),
        "times": torch.arange(times, dtype=torch.float64)[None] / 10,
        "present": torch.ones(1, dtype=torch.bool),
    }
    view = {
        field.name: torch.tensor([float(getattr(SpatialAugmentation(), field.name))])
        for field in fields(SpatialAugmentation)
    }
    return {"id": ["sample"], "label": torch.tensor([0]), "skeleton": entry, "view": view}


def make_linear() -> Recognizer:
    """Return the model ``logit = Σ w x + b`` over all persons, coordinates, times and joints."""
    return make_model({"type": Flat, "out_channels": PERSONS * 3 * TIMES * LAYOUT.num_joints})


def make_function(function: Callable[[Tensor], Tensor], out_channels: int) -> Recognizer:
    """Return a model with a linear head on a function of ``[B, M, C, T, V]``."""
    return make_model({"type": Flat, "function": function, "out_channels": out_channels})


def weights_of(model: Recognizer, target: int) -> Tensor:
    """Return the weights of a class in a linear model, ``[M, C, T, V]``."""
    return model.heads["skeleton"].fc.weight[target].detach().view(PERSONS, 3, TIMES, LAYOUT.num_joints)


def lose(batch: Batch, person: int, time: Any, joint: Any) -> Batch:
    """Return the batch with some joints missing, as a reader and ``collate`` mark them."""
    entry = {name: value.clone() for name, value in batch["skeleton"].items()}
    entry["scores"][0, person, time, joint] = 0
    entry["data"][0, person, time, joint] = 0
    entry["valid"] = (entry["scores"] > 0).any(-1)
    return {**batch, "skeleton": entry}
