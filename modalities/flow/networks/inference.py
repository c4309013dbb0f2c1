"""Inference with a trainable flow network on frames of any size."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from triad.modalities.flow.networks.interfaces import FlowNetwork
from triad.modalities.flow.networks.padding import compute_padding, crop_padding, normalize_frames


def predict_flow(network: FlowNetwork, first: Tensor, second: Tensor) -> Tensor:
    """Return the finest flow of a network at the size of the frames, which are padded by repeating their border.

    Shapes: uint8 ``[B, H, W, 3]`` twice -> float ``[B, 2, H, W]``, pixels.
    """
    padding = compute_padding(first.shape[1], first.shape[2], stride=network.stride, min_size=network.min_size)
    images = [F.pad(normalize_frames(frames), padding, mode="replicate") for frames in (first, second)]
    flow = network(*images)[-1]
    size = images[0].shape[-2:]
    if flow.shape[-2:] != size:
        flow = F.interpolate(flow, size=size, mode="bilinear", align_corners=False)
    return crop_padding(flow, padding)
