"""A flow network as mmengine's Runner trains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from modalities.flow.error import flow_scores
from modalities.flow.networks.running import run_network, scaled
from modalities.registry import MODELS


@MODELS.register_module()
class FlowModel(BaseModel):
    """Trains a flow network on :class:`fusion.estimators.flow.pairs.FlowPairs`.

    Args:
        network: config of the network, see :mod:`modalities.flow.networks`.
    """

    def __init__(self, *, network: Mapping[str, Any]) -> None:
        super().__init__()
        self.network = MODELS.build(network)

    def forward(
        self, first: Tensor, second: Tensor, flow: Tensor, known: Tensor, id: list[str], mode: str = "tensor"
    ) -> Any:
        """A batch of pairs -> the loss (``"loss"``), one dict a pair (``"predict"``), or flow ``[B, 2, H, W]``.

        Shapes: ``first``, ``second`` uint8 ``[B, H, W, 3]``; ``flow`` ``[B, 2, H, W]``; ``known`` ``[B, H, W]``.
        """
        if mode == "loss":
            return {"loss": self.network.loss(self.network(scaled(first), scaled(second)), flow, known)}
        found = run_network(self.network, first, second)
        if mode == "predict":
            estimates, truths = (each.float().permute(0, 2, 3, 1).cpu().numpy() for each in (found, flow))
            masks = known.cpu().numpy()
            return [flow_scores(*each[:2], known=each[2]) for each in zip(estimates, truths, masks, strict=True)]
        return found
