"""Collation of samples into a batch: a plain dict of tensors, the form that mmengine moves to a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from triad.fusion.data.dataset import Sample
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.modality import get_modality
from triad.modalities.registry import FUNCTIONS

Batch = dict[str, Any]


@FUNCTIONS.register_module()
def collate(samples: Sequence[Sample]) -> Batch:
    """Return ``{stream: {"data", "valid", "times", "present"}, "label", "id", "number", "span", "view"}``.

    Skeletons also have ``"scores"``; their persons are padded with absent ones to the largest number in the batch.

    Shapes: RGB ``data`` uint8 ``[B, T, H, W, 3]``; flow float32 ``[B, T, H, W, 2]`` in pixels per frame interval, of
    stacks ``[B, T, L, H, W, 2]``; skeleton float32 ``[B, M, T, V, C]``; ``valid`` bool ``[B, T]``, for skeletons ``[B,
    M, T]``; ``times`` seconds ``[B, T]``; ``present`` bool ``[B]``; ``label`` int ``[B]``, of multi-label
    datasets ``[B, K]`` (−1 unlabelled), with labels of their own for every time ``[B, T]`` or ``[B, T, K]``; ``view``
    float ``[B]`` a field.
    """
    batch: Batch = {
        "id": [sample.id for sample in samples],
        "label": stack_labels([sample.label for sample in samples]),
        "number": torch.tensor([sample.number for sample in samples]),
        "span": torch.tensor([sample.span for sample in samples], dtype=torch.float64),
        "view": {
            field.name: torch.tensor([float(getattr(sample.view, field.name)) for sample in samples])
            for field in fields(SpatialAugmentation)
        },
    }
    for stream in samples[0].clips:
        clips = [sample.clips[stream] for sample in samples]
        present = torch.tensor([sample.present[stream] for sample in samples])
        batch[stream] = get_modality(clips[0].modality).collate(clips) | {"present": present}
    return batch


def stack_labels(labels: Sequence[int | np.ndarray]) -> Tensor:
    """Return the labels of a batch; those of times are padded with −1 to the longest sample.

    Shapes: B of ``[]``, ``[K]`` or ``[T, K]`` -> int ``[B]``, ``[B, K]`` or ``[B, T, K]``.
    """
    arrays = [torch.from_numpy(np.array(label)) for label in labels]
    if len({array.shape for array in arrays}) == 1:
        return torch.stack(arrays)
    return pad_sequence(arrays, batch_first=True, padding_value=-1)
