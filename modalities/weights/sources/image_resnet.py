"""Image ResNets: key names of torchvision and timm for networks built of mmaction2's ``ConvModule``.

mmaction2's 2D and 3D ResNets name a convolution with its norm ``conv1.conv`` and ``conv1.bn``; torchvision and timm
name them ``conv1`` and ``bn1``. Kernels are inflated by the loader.
"""

from __future__ import annotations

import re

from torch import Tensor

from modalities.weights.sources.source import Source, Tensors

_NAMES = (
    (re.compile(r"^(|.*\.)conv(\d)\.(\w+)$"), r"\1conv\2.conv.\3"),
    (re.compile(r"^(|.*\.)bn(\d)\.(\w+)$"), r"\1conv\2.bn.\3"),
    (re.compile(r"^(.*\.)downsample\.0\.(\w+)$"), r"\1downsample.conv.\2"),
    (re.compile(r"^(.*\.)downsample\.1\.(\w+)$"), r"\1downsample.bn.\2"),
)


def _convert(weights: Tensors) -> dict[str, Tensor]:
    return {_rename(key): value for key, value in weights.items()}


def _rename(key: str) -> str:
    for pattern, replacement in _NAMES:
        if pattern.match(key):
            return pattern.sub(replacement, key)
    return key


IMAGE_RESNET = Source(
    "ResNet of torchvision or timm", ("conv1.weight", "bn1.weight", "layer1.0.conv1.weight"), _convert
)
