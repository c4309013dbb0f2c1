"""Pyramid non-local block: regions of several sizes read one another."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock


@MODELS.register_module()
class PyramidNonLocal(AttentionBlock):
    """Non-local block over regions of several sizes (Xu et al. 2021, PNL: Pyramid Non-Local Module).

    At each level ``θ``, ``φ`` and ``g`` are averaged over the regions of one size, and every region reads all others
    with the weights of the embedded Gaussian non-local block; the levels' results are added up at full size. With
    regions of ``(1, 1, 1)`` alone it is that block. Where regions hold several places it costs less.

    It follows the paper's abstract alone: correlations of regions at several scales, at a lower cost than a non-local
    block. The sizes of its regions are this project's, so that the paper's figures are not checked here.

    Args:
        channels: channels of the map.
        regions: times, rows and columns of a region, one entry a level; a smaller map is one region.

    Shapes: ``[B, C, T, H, W]`` -> the same; weights ``read_0``, ``read_1`` … ``[B, T', H', W']``, how much of each
    region of a level is read.
    """

    def __init__(self, *, channels: int, regions: Sequence[Sequence[int]] = ((1, 2, 2), (1, 4, 4), (2, 7, 7))) -> None:
        super().__init__()
        self.regions = tuple(tuple(region) for region in regions)
        inner = channels // 2
        self.theta = nn.Conv3d(channels, inner, 1)
        self.phi = nn.Conv3d(channels, inner, 1)
        self.g = nn.Conv3d(channels, inner, 1)
        self.out = nn.Conv3d(inner, channels, 1, bias=False)
        self.bn = nn.BatchNorm3d(channels)
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                nn.init.normal_(module.weight, std=0.01)
        nn.init.zeros_(self.bn.weight)

    def forward(self, data: Tensor) -> Attended:
        query, key, value = self.theta(data), self.phi(data), self.g(data)
        total = torch.zeros_like(value)
        weights: dict[str, Tensor] = {}
        for level, sizes in enumerate(self.regions):
            region = [min(size, side) for size, side in zip(sizes, value.shape[2:], strict=True)]
            read, weights[f"read_{level}"] = _attend(*(mean_of_regions(x, region) for x in (query, key, value)))
            total = total + repeat_regions(read, region, value.shape[2:])
        return Attended(data + self.bn(self.out(total)), weights)


def mean_of_regions(data: Tensor, region: Sequence[int]) -> Tensor:
    """Return the mean of every region; the last ones are smaller where the size of a region divides no side.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C, ⌈T / t⌉, ⌈H / h⌉, ⌈W / w⌉]``.
    """
    return F.avg_pool3d(data, tuple(region), ceil_mode=True, count_include_pad=False)


def repeat_regions(data: Tensor, region: Sequence[int], shape: Sequence[int]) -> Tensor:
    """Return a map of regions at the size of ``shape``, every place with the value of its region.

    Shapes: ``[B, C, T', H', W']`` -> ``[B, C, T, H, W]``.
    """
    repeated = F.interpolate(data, scale_factor=[float(size) for size in region], mode="nearest")
    return repeated[:, :, : shape[0], : shape[1], : shape[2]]


def _attend(query: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
    """Return what every region reads, and how much is read of each. Shapes: ``[B, C, T, H, W]`` each."""
    weights = torch.softmax(query.flatten(2).transpose(1, 2) @ key.flatten(2), 2)  # [B, N, N]
    read = value.flatten(2) @ weights.transpose(1, 2)  # [B, C, N]
    return read.unflatten(2, value.shape[2:]), weights.mean(1).unflatten(1, value.shape[2:])
