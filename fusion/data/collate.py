"""From samples to a batch: a plain dict of tensors, because that is what moves to a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fusion.data.dataset import Clip, Sample
from modalities.augmentation import SpatialAugmentation
from modalities.clips import PoseClip
from modalities.registry import FUNCTIONS

Batch = dict[str, Any]


@FUNCTIONS.register_module()
def collate(samples: Sequence[Sample]) -> Batch:
    """``{stream: {"data", "valid", "times", "present"}, "label", "id", "number", "span", "view"}``.

    Skeletons also have ``"scores"``; their persons are padded with absent ones to the largest number in the batch.

    Shapes: RGB ``data`` uint8 ``[B, T, H, W, 3]``; flow float32 ``[B, T, H, W, 2]`` in pixels per frame interval;
    skeleton float32 ``[B, M, T, V, C]``; ``valid`` bool ``[B, T]``, for skeletons ``[B, M, T]``; ``times`` seconds
    ``[B, T]``; ``present`` bool ``[B]``; ``label`` int ``[B]`` (−1 unlabelled); ``view`` float ``[B]`` a field.
    """
    batch: Batch = {
        "id": [sample.id for sample in samples],
        "label": torch.tensor([sample.label for sample in samples]),
        "number": torch.tensor([sample.number for sample in samples]),
        "span": torch.tensor([sample.span for sample in samples], dtype=torch.float64),
        "view": {
            field.name: torch.tensor([float(getattr(sample.view, field.name)) for sample in samples])
            for field in fields(SpatialAugmentation)
        },
    }
    for stream in samples[0].clips:
        clips = [sample.clips[stream] for sample in samples]
        batch[stream] = _stack(clips) | {"present": torch.tensor([sample.present[stream] for sample in samples])}
    return batch


def _stack(clips: Sequence[Clip]) -> dict[str, Tensor]:
    times = torch.from_numpy(np.stack([clip.times for clip in clips]))
    first = clips[0]
    if not isinstance(first, PoseClip):
        data = torch.from_numpy(np.stack([clip.data for clip in clips]))  # type: ignore[union-attr]
        return {"data": data, "valid": torch.from_numpy(np.stack([clip.valid for clip in clips])), "times": times}
    people = max(clip.keypoints.shape[0] for clip in clips)  # type: ignore[union-attr]
    joints, scores = (
        torch.from_numpy(np.stack([_pad_people(getattr(clip, name), people) for clip in clips]))
        for name in ("keypoints", "scores")
    )
    shown = torch.from_numpy(np.stack([clip.valid for clip in clips]))
    seen = (scores > 0).any(-1)  # [B, M, T]: at least one joint of the person
    return {"data": joints, "scores": scores, "valid": seen & shown[:, None], "times": times}


def _pad_people(array: np.ndarray, people: int) -> np.ndarray:
    if len(array) == people:
        return array
    return np.concatenate([array, np.zeros((people - len(array), *array.shape[1:]), array.dtype)])
