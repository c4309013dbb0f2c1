"""Attention over the places and times of one video stream, from the maps of any fusion module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from fusion.models.fusion_module import AttentionMap


class VideoAttention(NamedTuple):
    """Weights over the places and times of a video for each sample that has it.

    Attributes:
        stream: name of the video stream.
        places: weights over places, ``[P, h, w]``.
        times: weights over times, which sum to 1, ``[P, T]``; one time where a module weighs places alone.
        driven: whether the stream that drives the attention was there, bool ``[P]``.
        rows: samples of the batch, int ``[P]``.
    """

    stream: str
    places: Tensor
    times: Tensor
    driven: Tensor
    rows: Tensor


def video_attention(maps: Mapping[str, AttentionMap]) -> VideoAttention | None:
    """Return the attention over the first video stream whose places some module weighs; None if there is none.

    Weights over places at each time are averaged over the times, and their sum over places says how much a time counts,
    unless another map of the stream weighs the times.
    """
    spatial = next((one for one in maps.values() if {"H", "W"} <= set(one.axes)), None)
    if spatial is None:
        return None
    temporal = next(
        (one for one in maps.values() if one.stream == spatial.stream and set(one.axes) == {"B", "T"}), spatial
    )
    places = _mean_to(spatial, "BHW")
    times = _mean_to(temporal, "BT") if "T" in temporal.axes else torch.ones_like(places[:, 0, :1])
    times = times / times.sum(1, keepdim=True).clamp(min=1e-12)
    return VideoAttention(spatial.stream, places, times, spatial.driven, spatial.rows)


def _mean_to(attention: AttentionMap, axes: str) -> Tensor:
    """Return the mean over the axes that ``axes`` does not name."""
    others = [position for position, axis in enumerate(attention.axes) if axis not in axes]
    return attention.weights.float().mean(others) if others else attention.weights.float()
