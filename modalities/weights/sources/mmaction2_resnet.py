"""mmaction2's 3D ResNets: key names for networks with torchvision's names.

mmaction2 names a convolution with its norm ``conv1.conv`` and ``conv1.bn``, torchvision ``conv1`` and ``bn1``. The
convolutions of a non-local block are ``g.conv`` or, with a pool behind, ``g.0.conv``.
"""

from __future__ import annotations

from triad.modalities.weights.sources.source import Source, renaming

_NAMES = (
    (r"(.*\.)non_local_block\.(theta|phi|g)\.(?:0\.)?conv\.(\w+)", r"\1attention.\2.\3"),
    (r"(.*\.)non_local_block\.conv_out\.conv\.(\w+)", r"\1attention.out.\2"),
    (r"(.*\.)non_local_block\.conv_out\.bn\.(\w+)", r"\1attention.bn.\2"),
    (r"(|.*\.)conv(\d)\.conv\.(\w+)", r"\1conv\2.\3"),
    (r"(|.*\.)conv(\d)\.bn\.(\w+)", r"\1bn\2.\3"),
    (r"(.*\.)downsample\.conv\.(\w+)", r"\1downsample.0.\2"),
    (r"(.*\.)downsample\.bn\.(\w+)", r"\1downsample.1.\2"),
)

MMACTION2_RESNET = Source(
    "ResNet3d of mmaction2", ("conv1.conv.weight", "conv1.bn.weight", "layer1.0.conv1.conv.weight"), renaming(*_NAMES)
)
