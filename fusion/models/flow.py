"""A flow network as mmengine's Runner trains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from modalities.flow.networks.running import run_network, scaled
from modalities.registry import MODELS


@MODELS.register_module()
class FlowModel(BaseModel):
    """Trains a flow network on :class:`fusion.data.flow_pairs.FlowPairs`.

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
            # far: where something moves; the mean over all pixels says mostly how still what is still remains
            error = (found.float() - flow).norm(dim=1)  # [B, H, W]
            length = flow.norm(dim=1)
            rows = zip(error, length, known, strict=True)
            return [{"epe": mean(e[k]), "zero": mean(z[k]), "epe_moving": mean(e[k & (z > 0.5)])} for e, z, k in rows]
        return found


def mean(values: Tensor) -> float | None:
    """None of nothing."""
    return float(values.mean()) if values.numel() else None
