"""Small R(2+1)D network that trains from scratch on two CPU cores."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.staged import StagedVideoEncoder

_LANES = 16  # floats in a vector register: 36 channels cost as much as 48


def mid_planes(in_planes: int, out_planes: int) -> int:
    """Return the number of channels between the spatial and the temporal half of a convolution.

    The paper's ``M = ⌊27·I·O / (9·I + 3·O)⌋`` gives the pair as many parameters as one 3×3×3 convolution; here it is
    rounded down to a multiple of 16 (at least 16), because CPUs compute in blocks of that size.
    """
    exact = 27 * in_planes * out_planes // (9 * in_planes + 3 * out_planes)
    return max(_LANES, exact // _LANES * _LANES)


class TemporalConv(nn.Conv3d):
    """3×1×1 convolution, computed as a two-dimensional one over ``[T, H·W]``.

    Equal to ``nn.Conv3d`` and faster on CPUs, where oneDNN has no good kernel for it.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, out_channels, T', H, W]``.
    """

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1) -> None:
        super().__init__(in_channels, out_channels, (3, 1, 1), (stride, 1, 1), (1, 0, 0), bias=False)

    def forward(self, data: Tensor) -> Tensor:
        flat = F.conv2d(
            data.flatten(3),  # [B, C, T, H·W], a view
            self.weight.flatten(3),  # [O, I, 3, 1]
            stride=(self.stride[0], 1),
            padding=(1, 0),
        )
        return flat.unflatten(3, data.shape[3:])


def remove_temporal_mean(conv: TemporalConv) -> None:
    """Subtract the mean over time from every second kernel, so that it responds to motion and not to a still scene.

    BatchNorm divides by the standard deviation over positions, to which the room contributes more than the person in
    it; a kernel that cancels the room keeps small motion large. It is an initialisation, which training may change.
    """
    with torch.no_grad():
        kernel = conv.weight[1::2]  # [O / 2, I, 3, 1, 1]
        kernel -= kernel.mean(2, keepdim=True)


def _spatial(in_channels: int, out_channels: int, *, kernel: int = 3, stride: int = 1) -> nn.Conv3d:
    padding = (0, kernel // 2, kernel // 2)
    return nn.Conv3d(in_channels, out_channels, (1, kernel, kernel), (1, stride, stride), padding, bias=False)


class Stem(nn.Sequential):
    """Spatial convolution at half resolution, 3×3 max-pooling, then the temporal convolution at quarter resolution.

    The maximum keeps small, distinct things (a coloured object, a moving finger); the temporal convolution runs after
    it, where it costs a quarter.

    Args:
        in_channels: channels of the input.
        width: channels of the output.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, width, T, ⌈H / 4⌉, ⌈W / 4⌉]``.
    """

    def __init__(self, in_channels: int, width: int) -> None:
        super().__init__(
            _spatial(in_channels, width, kernel=5, stride=2),
            nn.BatchNorm3d(width),
            nn.ReLU(inplace=True),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)),
            TemporalConv(width, width),
            nn.BatchNorm3d(width),
            nn.ReLU(inplace=True),
        )

    def forward(self, data: Tensor) -> Tensor:
        return super().forward(data.contiguous(memory_format=torch.channels_last_3d))  # the memory format of oneDNN


class ResidualBlock(nn.Module):
    """Residual block of two factorised convolutions (Figure 1 e of the paper).

    Args:
        in_planes: channels of the input.
        planes: channels of the output.
        spatial_stride: step of the first spatial convolution.
        temporal_stride: step of the first temporal convolution.

    Shapes: ``[B, in_planes, T, H, W]`` -> ``[B, planes, T', H', W']``, each size divided by its stride, rounded up.
    """

    def __init__(self, in_planes: int, planes: int, *, spatial_stride: int, temporal_stride: int) -> None:
        super().__init__()
        first = mid_planes(in_planes, planes)
        second = mid_planes(planes, planes)
        self.convs = nn.Sequential(
            _spatial(in_planes, first, stride=spatial_stride),
            nn.BatchNorm3d(first),
            nn.ReLU(inplace=True),
            TemporalConv(first, planes, stride=temporal_stride),
            nn.BatchNorm3d(planes),
            nn.ReLU(inplace=True),
            _spatial(planes, second),
            nn.BatchNorm3d(second),
            nn.ReLU(inplace=True),
            TemporalConv(second, planes),
            nn.BatchNorm3d(planes),
        )
        stride = (temporal_stride, spatial_stride, spatial_stride)
        keeps_shape = in_planes == planes and stride == (1, 1, 1)
        self.shortcut: nn.Module = (
            nn.Identity()
            if keeps_shape
            else nn.Sequential(nn.Conv3d(in_planes, planes, 1, stride, bias=False), nn.BatchNorm3d(planes))
        )

    def forward(self, data: Tensor) -> Tensor:
        return F.relu(self.convs(data) + self.shortcut(data))


@MODELS.register_module()
class SmallR2Plus1d(StagedVideoEncoder):
    """R(2+1)D of a few hundred thousand parameters (Tran et al. 2018, A Closer Look at Spatiotemporal Convolutions).

    Every convolution is factorised into space and time; half of the stem's temporal kernels start without a mean
    (:func:`remove_temporal_mean`). The stem quarters H and W, the first residual stage keeps them, every later stage
    halves them. With the defaults an 8×84×112 clip costs 0.14 GMACs.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        stem: channels of the stem.
        widths: channels of each residual stage.
        depths: number of residual blocks of each stage.
        temporal_strides: temporal stride of each stage.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, widths[-1], ⌈T / stride⌉, H', W']`` with the product
    ``stride`` of all temporal strides; each of the ``2 + len(widths) - 1`` halvings of H and W rounds up.

    Raises:
        InputError: for lists of different length.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        stem: int = 16,
        widths: Sequence[int] = (16, 32, 64),
        depths: Sequence[int] = (1, 1, 1),
        temporal_strides: Sequence[int] = (1, 2, 1),
    ) -> None:
        if not len(widths) == len(depths) == len(temporal_strides) > 0:
            lengths = f"{len(widths)}, {len(depths)} and {len(temporal_strides)}"
            fail(
                "SmallR2Plus1d's widths, depths and temporal_strides", "have one entry per stage", f"{lengths} entries"
            )
        stages: list[nn.Module] = [Stem(in_channels, stem)]
        for index, (width, depth, temporal_stride) in enumerate(zip(widths, depths, temporal_strides, strict=True)):
            in_planes = widths[index - 1] if index else stem
            spatial_stride = 2 if index else 1
            first = ResidualBlock(in_planes, width, spatial_stride=spatial_stride, temporal_stride=temporal_stride)
            following = [ResidualBlock(width, width, spatial_stride=1, temporal_stride=1) for _ in range(depth - 1)]
            stages.append(nn.Sequential(first, *following))
        super().__init__(stages=stages, in_channels=in_channels, out_channels=widths[-1])
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        remove_temporal_mean(next(module for module in self.modules() if isinstance(module, TemporalConv)))
