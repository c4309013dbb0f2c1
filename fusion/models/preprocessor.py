"""Preparation of a batch on the device: moved, augmented, normalised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.model import BaseDataPreprocessor
from torch import nn

from modalities.registry import MODELS


@MODELS.register_module()
class Preprocessor(BaseDataPreprocessor):
    """Data preprocessor that applies each stream's transform on the device.

    Args:
        transforms: ``{stream: module}`` with ``forward(entry, view) -> (data, valid)``.
    """

    def __init__(self, *, transforms: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.transforms = nn.ModuleDict(transforms)

    def forward(self, data: Mapping[str, Any], training: bool = False) -> dict[str, Any]:
        """Return ``{"batch": batch}`` with ``data`` and ``valid`` as the encoders read them."""
        batch = dict(self.cast_data(data))
        for name, transform in self.transforms.items():
            prepared, valid = transform(batch[name], batch["view"])
            batch[name] = {**batch[name], "data": prepared, "valid": valid}
        return {"batch": batch}
