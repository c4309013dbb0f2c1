"""Adapter to torchvision's video transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torchvision.models import video
from torchvision.ops import StochasticDepth

from triad.modalities.checks import check_choice, check_shape
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers import replace_input_conv
from triad.modalities.video_encoders.transformers.layers import drop_path_rates, resize_grid, resize_times
from triad.modalities.weights import load_weights


class MViTTokens(nn.Module):
    """Tokens of torchvision's MViT, which attends over ever coarser grids, and its class token.

    MViTv2 has embeddings of relative position, which torchvision itself interpolates for clips of another size;
    MViT's of absolute place and time are interpolated here.
    """

    def __init__(self, network: video.MViT) -> None:
        super().__init__()
        self.conv_proj = network.conv_proj
        self.pos_encoding = network.pos_encoding
        self.blocks = network.blocks
        self.norm = network.norm

    def forward(self, data: Tensor) -> EncoderOutput:
        embedded = self.conv_proj(data)  # [B, C, T', H', W']
        size = embedded.shape[2:]
        tokens = embedded.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.pos_encoding.class_token.expand(len(data), 1, -1), tokens], 1)
        if self.pos_encoding.spatial_pos is not None:
            tokens = tokens + self.positions(size)
        for block in self.blocks:
            tokens, size = block(tokens, size)
        tokens = self.norm(tokens)
        return EncoderOutput(tokens[:, 1:].unflatten(1, (size[0], -1)), tokens[:, 0])

    def positions(self, size: tuple[int, int, int]) -> Tensor:
        """Return the embedding of the class token, and of every place at every time, ``[1, 1 + T·N, C]``."""
        encoding: Any = self.pos_encoding
        times = resize_times(encoding.temporal_pos[None], size[0], mode="linear")
        places = resize_grid(encoding.spatial_pos[None], encoding.spatial_size, size[1:], mode="bilinear")
        grid = times[:, :, None] + places[:, None]  # [1, T, N, C]
        return torch.cat([encoding.class_pos[None, None], grid.flatten(1, 2)], 1)


class SwinMap(nn.Module):
    """Last map of torchvision's Video Swin."""

    def __init__(self, network: video.SwinTransformer3d) -> None:
        super().__init__()
        self.patch_embed = network.patch_embed
        self.features = network.features
        self.norm = network.norm

    def forward(self, data: Tensor) -> EncoderOutput:
        features = self.norm(self.features(self.patch_embed(data)))  # [B, T', H', W', C]
        return EncoderOutput(features.permute(0, 4, 1, 2, 3))


class _Family(NamedTuple):
    body: Callable[..., nn.Module]
    input_conv: str
    axes: str


_MVIT = _Family(MViTTokens, "conv_proj", "BTNC")
_SWIN = _Family(SwinMap, "patch_embed.proj", "BCTHW")
_NETWORKS = {
    "mvit_v1_b": (_MVIT, 768),
    "mvit_v2_s": (_MVIT, 768),
    "swin3d_t": (_SWIN, 768),
    "swin3d_s": (_SWIN, 768),
    "swin3d_b": (_SWIN, 1024),
}


@MODELS.register_module()
class TorchvisionTransformer(Encoder):
    """Video transformer of torchvision, up to its last map or tokens.

    ``mvit_v1_b``: Fan et al. 2021, Multiscale Vision Transformers, and ``mvit_v2_s``: Li et al. 2022, MViTv2, 16 frames
    of 224²; they give tokens and the class token. ``swin3d_t``, ``swin3d_s``, ``swin3d_b``: Liu et al. 2022, Video Swin
    Transformer, 32 frames of 224²; they give a map.

    Args:
        network: name of the network: ``mvit_v1_b``, ``mvit_v2_s``, ``swin3d_t``, ``swin3d_s`` or ``swin3d_b``.
        in_channels: channels of the input: 3 for RGB, 2 for flow. With another number than 3 the first convolution is
            new, and published kernels are averaged into it.
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0.
            Published: 0.2 for MViT, 0.1 for Swin.
        weights: path of a local file with torchvision's published weights; None for random weights. Nothing is
            downloaded.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, T', N, out_channels]`` and
    ``pooled`` ``[B, out_channels]`` of MViT, ``map`` ``[B, out_channels, T', H', W']`` of Swin.

    Raises:
        InputError: for an unknown network or a file that does not fit; on use, for ``data`` of another shape.
    """

    def __init__(
        self, *, network: str, in_channels: int = 3, drop_path: float = 0.0, weights: str | Path | None = None
    ) -> None:
        super().__init__()
        family, channels = _NETWORKS[check_choice("TorchvisionTransformer.network", network, _NETWORKS)]
        model: nn.Module = getattr(video, network)()
        if in_channels != 3:
            replace_input_conv(model, family.input_conv, in_channels)
        if weights is not None:
            load_weights(model, weights, classifier=("head.",))
        branches = [module for module in model.modules() if isinstance(module, StochasticDepth)]
        rates = drop_path_rates(drop_path, len(branches))
        for branch, rate in zip(branches, rates, strict=True):
            branch.p = rate
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels if family.axes == "BTNC" else None
        self.output_axes = family.axes
        self.body = family.body(model)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        return self.body(data)
