"""Clips of pictures: as a batch, and as full samples whose cost is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import torch

from triad.modalities.checks import fail
from triad.modalities.reused_memory import empty_array


def stack_clips(clips: Sequence[Any]) -> dict[str, Any]:
    """Stack clips of pictures, all of one shape; the channels of ``data`` lie apart in memory, as networks read them.

    Separating the channels costs no more than copying, and saves the device a pass over the batch.

    Shapes: ``data`` ``[B, T, …, H, W, C]``, ``valid`` bool ``[B, T]``, ``times`` seconds ``[B, T]``; ``cropped`` is
    True, and missing where the frames are whole.
    """
    shape = clips[0].data.shape
    if any(clip.data.shape != shape for clip in clips):  # cv2.split would leave the batch unfilled
        raise ValueError(f"clips of shapes {sorted({clip.data.shape for clip in clips})} in one batch")
    *axes, height, width, channels = shape
    planes = empty_array((len(clips), channels, *axes, height, width), clips[0].data.dtype)
    for clip, clip_planes in zip(clips, planes, strict=True):
        cv2.split(clip.data.reshape(-1, width, channels), list(clip_planes.reshape(channels, -1, width)))
    entry: dict[str, Any] = {
        "data": torch.from_numpy(planes).movedim(1, -1),
        "valid": torch.from_numpy(np.stack([clip.valid for clip in clips])),
        "times": torch.from_numpy(np.stack([clip.times for clip in clips])),
    }
    if getattr(clips[0], "cropped", False):
        entry["cropped"] = True
    return entry


def is_cropped(entry: Mapping[str, Any], size: tuple[int, int]) -> bool:
    """Return whether a reader has cropped the pictures of a batch, see :func:`stack_clips`.

    Args:
        entry: batch of a stream.
        size: height and width of the network's input, pixels.

    Raises:
        InputError: for crops of another size.
    """
    if not entry.get("cropped", False):
        return False
    crop_size = tuple(entry["data"].shape[-3:-1])
    if crop_size != size:
        cure = "give the stream of the dataset the transform of the model"
        fail("crops of a batch", f"have height and width {size}", crop_size, cure)
    return True


def fill_times(clip: Any, persons: int) -> Any:
    """Return a clip with all its times valid; pictures have no persons to fill."""
    return replace(clip, valid=np.ones_like(clip.valid))
