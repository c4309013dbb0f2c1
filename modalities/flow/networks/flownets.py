"""FlowNetS as a trainable network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.flow.networks.losses import multiscale_loss
from triad.modalities.registry import MODELS

# channels, kernel size, and whether a second convolution of stride 1 follows the one of stride 2
ENCODER = ((64, 7, False), (128, 5, False), (256, 5, True), (512, 3, True), (512, 3, True), (1024, 3, True))
DECODER = (512, 256, 128, 64)
FLOW_SCALE = 20.0
"""Pixels that the network's output 1 stands for."""
WEIGHTS = (0.32, 0.08, 0.02, 0.01, 0.005)
"""Published weights of the scales in the loss, from coarse to fine."""


@MODELS.register_module()
class FlowNetS(nn.Module):
    """FlowNetS: both images as six channels through one encoder, and a decoder that refines the flow.

    Dosovitskiy et al. 2015, FlowNet: Learning Optical Flow with Convolutional Networks, §3. Unlike the published
    network, the convolutions of the encoder are normalised (Ioffe & Szegedy 2015, Batch Normalization): without it a
    short training does not begin to learn.

    Args:
        width: factor of all channels, a positive multiple of 1/64; 1 is the published network of 38.7 million
            parameters.
        weights: weights of the five scales in the loss, from coarse to fine.

    Raises:
        InputError: If the width is no positive multiple of 1/64.
    """

    stride = 64
    min_size = 64

    def __init__(self, *, width: float = 1.0, weights: Sequence[float] = WEIGHTS) -> None:
        super().__init__()
        if not width > 0 or (64 * width) % 1:
            fail("FlowNetS.width", "be a positive multiple of 1/64, so that channels are whole numbers", width)
        self.width = width
        self.weights = tuple(weights)
        self.encoder = nn.ModuleList()
        in_channels = 6
        skip_channels = []
        for channels, kernel_size, has_second in ENCODER:
            out_channels = round(channels * width)
            stage = [_conv(in_channels, out_channels, kernel_size, stride=2)]
            stage += [_conv(out_channels, out_channels, 3)] if has_second else []
            self.encoder.append(nn.Sequential(*stage))
            skip_channels.append(out_channels)
            in_channels = out_channels
        self.flows = nn.ModuleList([nn.Conv2d(in_channels, 2, 3, padding=1)])
        self.ups = nn.ModuleList()
        self.deconvs = nn.ModuleList()
        for channels, skip in zip(DECODER, reversed(skip_channels[1:-1]), strict=True):
            out_channels = round(channels * width)
            self.ups.append(nn.ConvTranspose2d(2, 2, 4, 2, 1, bias=False))
            deconv = nn.ConvTranspose2d(in_channels, out_channels, 4, 2, 1)
            self.deconvs.append(nn.Sequential(deconv, nn.LeakyReLU(0.1)))
            in_channels = skip + out_channels + 2
            self.flows.append(nn.Conv2d(in_channels, 2, 3, padding=1))
        self._initialize()

    def _initialize(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(module.weight, 0.1)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for parameter in self.flows.parameters():  # begin with no motion, not with noise
            if parameter.ndim > 1:
                nn.init.normal_(parameter, std=1e-3)

    def forward(self, first: Tensor, second: Tensor) -> list[Tensor]:
        """Return the flow at 1/64, 1/32, 1/16, 1/8 and 1/4 of the size, in pixels of the images."""
        hidden = torch.cat([first, second], dim=1)
        features = []
        for stage in self.encoder:
            hidden = stage(hidden)
            features.append(hidden)
        flows = [self.flows[0](hidden)]
        skips = reversed(features[1:-1])
        for up, deconv, predict, skip in zip(self.ups, self.deconvs, self.flows[1:], skips, strict=True):
            hidden = torch.cat([skip, deconv(hidden), up(flows[-1])], dim=1)
            flows.append(predict(hidden))
        return [FLOW_SCALE * flow for flow in flows]

    def loss(self, flows: Sequence[Tensor], truth: Tensor) -> Tensor:
        """Return :func:`triad.modalities.flow.networks.multiscale_loss` in the unit of the network's output."""
        outputs = [flow / FLOW_SCALE for flow in flows]
        return multiscale_loss(outputs, truth / FLOW_SCALE, weights=self.weights)


def _conv(in_channels: int, out_channels: int, kernel_size: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, kernel_size // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.LeakyReLU(0.1))
