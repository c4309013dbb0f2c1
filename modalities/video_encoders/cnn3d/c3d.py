"""C3D: eight convolutions of 3×3×3 and two fully connected layers, the VGG of video."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.end_points import EndPointEncoder
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure

_CONVS = {"conv1a": 64, "conv2a": 128, "conv3a": 256, "conv3b": 256, "conv4a": 512, "conv4b": 512}
_CONVS |= {"conv5a": 512, "conv5b": 512}


class ClipMaxPool(nn.MaxPool3d):
    """Maximum with a stride of the kernel's size, over one time where the clip has no more.

    Args:
        times: number of times of the kernel.
        padding: number of values before and after rows and columns.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C, max(1, ⌊T / times⌋), ⌊H / 2⌋, ⌊W / 2⌋]``, with padding one row more.
    """

    def __init__(self, *, times: int, padding: int = 0) -> None:
        super().__init__((times, 2, 2), padding=(0, padding, padding))

    def forward(self, data: Tensor) -> Tensor:
        kernel = (min(self.kernel_size[0], data.shape[2]), 2, 2)  # type: ignore[index]
        return F.max_pool3d(data, kernel, padding=self.padding)


@MODELS.register_module()
class C3d(EndPointEncoder):
    """C3D (Tran et al. 2015, Learning Spatiotemporal Features with 3D Convolutional Networks), up to ``fc7``.

    Published for 16 frames of 112². The released network pads its last pool, so that ``fc6`` reads 512×1×4×4; the paper
    and most lectures print 512×1×3×3. A map of another size is averaged to that grid.

    With ``batch_norm`` and ``pool1_times=2`` it is the 3D-ConvNet of Carreira and Zisserman 2017 (Quo Vadis, Action
    Recognition?), 79 million parameters with 400 classes.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        pool5_padding: option to pad the last pool, as the released network does.
        batch_norm: option to normalise after each convolution and fully connected layer.
        pool1_times: number of times of the first pool.
        fc_channels: length of ``fc6`` and ``fc7``.
        dropout: probability of dropout between ``fc6`` and ``fc7``.
        weights: path of a local checkpoint of mmaction2, whose keys ``backbone.…`` are read; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 512, T / 16, H', W']`` of the last pool, ``pooled``
    ``[B, fc_channels]``; ``taps`` every convolution, pool and fully connected layer.

    Raises:
        InputError: for a file that does not fit, and on use for ``data`` of another shape.
    """

    out_channels = 512
    end_points = (
        *("conv1a", "pool1", "conv2a", "pool2", "conv3a", "conv3b", "pool3"),
        *("conv4a", "conv4b", "pool4", "conv5a", "conv5b", "pool5"),
    )

    def __init__(
        self,
        *,
        in_channels: int = 3,
        pool5_padding: bool = True,
        batch_norm: bool = False,
        pool1_times: int = 1,
        fc_channels: int = 4096,
        dropout: float = 0.5,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.pooled_channels = fc_channels
        self.side = 4 if pool5_padding else 3  # of the grid that fc6 reads
        channels = in_channels
        for name, width in _CONVS.items():
            conv = nn.Conv3d(channels, width, 3, padding=1, bias=not batch_norm)
            nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
            self.add_module(name, _normed(conv, nn.BatchNorm3d(width) if batch_norm else None))
            channels = width
        self.pool1 = ClipMaxPool(times=pool1_times)
        for name in ("pool2", "pool3", "pool4"):
            self.add_module(name, ClipMaxPool(times=2))
        self.pool5 = ClipMaxPool(times=2, padding=int(pool5_padding))
        self.fc6 = nn.Linear(512 * self.side**2, fc_channels, bias=not batch_norm)
        self.fc7 = nn.Linear(fc_channels, fc_channels, bias=not batch_norm)
        for layer in (self.fc6, self.fc7):
            nn.init.normal_(layer.weight, std=0.005)
        self.norm6: nn.Module = nn.BatchNorm1d(fc_channels) if batch_norm else nn.Identity()
        self.norm7: nn.Module = nn.BatchNorm1d(fc_channels) if batch_norm else nn.Identity()
        self.dropout = nn.Dropout(dropout)
        if weights is not None:
            load_weights(self, weights, cure=published_cure("C3d"))

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        output = super().forward(data, valid)
        grid = output.map
        if grid.shape[2:] != (1, self.side, self.side):
            grid = F.adaptive_avg_pool3d(grid, (1, self.side, self.side))
        fc6 = torch.relu(self.norm6(self.fc6(grid.flatten(1))))  # [B, C · 16] -> [B, fc_channels]
        fc7 = torch.relu(self.norm7(self.fc7(self.dropout(fc6))))
        return EncoderOutput(output.map, pooled=fc7, taps={**output.taps, "fc6": fc6, "fc7": fc7})


def _normed(conv: nn.Module, norm: nn.Module | None) -> nn.Sequential:
    """Return a convolution, its norm and ReLU, under the names of mmaction2."""
    layers = OrderedDict(conv=conv) if norm is None else OrderedDict(conv=conv, bn=norm)
    return nn.Sequential(OrderedDict(**layers, activate=nn.ReLU(inplace=True)))
