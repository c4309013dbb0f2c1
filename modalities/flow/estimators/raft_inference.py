"""RAFT with the weights of torchvision's and less to do per pair, in any precision."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.optical_flow import RAFT
from torchvision.models.optical_flow._utils import make_coords_grid, upsample_flow

from modalities.flow.estimators.raft_lookup import Correlations
from modalities.flow.estimators.raft_update import InferenceUpdate


class InferenceRaft(nn.Module):
    """A RAFT of torchvision for inference: correlations in one table, the context's part of the update made once, the
    last refinement alone upsampled.

    Args:
        network: whose weights are used; its modules become part of this one.
    """

    def __init__(self, network: RAFT) -> None:
        super().__init__()
        self.feature_encoder = _with_picture_norms(network.feature_encoder)
        self.context_encoder = _with_picture_norms(network.context_encoder)
        self.update = InferenceUpdate(network.update_block, network.corr_block)
        self.mask_predictor = network.mask_predictor
        self.levels, self.radius = network.corr_block.num_levels, network.corr_block.radius
        self.hidden = network.update_block.hidden_state_size

    def forward(self, pictures: Tensor, iterations: int) -> Tensor:
        """Flow from each picture to the next: ``[P + 1, 3, h, w]`` -> float32 ``[P, 2, h, w]``."""
        maps = self.maps(pictures)
        return self.upsampled(*self.refined(pictures[:-1], maps[:-1], maps[1:], iterations=iterations))

    def maps(self, pictures: Tensor) -> Tensor:
        """Features of each picture ``[P, 3, h, w]`` -> ``[P, C, h / 8, w / 8]``."""
        encoded: Tensor = self.feature_encoder(self._as_weights(pictures))
        return encoded

    def refined(
        self, pictures: Tensor, first: Tensor, second: Tensor, *, iterations: int, start: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Flow of feature cells, and the last hidden state.

        Args:
            pictures: that the flow leads from.
            first: features of them.
            second: features of those that it leads to.
            iterations: how often the flow is refined.
            start: the flow to begin with, float32, or zero.

        Shapes: pictures ``[P, 3, h, w]``, flow float32 ``[P, 2, h / 8, w / 8]``.
        """
        correlations = Correlations(first, second, levels=self.levels, radius=self.radius)
        encoded = self.context_encoder(self._as_weights(pictures))
        hidden, still = torch.tanh(encoded[:, : self.hidden]), self.update.still(F.relu(encoded[:, self.hidden :]))
        cells = make_coords_grid(*encoded[:, 0].shape).to(encoded.device)
        flow = torch.zeros_like(cells) if start is None else start
        for _ in range(iterations):
            hidden, step = self.update(hidden, still, correlations.around(cells + flow), self._as_weights(flow))
            flow = flow + step.float()
        return flow, hidden

    def upsampled(self, flow: Tensor, hidden: Tensor) -> Tensor:
        """Flow of cells -> of pixels, float32 ``[P, 2, h, w]``."""
        mask = None if self.mask_predictor is None else self.mask_predictor(hidden).float()
        fine: Tensor = upsample_flow(flow=flow.contiguous(), up_mask=mask)
        return fine

    def _as_weights(self, data: Tensor) -> Tensor:
        return data.to(self.update.head.conv1.weight.dtype, memory_format=torch.channels_last)


class _PictureNorm(nn.Module):
    """Instance norm without parameters; of a single picture it is batch norm, which keeps channels-last."""

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, None, None, training=True) if len(x) == 1 else F.instance_norm(x)


def _with_picture_norms(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        if isinstance(child, nn.InstanceNorm2d):
            setattr(module, name, _PictureNorm())
        else:
            _with_picture_norms(child)
    return module
