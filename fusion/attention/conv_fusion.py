"""Convolution over the concatenated maps of two streams.

Feichtenhofer, Pinz, Zisserman 2016, Convolutional Two-Stream Network Fusion for Video Action Recognition (CVPR).
Carreira, Zisserman 2017, Quo Vadis, Action Recognition? (CVPR), their 3D-fused two-stream network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from triad.fusion.models import (
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    shape_of,
    take_rows,
    union_rows,
)
from triad.fusion.models.paired.lateral_connections import resize_map
from triad.modalities.checks import check_choice, fail
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_at


@MODELS.register_module()
class ConvFusion(FusionModule):
    """3D convolution of the maps of two streams, and a maximum over its output, in place of the first stream's map.

    With ``initial="random"``, 512 channels, a kernel of 3 and a pool of 3 it is the end of the 3D-fused network of
    Carreira and Zisserman, over the last maps of two Inception-V1 on single frames: 39 million parameters in all. The
    paper gives the pool no step; here it is 2. The convolution has a norm and a ReLU.

    With ``initial="sum"`` it is the fusion of Feichtenhofer et al.: its kernels start as two identities, so that the
    maps are added, and it has a bias and a ReLU. The second stream keeps its map, and a head of its own, where the
    config gives it one.

    A stream that a sample lacks has a map of zeros: the first stream's head then answers from the other's map alone.

    Args:
        shapes: shapes of the features of all streams.
        first: name of the stream whose map is replaced; axes ``BCTHW``.
        second: name of the other stream; axes ``BCTHW``. Its map is brought to the times and places of the first's.
        channels: channels of the new map; None for those of the first stream.
        kernel: odd size of the convolution over times, rows and columns.
        pool: size of the maximum over times, rows and columns, with a step of 2; None for no pool.
        initial: ``random`` or ``sum``, which needs maps with equal channels.

    Shapes: maps ``[P, C, T, H, W]`` and ``[Q, C', T', H', W']`` -> ``[R, channels, T'', H'', W'']`` for the samples
    that have a stream, each size halved by the pool and rounded up.

    Raises:
        InputError: If a stream is missing, a map has other axes or an option does not fit.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        first: str,
        second: str,
        channels: int | None = None,
        kernel: int = 3,
        pool: int | None = 3,
        initial: str = "random",
    ) -> None:
        super().__init__()
        name = type(self).__name__
        first_shape = shape_of(name, "first", first, shapes, ["BCTHW"])
        second_shape = shape_of(name, "second", second, shapes, ["BCTHW"])
        check_choice(f"{name}.initial", initial, ("random", "sum"))
        if kernel % 2 == 0 or (pool is not None and pool % 2 == 0):
            fail(f"{name}.kernel and pool", "be odd", f"{kernel} and {pool}")
        self.first = first
        self.second = second
        self.channels = (first_shape.channels, second_shape.channels)
        self.size = first_shape.sizes[1:]
        channels = channels or first_shape.channels
        conv = nn.Conv3d(sum(self.channels), channels, kernel, padding=kernel // 2, bias=initial == "sum")
        if initial == "sum":
            if not self.channels[0] == self.channels[1] == channels:
                counts = f"{self.channels[0]}, {self.channels[1]} and {channels}"
                fail(f"maps and {name}.channels", "have equal channels to be added", counts)
            with torch.no_grad():
                for half in conv.weight.chunk(2, dim=1):
                    nn.init.dirac_(half)
            nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        norm = [nn.BatchNorm3d(channels)] if initial == "random" else []
        pools = [nn.MaxPool3d(pool, 2, pool // 2)] if pool is not None else []
        self.layers = nn.Sequential(conv, *norm, nn.ReLU(), *pools)
        sizes = [size if pool is None else -(-size // 2) for size in self.size]
        self.out_shapes = {first: replace(first_shape, sizes=(channels, *sizes), pooled_channels=None)}

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        first = features.get(self.first)
        second = features.get(self.second)
        reference = first or second
        if reference is None:
            return FusionOutput(features)
        size = first.map.shape[2:] if first is not None else self.size
        total = batch["number"].shape[0]
        rows, samples = union_rows([stream for stream in (first, second) if stream is not None], total)
        maps = []
        valid = torch.zeros(total, size[0], dtype=torch.bool, device=reference.map.device)
        for stream, channels in zip((first, second), self.channels, strict=True):
            full = reference.map.new_zeros(total, channels, *size)
            if stream is not None:
                stream_map = stream.map if stream.map.shape[2:] == size else resize_map(stream.map, size)
                full = full.index_copy(0, stream.rows, stream_map.to(full.dtype))
                valid = valid.index_put((stream.rows,), valid[stream.rows] | valid_at(stream.valid, size[0]))
            maps.append(full)
        fused = self.layers(take_rows(torch.cat(maps, dim=1), rows))
        valid = valid_at(take_rows(valid, rows), fused.shape[2])
        answer = StreamFeatures(rows, fused, valid, "BCTHW", samples=samples)
        return FusionOutput({**features, self.first: answer})
