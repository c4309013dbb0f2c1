"""RAFT for inference with the weights of torchvision's, in any precision."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.optical_flow import RAFT
from torchvision.models.optical_flow._utils import upsample_flow

from triad.modalities.flow.networks.raft_correlation import CorrelationPyramid
from triad.modalities.flow.networks.raft_update import InferenceUpdateBlock


class InferenceRaft(nn.Module):
    """RAFT with less work per pair: one table of correlations, the terms of the context computed once, and only the
    last refinement upsampled.

    Args:
        network: RAFT of torchvision whose weights are used; its modules become part of this one.
        channel_multiple: number that the input channels of the recurrent unit are filled up to a multiple of: kernels
            of a GPU read 8 channels at once, and RAFT-small's unit has 178.
    """

    def __init__(self, network: RAFT, *, channel_multiple: int = 1) -> None:
        super().__init__()
        self.feature_encoder = _replace_instance_norms(network.feature_encoder)
        self.context_encoder = _replace_instance_norms(network.context_encoder)
        self.update_block = InferenceUpdateBlock(
            network.update_block, network.corr_block, channel_multiple=channel_multiple
        )
        self.mask_predictor = network.mask_predictor
        self.levels = network.corr_block.num_levels
        self.radius = network.corr_block.radius
        self.hidden_state_size = network.update_block.hidden_state_size

    def forward(self, images: Tensor, iterations: int) -> Tensor:
        """Return the flow from each image to the next: ``[P + 1, 3, h, w]`` -> float32 ``[P, 2, h, w]``."""
        features = self.encode(images)
        flow, hidden = self.refine(images[:-1], features[:-1], features[1:], iterations=iterations)
        return self.upsample(flow, hidden)

    def encode(self, images: Tensor) -> Tensor:
        """Return the features of each image: ``[P, 3, h, w]`` -> ``[P, C, h / 8, w / 8]``."""
        features: Tensor = self.feature_encoder(self._to_weights(images))
        return features

    def refine(
        self, images: Tensor, first: Tensor, second: Tensor, *, iterations: int, initial_flow: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the flow of feature cells, and the last hidden state.

        Args:
            images: images that the flow leads from, ``[P, 3, h, w]``.
            first: features of these images.
            second: features of the images that the flow leads to.
            iterations: number of refinements.
            initial_flow: flow to begin with, float32 ``[P, 2, h / 8, w / 8]``; None is no motion.

        Shapes: the flow is float32 ``[P, 2, h / 8, w / 8]``.
        """
        pyramid = CorrelationPyramid(first, second, levels=self.levels, radius=self.radius)
        encoded = self.context_encoder(self._to_weights(images))
        hidden = torch.tanh(encoded[:, : self.hidden_state_size])
        context_terms = self.update_block.context_terms(F.relu(encoded[:, self.hidden_state_size :]))
        flow = torch.zeros(2, len(images), *first.shape[2:], device=images.device)
        if initial_flow is not None:
            flow.copy_(initial_flow.transpose(0, 1))
        padded_flow = self._to_weights(flow.new_zeros(len(images), self.update_block.flow_channels, *first.shape[2:]))
        for _ in range(iterations):
            correlations = pyramid.lookup(flow)
            padded_flow[:, :2].copy_(flow.transpose(0, 1))
            hidden, delta = self.update_block(hidden, context_terms, correlations, padded_flow)
            flow += delta.transpose(0, 1)
        return flow.transpose(0, 1), hidden

    def upsample(self, flow: Tensor, hidden: Tensor) -> Tensor:
        """Return the flow of pixels, float32 ``[P, 2, h, w]``, from that of cells, ``[P, 2, h / 8, w / 8]``."""
        mask = None if self.mask_predictor is None else self.mask_predictor(hidden).float()
        upsampled: Tensor = upsample_flow(flow=flow.contiguous(), up_mask=mask)
        return upsampled

    def _to_weights(self, data: Tensor) -> Tensor:
        """Return the data in the precision and memory layout of the weights."""
        return data.to(self.update_block.flow_head.conv1.weight.dtype, memory_format=torch.channels_last)


class _InstanceNorm(nn.Module):
    """Instance norm without parameters; of a single image it is batch norm, which keeps channels-last."""

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, None, None, training=True) if len(x) == 1 else F.instance_norm(x)


def _replace_instance_norms(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        if isinstance(child, nn.InstanceNorm2d):
            setattr(module, name, _InstanceNorm())
        else:
            _replace_instance_norms(child)
    return module
