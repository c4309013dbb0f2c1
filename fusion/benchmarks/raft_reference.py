"""Torchvision's RAFT on one pair of frames after another, the reference of RAFT's benchmark."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from triad.modalities.flow.estimators.raft import Raft
from triad.modalities.flow.networks.raft_preprocessing import raft_padding, to_fields, to_images


class PairwiseRaft:
    """Torchvision's network, called as in its documentation, on one pair of frames after another.

    Args:
        raft: estimator whose network and number of refinements are used.
        dtype: precision; bfloat16 is torch's automatic mixed precision, as the network takes no other numbers.
    """

    def __init__(self, raft: Raft, *, dtype: torch.dtype = torch.float32) -> None:
        self.network: nn.Module = raft.network
        self.iterations = raft.iterations
        self.device = raft.device
        self.dtype = dtype

    @torch.inference_mode()
    def __call__(self, frames: np.ndarray) -> np.ndarray:
        padding = raft_padding(*frames.shape[1:3])
        fields = []
        mixed_precision = self.dtype != torch.float32
        with torch.autocast(self.device.type, self.dtype, enabled=mixed_precision):
            for first, second in pairwise(frames):
                images = to_images(np.stack([first, second]), padding, self.device)
                flows = self.network(images[:1], images[1:], num_flow_updates=self.iterations)
                fields.append(to_fields(flows[-1], padding))
        return np.concatenate(fields)
