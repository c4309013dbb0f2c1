"""FlowNetS: Dosovitskiy et al. 2015, FlowNet: Learning Optical Flow with Convolutional Networks, §3."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from modalities.checks import fail
from modalities.flow.networks.losses import multiscale_loss
from modalities.registry import MODELS

# channels and kernel of the convolutions that halve the picture; those with a second one of stride 1 behind it
ENCODER = ((64, 7, False), (128, 5, False), (256, 5, True), (512, 3, True), (512, 3, True), (1024, 3, True))
DECODER = (512, 256, 128, 64)
UNIT = 20.0
"""Pixels that the network calls 1."""
WEIGHTS = (0.32, 0.08, 0.02, 0.01, 0.005)
"""Of the scales in the loss, from rough to fine, as its authors trained."""


@MODELS.register_module()
class FlowNetS(nn.Module):
    """Both pictures as six channels through one encoder; a decoder refines the flow from 1/64 to 1/4 of the size.

    The encoder's convolutions are normalised (Ioffe & Szegedy 2015, Batch Normalization), which its authors' are not:
    without it a short training does not begin to learn.

    Args:
        width: factor of all channels, a multiple of 1/64; 1 is the published network of 38.7 million parameters.
        weights: of the five scales in the loss, from rough to fine.

    Raises:
        InputError: if the width is no positive multiple of 1/64.
    """

    stride, smallest = 64, 64

    def __init__(self, *, width: float = 1.0, weights: Sequence[float] = WEIGHTS) -> None:
        super().__init__()
        if not width > 0 or (64 * width) % 1:
            fail("FlowNetS.width", "be a positive multiple of 1/64, so that channels are whole numbers", width)
        self.width, self.weights = width, tuple(weights)
        self.encoder = nn.ModuleList()
        came, skips = 6, []
        for channels, kernel, twice in ENCODER:
            wide = round(channels * width)
            stage = [_conv(came, wide, kernel, stride=2)] + ([_conv(wide, wide, 3)] if twice else [])
            self.encoder.append(nn.Sequential(*stage))
            skips.append(wide)
            came = wide
        self.flows = nn.ModuleList([nn.Conv2d(came, 2, 3, padding=1)])
        self.ups, self.deconvs = nn.ModuleList(), nn.ModuleList()
        for channels, skip in zip(DECODER, reversed(skips[1:-1]), strict=True):
            wide = round(channels * width)
            self.ups.append(nn.ConvTranspose2d(2, 2, 4, 2, 1, bias=False))
            self.deconvs.append(nn.Sequential(nn.ConvTranspose2d(came, wide, 4, 2, 1), nn.LeakyReLU(0.1)))
            came = skip + wide + 2
            self.flows.append(nn.Conv2d(came, 2, 3, padding=1))
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(module.weight, 0.1)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for predict in self.flows.parameters():  # begins with no motion, not with noise
            if predict.ndim > 1:
                nn.init.normal_(predict, std=1e-3)

    def forward(self, first: Tensor, second: Tensor) -> list[Tensor]:
        """Flow at 1/64, 1/32, 1/16, 1/8 and 1/4 of the size, in pixels of the pictures."""
        hidden, kept = torch.cat([first, second], dim=1), []
        for stage in self.encoder:
            hidden = stage(hidden)
            kept.append(hidden)
        found = [self.flows[0](hidden)]
        for up, deconv, predict, skip in zip(self.ups, self.deconvs, self.flows[1:], reversed(kept[1:-1]), strict=True):
            hidden = torch.cat([skip, deconv(hidden), up(found[-1])], dim=1)
            found.append(predict(hidden))
        return [UNIT * flow for flow in found]

    def loss(self, flows: Sequence[Tensor], truth: Tensor, known: Tensor) -> Tensor:
        """See :func:`modalities.flow.networks.losses.multiscale_loss`; in the network's own unit."""
        own = [flow / UNIT for flow in flows]
        return multiscale_loss(own, truth / UNIT, known, weights=self.weights)


def _conv(came: int, wide: int, kernel: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(came, wide, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(wide), nn.LeakyReLU(0.1))
