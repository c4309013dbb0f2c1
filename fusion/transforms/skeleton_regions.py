"""Pictures of body parts over time, put together to one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from triad.fusion.transforms.part_crop import PartCrop
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.body_parts import EXTREMITIES
from triad.modalities.warp import View


@TRANSFORMS.register_module()
class SkeletonRegions(nn.Module):
    """One picture of a clip: a row for each extremity, a column for each time.

    Bruce, Liu, Zhang, Zhong, Chan 2022, MMNet: A Model-based Multimodal Network for Human Action Recognition in RGB-D
    Videos: head, hands and feet at five times, 45 pixels each, make a picture of 225² for an image network. The authors
    cut boxes of fixed pixels; here a box is as large as the person's torso, see
    :class:`~triad.fusion.transforms.PartCrop`, which also says what is shown where a part is not found.

    Args:
        pose: name of the pose stream that is read.
        layout: name of its joint layout.
        frame_size: height and width of the frame that its pixels were read onto.
        cell: side of the picture of one part at one time, pixels.
        smoothing: standard deviation of the Gaussian that smooths the paths of the boxes, seconds.
        part_size: side of a box, in lengths of the torso.
        mean: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.
        std: as of :class:`~triad.modalities.rgb.transforms.RgbTransform`.

    Shapes: ``data`` uint8 ``[B, T, H, W, 3]``, ``valid`` ``[B, T]`` -> float ``[B, 3, 1, 5·cell, T·cell]``, bool ``[B,
    1]``.

    Raises:
        InputError: As :class:`~triad.fusion.transforms.PartCrop`.
    """

    shows_frame: ClassVar[bool] = False  # its places are not those of the frame

    def __init__(
        self,
        *,
        pose: str,
        layout: str,
        frame_size: Sequence[int],
        cell: int = 45,
        smoothing: float = 0.05,
        part_size: float = 1.0,
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
    ) -> None:
        super().__init__()
        self.reads = (pose,)
        self.crops = nn.ModuleList(
            PartCrop(
                pose=pose,
                body_part=extremity,
                layout=layout,
                frame_size=frame_size,
                size=(cell, cell),
                smoothing=smoothing,
                part_size=part_size,
                mean=mean,
                std=std,
            )
            for extremity in EXTREMITIES
        )

    def forward(
        self, entry: Mapping[str, Tensor], view: View, entries: Mapping[str, Mapping[str, Tensor]] | None = None
    ) -> tuple[Tensor, Tensor]:
        video = {**entry, "data": entry["data"].float()}
        rows = [crop(video, view, entries)[0] for crop in self.crops]  # [B, 3, T, cell, cell] each
        row_pictures = [row.transpose(2, 3).flatten(3) for row in rows]  # [B, 3, cell, T·cell]
        return torch.cat(row_pictures, 2)[:, :, None], entry["valid"].any(1, keepdim=True)
