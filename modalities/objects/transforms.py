"""Detected objects as input of a network, on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from triad.modalities.device_constants import device_constant
from triad.modalities.objects.vocabularies import get_vocabulary
from triad.modalities.registry import TRANSFORMS
from triad.modalities.warp import View, fixed_matrix, view_matrix

NUM_BOX_FEATURES = 5
"""Centre, size and score of a box."""


@TRANSFORMS.register_module()
class ObjectTransform(nn.Module):
    """Class, box and score of each object in the crop that the sample's view shows.

    The channels are the classes of the vocabulary (1 for the object's own), the centre of the box from −1 to 1, its
    width and height as fractions of the crop, and its score. An object whose centre lies outside of the crop is absent,
    and all channels of absent objects are 0.

    Args:
        vocabulary: name of the reader's vocabulary.
        frame_size: height and width of the canvas that boxes were read onto, pixels.

    ``forward`` without a view shows the whole frame.

    Shapes: ``data`` float ``[B, T, K, 4]``, ``labels`` int ``[B, T, K]``, ``scores`` ``[B, T, K]``, ``valid`` bool
    ``[B, T]`` -> float ``[B, C, T, K]``, bool ``[B, T]``.

    Raises:
        InputError: for an unknown vocabulary.
    """

    def __init__(self, *, vocabulary: str, frame_size: Sequence[int]) -> None:
        super().__init__()
        self.num_classes = len(get_vocabulary(vocabulary))
        self.frame_size = (frame_size[0], frame_size[1])

    @property
    def out_channels(self) -> int:
        """Number of channels."""
        return self.num_classes + NUM_BOX_FEATURES

    def forward(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        features, _ = self.features(entry, view)
        return features.permute(0, 3, 1, 2), entry["valid"]

    def features(self, entry: Mapping[str, Tensor], view: View) -> tuple[Tensor, Tensor]:
        """Return the channels of each object, and which objects the crop shows.

        Shapes: ``[B, T, K, C]``, bool ``[B, T, K]``.
        """
        fractions = boxes_in_view(entry["data"], view, self.frame_size)
        centers = (fractions[..., :2] + fractions[..., 2:]) / 2
        shown = (entry["scores"] > 0) & entry["valid"][..., None] & ((centers >= 0) & (centers <= 1)).all(-1)
        classes = one_hot(entry["labels"], self.num_classes).to(fractions)
        sizes = fractions[..., 2:] - fractions[..., :2]
        scores = entry["scores"][..., None].to(fractions)
        channels = torch.cat([classes, 2 * centers - 1, sizes, scores], -1)
        return channels * shown[..., None], shown


def boxes_in_view(boxes: Tensor, view: View, frame_hw: tuple[int, int]) -> Tensor:
    """Return boxes as fractions of the crop that a view shows, mirrored where it is.

    Args:
        boxes: boxes ``(x1, y1, x2, y2)`` in pixels from the corner of the frame.
        view: view of the batch.
        frame_hw: height and width of the frame, pixels.

    Shapes: ``[B, …, 4]`` -> ``[B, …, 4]``.
    """
    if isinstance(view, Mapping):
        matrix = view_matrix(view, frame_hw, frame_hw).to(boxes)
    else:
        matrix = torch.tensor(fixed_matrix(view, frame_hw, frame_hw), dtype=boxes.dtype, device=boxes.device)[None]
    scale = matrix.diagonal(dim1=1, dim2=2)  # [B, 2]
    shift = matrix[:, :, 2] - 0.5 * scale + 0.5  # from pixel centres to corners
    shape = (-1, *[1] * (boxes.ndim - 2), 2)
    size = device_constant((frame_hw[1], frame_hw[0]), boxes.device, boxes.dtype)
    first, second = ((corner * scale.view(shape) + shift.view(shape)) / size for corner in boxes.split(2, -1))
    return torch.cat([torch.minimum(first, second), torch.maximum(first, second)], -1)
