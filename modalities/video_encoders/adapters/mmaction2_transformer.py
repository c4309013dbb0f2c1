"""Adapter to mmaction2's video transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from triad.modalities.checks import check_choice
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.mmaction2_backbones import build_mmaction2
from triad.modalities.video_encoders.transformers.layers import patch_grid, resize_grid, resize_times
from triad.modalities.weights import load_weights

Grid = tuple[int, int, int]


def _run_map(network: Any, data: Tensor, grid: Grid) -> EncoderOutput:
    return EncoderOutput(network(data))


def _run_mvit(network: Any, data: Tensor, grid: Grid) -> EncoderOutput:
    ((patches, class_token),) = network(data)  # [B, C, T', H', W'], [B, C]
    return EncoderOutput(patches.flatten(3).permute(0, 2, 3, 1), class_token)


def _run_videomae(network: Any, data: Tensor, grid: Grid) -> EncoderOutput:
    """Return the tokens, which the network leaves without a norm, and the norm of their mean.

    Embeddings of places are interpolated bicubically, as mmaction2 does for images of another size, those of times
    linearly.
    """
    positions = network.pos_embed.unflatten(1, (-1, network.grid_size[0] * network.grid_size[1]))[0]  # [T, N, C]
    positions = resize_grid(positions, network.grid_size, grid[1:], mode="bicubic")
    positions = resize_times(positions.transpose(0, 1), grid[0], mode="linear").transpose(0, 1)
    tokens = network.patch_embed(data)[0] + positions.flatten(0, 1)  # [B, T·N, C]
    for block in network.blocks:
        tokens = block(tokens)
    return EncoderOutput(tokens.unflatten(1, (grid[0], -1)), network.fc_norm(tokens.mean(1)))


class _Family(NamedTuple):
    class_name: str
    channels_option: str
    patch: tuple[int, int, int]
    run: Callable[[Any, Tensor, Grid], EncoderOutput]
    axes: str


class _Backbone(NamedTuple):
    family: _Family
    options: dict[str, Any]
    out_channels: int


_SWIN = _Family("SwinTransformer3D", "in_channels", (1, 1, 1), _run_map, "BCTHW")
_MVIT = _Family("MViT", "in_channels", (1, 1, 1), _run_mvit, "BTNC")
_VIDEOMAE = _Family("VisionTransformer", "in_channels", (2, 16, 16), _run_videomae, "BTNC")
_UNIFORMER = _Family("UniFormer", "in_chans", (1, 32, 32), _run_map, "BCTHW")
_BACKBONES = {
    "swin3d_t": _Backbone(_SWIN, {"arch": "tiny", "pretrained2d": False}, 768),
    "swin3d_s": _Backbone(_SWIN, {"arch": "small", "pretrained2d": False}, 768),
    "swin3d_b": _Backbone(_SWIN, {"arch": "base", "pretrained2d": False}, 1024),
    "mvit_v2_s": _Backbone(_MVIT, {"arch": "small"}, 768),
    "mvit_v2_b": _Backbone(_MVIT, {"arch": "base", "temporal_size": 32}, 768),
    "videomae_s": _Backbone(_VIDEOMAE, {"embed_dims": 384, "num_heads": 6}, 384),
    "videomae_b": _Backbone(_VIDEOMAE, {}, 768),
    "uniformer_s": _Backbone(_UNIFORMER, {"depth": [3, 4, 8, 3], "pretrained2d": False}, 512),
    "uniformer_b": _Backbone(_UNIFORMER, {"pretrained2d": False}, 512),
}


@MODELS.register_module()
class Mmaction2Transformer(Encoder):
    """Video transformer of mmaction2, up to its last map or tokens.

    ``swin3d_t``, ``swin3d_s``, ``swin3d_b``: Liu et al. 2022, Video Swin Transformer, 32 frames of 224²; they give a
    map. ``mvit_v2_s``, 16 frames, and ``mvit_v2_b``, 32: Li et al. 2022, MViTv2; they give tokens and the class token.
    ``videomae_s`` and ``videomae_b``, 16 frames: Tong et al. 2022, VideoMAE, the network that is fine-tuned; it gives
    tokens and the norm of their mean. ``uniformer_s`` and ``uniformer_b``, 16 frames: Li et al. 2022, UniFormer, whose
    first two stages are convolutions; it gives a map.

    Args:
        backbone: name of the network, one of the above.
        in_channels: channels of the input: 3 for RGB, 2 for flow; kernels published for another number are averaged in
            the first convolution.
        drop_path: probability of leaving out a residual branch in the last block, 0–1; it rises linearly from 0.
            Published: 0.1 for Swin-T and UniFormer-S, 0.2 for MViTv2-S, 0.3 for the larger ones, 0 for VideoMAE.
        weights: path of a local checkpoint of mmaction2, whose keys ``backbone.…`` are read; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, out_channels, T', H', W']`` of
    Swin and UniFormer, ``map`` ``[B, T', N, out_channels]`` and ``pooled`` ``[B, out_channels]`` of the others.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
        InputError: for an unknown backbone or a file that does not fit; on use, for ``data`` of another shape or one
            that does not divide into the network's patches.
    """

    def __init__(
        self, *, backbone: str, in_channels: int = 3, drop_path: float = 0.0, weights: str | Path | None = None
    ) -> None:
        super().__init__()
        family, options, channels = _BACKBONES[check_choice("Mmaction2Transformer.backbone", backbone, _BACKBONES)]
        options = {**options, family.channels_option: in_channels, "drop_path_rate": drop_path}
        self.network = build_mmaction2(family.class_name, options)
        if weights is not None:
            load_weights(self.network, weights)
        self.in_channels = in_channels
        self.out_channels = channels
        self.pooled_channels = channels if family.axes == "BTNC" else None
        self.output_axes = family.axes
        self.patch = family.patch
        self.run = family.run

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        grid = patch_grid(type(self).__name__, data, self.in_channels, self.patch)
        return self.run(self.network, data, grid)
