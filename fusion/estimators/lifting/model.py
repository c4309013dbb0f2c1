"""A lifter as mmengine's Runner trains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from modalities.registry import MODELS


@MODELS.register_module()
class LiftingModel(BaseModel):
    """Trains a lifter on windows of 2D joints (:class:`fusion.estimators.lifting.LiftingDataset`).

    Args:
        network: config of the lifter, e.g. :class:`modalities.skeleton.lifting.TemporalLifter`.
    """

    def __init__(self, *, network: Mapping[str, Any]) -> None:
        super().__init__()
        self.network = MODELS.build(network)

    def forward(self, data: Tensor, target: Tensor, seen: Tensor, dataset: list[str], mode: str = "tensor") -> Any:
        """A batch of recordings -> the loss (``"loss"``), a list of one dict a recording (``"predict"``) or skeletons.

        Shapes: ``data`` ``[B, K, T, J, 3]``, ``target`` ``[B, K, V, 3]``, ``seen`` ``[B, K, V]``; ``B`` names.
        """
        predicted = self.network(data.flatten(0, 1))  # [B·K, V, 3]
        if mode == "loss":
            return {"loss": self.network.loss(predicted, target.flatten(0, 1), seen.flatten(0, 1))}
        predicted = predicted.unflatten(0, target.shape[:2])
        if mode == "predict":
            arrays = [each.cpu().numpy() for each in (predicted.float(), target, seen)]
            return [
                {"dataset": name, "predicted": mine, "true": true, "seen": known}
                for name, mine, true, known in zip(dataset, *arrays, strict=True)
            ]
        return predicted
