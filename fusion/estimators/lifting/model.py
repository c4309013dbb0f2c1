"""Model of a lifter for mmengine's Runner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from triad.modalities.registry import MODELS


@MODELS.register_module()
class LiftingModel(BaseModel):
    """Trains a lifter on windows of 2D joints (:class:`triad.fusion.estimators.lifting.LiftingDataset`).

    Args:
        network: config of the lifter, e.g. :class:`triad.modalities.skeleton.lifting.TemporalLifter`.
    """

    def __init__(self, *, network: Mapping[str, Any]) -> None:
        super().__init__()
        self.network = MODELS.build(network)

    def forward(self, data: Tensor, target: Tensor, visible: Tensor, dataset: list[str], mode: str = "tensor") -> Any:
        """Return the loss of a batch (mode ``"loss"``), one dict a recording (``"predict"``), or skeletons.

        Args:
            data: windows of 2D joints.
            target: true skeletons, metres about the root.
            visible: True for joints with a known target.
            dataset: name of each recording's dataset.
            mode: ``loss``, ``predict`` or ``tensor``.

        Shapes: ``[B, K, T, J, 3]``, ``[B, K, V, 3]``, ``[B, K, V]``.
        """
        predicted = self.network(data.flatten(0, 1))  # [B·K, V, 3]
        if mode == "loss":
            return {"loss": self.network.loss(predicted, target.flatten(0, 1), visible.flatten(0, 1))}
        predicted = predicted.unflatten(0, target.shape[:2])
        if mode != "predict":
            return predicted
        arrays = (tensor.cpu().numpy() for tensor in (predicted.float(), target, visible))
        return [
            {"dataset": name, "predicted": skeletons, "true": true, "visible": true_visible}
            for name, skeletons, true, true_visible in zip(dataset, *arrays, strict=True)
        ]
