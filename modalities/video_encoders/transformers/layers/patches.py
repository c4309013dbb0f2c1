"""Tokens from the pixels of a clip: patches of single frames, and tubelets of several."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_shape, fail


def patch_grid(subject: str, data: Tensor, in_channels: int, patch: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return how many patches fit into a clip along time, height and width.

    Args:
        subject: name of the network in the error.
        data: clip.
        in_channels: channels that the network reads.
        patch: times, height and width of a patch.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``.

    Raises:
        InputError: If ``data`` has another shape or a size does not divide by the patch.
    """
    check_shape(f"input of {subject}", data, ["B", in_channels, "T", "H", "W"])
    times, height, width = data.shape[2:]
    if times % patch[0] or height % patch[1] or width % patch[2]:
        fail(
            f"input of {subject}",
            f"have T, H and W that divide by its patches of {patch[0]}×{patch[1]}×{patch[2]}",
            f"{times}×{height}×{width}",
            "change the stream's num_frames or its transform's size",
        )
    return times // patch[0], height // patch[1], width // patch[2]


class FramePatches(nn.Module):
    """Linear projection of the square patches of every frame (Dosovitskiy et al. 2021, ViT).

    Args:
        in_channels: channels of the clip.
        channels: channels of a token.
        size: height and width of a patch in pixels.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, T, N, channels]`` with ``n = y · W / size + x``.
    """

    def __init__(self, *, in_channels: int, channels: int, size: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, channels, size, size)

    def forward(self, data: Tensor) -> Tensor:
        frames = data.transpose(1, 2)  # [B, T, C, H, W]
        tokens = self.proj(frames.flatten(0, 1)).flatten(2).transpose(1, 2)  # [B·T, N, C]
        return tokens.unflatten(0, frames.shape[:2])


def central_frame_kernel(kernel: Tensor, times: int) -> Tensor:
    """Return a 2D kernel as a tubelet kernel that reads its central frame alone (Arnab et al. 2021, ViViT, eq. 9).

    Shapes: ``[O, I, H, W]`` -> ``[O, I, times, H, W]``, zero but at ``times // 2``.
    """
    inflated = kernel.new_zeros(*kernel.shape[:2], times, *kernel.shape[2:])
    inflated[:, :, times // 2] = kernel
    return inflated


class TubeletEmbedding(nn.Module):
    """Linear projection of space-time tubes that do not overlap (Arnab et al. 2021, ViViT, §3.2).

    It starts by central-frame initialisation (:func:`central_frame_kernel`), as a frame embedding that may come to
    read the other frames of its tube.

    Args:
        in_channels: channels of the clip.
        channels: channels of a token.
        size: times, height and width of a tube.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, T', N, channels]`` with ``n = y · W' + x``.
    """

    def __init__(self, *, in_channels: int, channels: int, size: tuple[int, int, int]) -> None:
        super().__init__()
        self.proj = nn.Conv3d(in_channels, channels, size, size)
        frame_projection = nn.Conv2d(in_channels, channels, size[1:])
        with torch.no_grad():
            self.proj.weight.copy_(central_frame_kernel(frame_projection.weight, size[0]))
            self.proj.bias.zero_()  # type: ignore[union-attr]

    def forward(self, data: Tensor) -> Tensor:
        return self.proj(data).flatten(3).permute(0, 2, 3, 1)  # [B, C, T', H', W'] -> [B, T', N, C]
