"""Model of a flow network for mmengine's Runner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from triad.modalities.flow import flow_scores
from triad.modalities.flow.networks import normalize_frames, predict_flow
from triad.modalities.registry import MODELS


@MODELS.register_module()
class FlowModel(BaseModel):
    """Trains a flow network on :class:`triad.fusion.estimators.flow.pairs.FlowPairs`.

    Args:
        network: config of the network, see :mod:`triad.modalities.flow.networks`.
    """

    def __init__(self, *, network: Mapping[str, Any]) -> None:
        super().__init__()
        self.network = MODELS.build(network)

    def forward(self, first: Tensor, second: Tensor, flow: Tensor, id: list[str], mode: str = "tensor") -> Any:
        """Return the loss of a batch of pairs (mode ``"loss"``), errors of each pair (``"predict"``), or the flow.

        Args:
            first: first frames.
            second: second frames.
            flow: true flow.
            id: names of the pairs.
            mode: ``loss``, ``predict`` or ``tensor``.

        Shapes: ``first``, ``second`` uint8 ``[B, H, W, 3]``; ``flow`` ``[B, 2, H, W]``.
        """
        if mode == "loss":
            return {"loss": self.network.loss(self.network(normalize_frames(first), normalize_frames(second)), flow)}
        estimate = predict_flow(self.network, first, second)
        if mode == "predict":
            estimates, truths = (fields.float().permute(0, 2, 3, 1).cpu().numpy() for fields in (estimate, flow))
            return [flow_scores(*pair) for pair in zip(estimates, truths, strict=True)]
        return estimate
