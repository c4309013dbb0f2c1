"""Smallest recognizer with two video streams, ``rgb`` and ``flow``, and random batches for it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.models import Recognizer
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.rgb import RgbReader

ATTENTION = {"video": "rgb", "pose": "flow"}
"""Arguments of a SeparableSTA that fits."""


class ChannelsFirst(nn.Module):
    """Channels of frames first; random batches have them there already."""

    def forward(self, entry: dict[str, Tensor], view: Any) -> tuple[Tensor, Tensor]:
        data = entry["data"]
        return data.movedim(-1, 1).float() if data.dtype == torch.uint8 else data, entry["valid"]


class TinyVideo(Encoder):
    """One convolution and one norm with batch statistics."""

    in_channels, out_channels, output_axes = 3, 4, "BCTHW"

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv3d(3, 4, 1), nn.BatchNorm3d(4)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(self.norm(self.conv(data)))


STREAM = {
    "reader": {"type": RgbReader, "frame_size": (4, 4)},
    "num_frames": 2,
    "transform": {"type": ChannelsFirst},
    "encoder": {"type": TinyVideo},
}


def build_recognizer(**arguments: Any) -> Recognizer:
    """Return a recognizer of 5 classes with weights of seed 0."""
    torch.manual_seed(0)
    return Recognizer(num_classes=5, streams={"rgb": STREAM, "flow": STREAM}, **arguments)


def make_batch(present: dict[str, list[bool]]) -> dict[str, Any]:
    """Return a random batch; ``present`` has a mask of the samples for each stream."""
    generator = torch.Generator().manual_seed(0)
    size = len(next(iter(present.values())))
    streams = {
        name: {
            "data": torch.randn(size, 3, 2, 4, 4, generator=generator),
            "valid": torch.ones(size, 2, dtype=torch.bool),
            "present": torch.tensor(mask),
        }
        for name, mask in present.items()
    }
    return {
        **streams,
        "label": torch.arange(size) % 5,
        "id": [f"clip{row}" for row in range(size)],
        "number": torch.zeros(size, dtype=torch.int64),
        "span": torch.zeros(size, 2),
        "view": {},
    }


def compute_losses(model: Recognizer, batch: dict[str, Any]) -> dict[str, Tensor]:
    return model(**model.data_preprocessor(batch, True), mode="loss")
