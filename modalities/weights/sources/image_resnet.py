"""Image ResNets: key names of torchvision and timm for networks built of mmaction2's ``ConvModule``.

mmaction2's 2D and 3D ResNets name a convolution with its norm ``conv1.conv`` and ``conv1.bn``; torchvision and timm
name them ``conv1`` and ``bn1``. Kernels are inflated by the loader.
"""

from __future__ import annotations

from triad.modalities.weights.sources.source import Source, renaming

_NAMES = (
    (r"(|.*\.)conv(\d)\.(\w+)", r"\1conv\2.conv.\3"),
    (r"(|.*\.)bn(\d)\.(\w+)", r"\1conv\2.bn.\3"),
    (r"(.*\.)downsample\.0\.(\w+)", r"\1downsample.conv.\2"),
    (r"(.*\.)downsample\.1\.(\w+)", r"\1downsample.bn.\2"),
)

IMAGE_RESNET = Source(
    "ResNet of torchvision or timm", ("conv1.weight", "bn1.weight", "layer1.0.conv1.weight"), renaming(*_NAMES)
)
