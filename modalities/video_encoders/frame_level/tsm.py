"""TSM: an image network whose residual blocks exchange channels between neighbouring frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from triad.modalities.checks import check_choice, fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.timm_image import TimmImage
from triad.modalities.video_encoders.adapters.torchvision_image import TorchvisionImage
from triad.modalities.video_encoders.layers import insert_shift
from triad.modalities.video_encoders.staged import StagedVideoEncoder

_OF_TORCHVISION = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "mobilenet_v2")
_OF_TIMM = ("tf_efficientnet_lite0", "tf_efficientnet_lite1", "tf_efficientnet_lite2")
_DEEP = 23  # blocks of a stage from which the authors shift in every second block


@MODELS.register_module()
class Tsm(StagedVideoEncoder):
    """Temporal shift module in every residual block of an image network (Lin et al. 2019, TSM: Temporal Shift Module).

    One channel in eight comes from the next frame, one from the previous one, before the first convolution of each
    residual branch. It has the parameters and multiply-accumulates of the image network on every frame.

    Args:
        network: ``resnet18`` to ``resnet152``, ``resnext50_32x4d`` or ``mobilenet_v2`` of torchvision, or
            ``tf_efficientnet_lite0``, ``…1`` or ``…2`` of timm. ResNet-101 and deeper ones shift in every second block.
        shift_div: one channel in ``shift_div`` is shifted forward and one back, at least 2.
        in_channels: channels of the input: 3 for RGB, 2 for flow; kernels published for another number are averaged in
            the first convolution.
        weights: weights of the image network, as :class:`TorchvisionImage` and :class:`TimmImage` take them; None for
            random weights.

    Raises:
        InputError: for an unknown network, a shift of more channels than there are, or a file that does not fit.
    """

    def __init__(
        self, *, network: str, shift_div: int = 8, in_channels: int = 3, weights: str | Path | None = None
    ) -> None:
        check_choice("Tsm.network", network, (*_OF_TORCHVISION, *_OF_TIMM))
        if shift_div < 2:
            fail("Tsm.shift_div", "be 2 or more", shift_div)
        adapter = TorchvisionImage if network in _OF_TORCHVISION else TimmImage
        image: Any = adapter(network=network, in_channels=in_channels, weights=weights)
        stages = list(image.layers)
        deepest = max(len(stage) for stage in stages if isinstance(stage, nn.Sequential))
        every = 2 if deepest >= _DEEP else 1
        super().__init__(
            stages=[insert_shift(stage, shift_div=shift_div, every=every) for stage in stages],
            in_channels=in_channels,
            out_channels=image.out_channels,
        )
