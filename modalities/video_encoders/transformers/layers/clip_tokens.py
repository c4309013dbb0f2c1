"""Tokens of a clip, and the two ways in which a block of an image transformer reads them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn


class ClipTokens(NamedTuple):
    """Tokens of a clip between two blocks, the state of every step of a video transformer.

    Shapes: ``patches`` ``[B, T, N, C]`` with ``n = y · W + x``; ``class_token`` ``[B, 1, C]``, ``[B, T, C]`` where
    every time has its own, or ``[B, 0, C]`` where there is none.
    """

    patches: Tensor
    class_token: Tensor


def attend_jointly(block: nn.Module, tokens: ClipTokens) -> ClipTokens:
    """Run a block over all tokens of the clip at once (joint space-time attention).

    Args:
        block: module ``[B, N, C]`` -> ``[B, N, C]``.
        tokens: tokens with one class token a clip.
    """
    patches, class_token = tokens
    sequence = block(torch.cat([class_token, patches.flatten(1, 2)], 1))  # [B, 1 + T·N, C]
    return ClipTokens(sequence[:, 1:].unflatten(1, patches.shape[1:3]), sequence[:, :1])


def attend_within_times(block: nn.Module, tokens: ClipTokens) -> ClipTokens:
    """Run a block over the tokens of each time alone (space-only attention).

    Args:
        block: module ``[B, N, C]`` -> ``[B, N, C]``.
        tokens: tokens with a class token at every time.
    """
    patches, class_token = tokens
    frames = torch.cat([class_token[:, :, None], patches], 2)  # [B, T, 1 + N, C]
    frames = block(frames.flatten(0, 1)).unflatten(0, frames.shape[:2])
    return ClipTokens(frames[:, :, 1:], frames[:, :, 0])
