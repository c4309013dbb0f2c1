"""TRN: relations between ordered frames, over features of an image network."""

from __future__ import annotations

import itertools
from pathlib import Path

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice, check_shape, fail
from triad.modalities.device_constants import device_constant
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.torchvision_image import TorchvisionImage

_MAX_TUPLES = 3


class FrameRelation(nn.Module):
    """Relation of ``scale`` ordered frames: one hidden layer over their concatenated features, summed over tuples.

    Of all ordered tuples at most three are used: random ones in training, evenly spread ones in evaluation.

    Args:
        num_frames: number of frames of a clip.
        scale: number of frames of a tuple.
        channels: length of the vector of a frame.
        hidden: length of the relation's vector.

    Shapes: ``[B, T, channels]`` -> ``[B, hidden]``.
    """

    def __init__(self, *, num_frames: int, scale: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.tuples = tuple(itertools.combinations(range(num_frames), scale))
        self.fc = nn.Linear(scale * channels, hidden)

    def forward(self, frames: Tensor) -> Tensor:
        tuples = frames[:, self.choose(frames.device)].flatten(2)  # [B, tuples, scale · channels]
        return self.fc(tuples.relu()).relu().sum(1)

    def choose(self, device: torch.device) -> Tensor:
        """Return the times of the tuples that are used, int ``[tuples, scale]``."""
        number = len(self.tuples)
        if number <= _MAX_TUPLES:
            return device_constant(self.tuples, device)
        if self.training:
            return device_constant(self.tuples, device)[torch.randperm(number, device=device)[:_MAX_TUPLES]]
        spread = [self.tuples[(2 * index + 1) * number // (2 * _MAX_TUPLES)] for index in range(_MAX_TUPLES)]
        return device_constant(tuple(spread), device)


@MODELS.register_module()
class Trn(Encoder):
    """Temporal relation network over an image network (Zhou et al. 2018, Temporal Relational Reasoning in Videos).

    The vector of every frame is reduced to 256 numbers. ``multi`` relates ordered tuples of 2 to T frames, each number
    of frames by a layer of its own; the pooled vector concatenates them, so that a linear head is the sum of the
    paper's classifiers, one a scale. ``single`` relates all T frames alone.

    Args:
        network: image network, as in :class:`TorchvisionImage`; one that gives a map.
        num_frames: number of frames T of a clip, 2 or more.
        scales: ``multi`` or ``single``.
        hidden: length of the vector of a frame, and of each relation of ``multi``; that of ``single`` is twice as long.
        dropout: dropout of the features of a frame, 0–1.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local file with torchvision's published weights; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` of the image network ``[B, C, T, H', W']``, ``pooled``
    ``[B, (T − 1) · hidden]`` or ``[B, 2 · hidden]``.

    Raises:
        InputError: for an unknown network or scales, or a file that does not fit; on use, for another number of frames.
    """

    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        network: str,
        num_frames: int = 8,
        scales: str = "multi",
        hidden: int = 256,
        dropout: float = 0.8,
        in_channels: int = 3,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        check_choice("Trn.scales", scales, ("multi", "single"))
        if num_frames < 2:
            fail("Trn.num_frames", "be 2 or more", num_frames)
        self.image = TorchvisionImage(network=network, in_channels=in_channels, weights=weights)
        if self.image.output_axes != "BCTHW":
            fail("Trn.network", "give a map", f"'{network}', which gives tokens")
        self.in_channels = in_channels
        self.out_channels = self.image.out_channels
        self.num_frames = num_frames
        self.dropout = nn.Dropout(dropout)
        self.reduce = nn.Linear(self.out_channels, hidden)
        widths = dict.fromkeys(range(2, num_frames + 1), hidden) if scales == "multi" else {num_frames: 2 * hidden}
        self.relations = nn.ModuleList(
            FrameRelation(num_frames=num_frames, scale=scale, channels=hidden, hidden=width)
            for scale, width in widths.items()
        )
        self.pooled_channels = sum(widths.values())

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape("input of Trn", data, ["B", self.in_channels, "T", "H", "W"])
        if data.shape[2] != self.num_frames:
            cure = "set Trn.num_frames to num_frames of the stream"
            fail("clip of Trn", f"have {self.num_frames} frames", data.shape[2], cure)
        output = self.image(data, valid)
        frames = output.map.mean((3, 4)).transpose(1, 2)  # [B, T, C]
        frames = self.reduce(self.dropout(frames))
        relations = [relation(frames) for relation in self.relations]
        return EncoderOutput(output.map, torch.cat(relations, dim=1))
