"""A recognizer of heat maps whose logits are linear in them."""

from __future__ import annotations

from typing import Any

import torch
from hand_made import make_batch
from torch import Tensor

from triad.fusion.models import Recognizer
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.transforms import HeatmapTransform


class MeanOfMaps(Encoder):
    """Each map's mean: ``[B, V, T, H, W]`` -> ``[B, V · T]``."""

    in_channels, out_channels, output_axes = 17, 17 * 4, "BC"

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(data.mean((3, 4)).flatten(1))


def make_heat_map_model(**options: Any) -> Recognizer:
    """A model of the stream ``pose``, in evaluation mode."""
    torch.manual_seed(0)
    transform = {"type": HeatmapTransform, "layout": "coco17", "frame_size": (64, 64), "padding": None, **options}
    streams = {"pose": {"transform": transform, "encoder": {"type": MeanOfMaps}}}
    return Recognizer(num_classes=3, streams=streams).eval()


def make_heat_map_batch() -> dict[str, Any]:
    """Two persons so far apart that no spot of one touches one of the other, 4 times."""
    batch = make_batch(persons=2, times=4)
    y = torch.linspace(12, 52, get_layout("coco17").num_joints)
    points = torch.stack([torch.stack([torch.full_like(y, x), y], -1) for x in (16.0, 48.0)])  # [M, V, 2]
    scores = torch.full((1, 2, 4, 17), 0.5)
    entry = {**batch["skeleton"], "data": points[None, :, None].expand(1, 2, 4, 17, 2).clone(), "scores": scores}
    return {**batch, "pose": entry}
