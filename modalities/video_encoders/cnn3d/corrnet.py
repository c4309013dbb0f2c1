"""CorrNet: an R(2+1)D whose stages end in correlations of neighbouring frames."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.correlation import Correlation
from triad.modalities.video_encoders.cnn3d.end_points import EndPointEncoder
from triad.modalities.video_encoders.cnn3d.residual_blocks import conv_norm

DEPTHS = {26: (2, 2, 2, 2), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Number of bottlenecks of each stage, by the number of layers of the R(2+1)D."""
TIME_STRIDES = (1, 1, 2, 2)
EXPANSION = 4


class Bottleneck2Plus1d(nn.Module):
    """Residual bottleneck whose 3×3×3 convolution is a spatial and a temporal one (Tran et al. 2018, R(2+1)D).

    Args:
        in_channels: channels of the input.
        planes: channels of the middle; the output has four times as many.
        stride: step in times, and in rows and columns.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, 4 · planes, T', H', W']``.
    """

    def __init__(self, in_channels: int, planes: int, *, stride: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        out_channels = EXPANSION * planes
        self.branch = nn.Sequential(
            *conv_norm(in_channels, planes, kernel=(1, 1)),
            nn.ReLU(inplace=True),
            *conv_norm(planes, planes, kernel=(1, 3), stride=(1, stride[1])),
            nn.ReLU(inplace=True),
            *conv_norm(planes, planes, kernel=(3, 1), stride=(stride[0], 1)),
            nn.ReLU(inplace=True),
            *conv_norm(planes, out_channels, kernel=(1, 1)),
        )
        keeps_shape = in_channels == out_channels and stride == (1, 1)
        self.shortcut: nn.Module = (
            nn.Identity() if keeps_shape else conv_norm(in_channels, out_channels, kernel=(1, 1), stride=stride)
        )

    def forward(self, data: Tensor) -> Tensor:
        return torch.relu(self.branch(data) + self.shortcut(data))


class CorrelationBlock(nn.Module):
    """Correlation-sum block: the similarities of a quarter of the channels, added to the input (§4 of the paper).

    Args:
        channels: channels of input and output.
        num_frames: number of times, see :class:`Correlation`.

    Shapes: ``[B, channels, T, H, W]`` -> the same.
    """

    def __init__(self, channels: int, *, num_frames: int) -> None:
        super().__init__()
        quarter = channels // 4
        self.reduce = nn.Sequential(*conv_norm(channels, quarter, kernel=(1, 1)), nn.ReLU(inplace=True))
        self.correlation = Correlation(channels=quarter, num_frames=num_frames)
        self.expand = conv_norm(self.correlation.out_channels, channels, kernel=(1, 1))

    def forward(self, data: Tensor) -> Tensor:
        return torch.relu(data + self.expand(self.correlation(self.reduce(data))))


@MODELS.register_module()
class CorrNet(EndPointEncoder):
    """CorrNet (Wang et al. 2020, Video Modeling with Correlation Networks).

    R(2+1)D with bottlenecks, and a correlation block, of 7×7 displacements two places apart and 32 groups of channels,
    after ``res2``, ``res3`` and ``res4``; with 101 layers another one in the middle of ``res4``. Other sizes follow a
    public port, but a bottleneck keeps its channels between the spatial and the temporal convolution. With 101 layers
    this network then costs 249 GMACs a clip, where 224 are published.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        layers: number of layers of the R(2+1)D: 26, 50 or 101.
        num_frames: number of frames of a clip, for which the filters are made; other clips use their means.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 2048, T / 4, H / 32, W / 32]``, sizes rounded up;
    ``taps`` the stem and the stages.

    Raises:
        InputError: for another number of layers, and on use for ``data`` of another shape.
    """

    out_channels = 2048
    end_points = ("conv1", "res2", "res3", "res4", "res5")

    def __init__(self, *, in_channels: int = 3, layers: int = 26, num_frames: int = 32) -> None:
        super().__init__()
        if layers not in DEPTHS:
            fail("CorrNet.layers", f"be one of {', '.join(map(str, DEPTHS))}", layers)
        self.in_channels = in_channels
        self.conv1 = nn.Sequential(*conv_norm(in_channels, 32, kernel=(1, 7), stride=(1, 2)), nn.ReLU(inplace=True))
        channels = 32
        for stage, (depth, time_stride) in enumerate(zip(DEPTHS[layers], TIME_STRIDES, strict=True)):
            planes = 64 * 2**stage
            num_frames = -(-num_frames // time_stride)
            blocks: list[nn.Module] = []
            for index in range(depth):
                stride = (time_stride, 2) if index == 0 else (1, 1)
                blocks.append(Bottleneck2Plus1d(channels, planes, stride=stride))
                channels = EXPANSION * planes
                is_last = index == depth - 1
                is_middle = layers == 101 and stage == 2 and index == depth // 2
                if stage < 3 and (is_last or is_middle):
                    blocks.append(CorrelationBlock(channels, num_frames=num_frames))
            self.add_module(f"res{stage + 2}", nn.Sequential(*blocks))
