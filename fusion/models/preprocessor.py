"""Preparation of a batch on the device: moved, augmented, normalised."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mmengine.model import BaseDataPreprocessor
from torch import nn

from modalities.registry import MODELS


@MODELS.register_module()
class Preprocessor(BaseDataPreprocessor):
    """Data preprocessor that applies each stream's transform on the device.

    A batch may lack streams that are read in training only, and a batch of features has no clips at all.

    Args:
        transforms: ``{stream: module}`` with ``forward(entry, view) -> (data, valid)``. A module with an attribute
            ``reads``, names of streams, is also given ``{name: entry}`` of these as they were before their transforms:
            a crop around the hands reads the joints of another stream.
    """

    def __init__(self, *, transforms: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.transforms = nn.ModuleDict(transforms)
        self.places_of: Collection[str] = ()
        """Skeleton streams whose joints are also given as places of the picture, see :class:`FusionModule`."""

    def forward(self, data: Mapping[str, Any], training: bool = False) -> dict[str, Any]:
        """Return ``{"batch": batch}`` with ``data`` and ``valid`` as the encoders read them."""
        raw: dict[str, Any] = dict(self.cast_data(data))
        batch = dict(raw)
        for name, transform in self.transforms.items():
            if "data" not in raw.get(name, ()):
                continue
            others = {stream: raw[stream] for stream in getattr(transform, "reads", ()) if stream in raw}
            prepared, valid = transform(raw[name], raw["view"], *([others] if others else []))
            batch[name] = {**raw[name], "data": prepared, "valid": valid}
            if name in self.places_of:
                places, visible = transform.places(raw[name], raw["view"])  # type: ignore[operator]
                batch[name] |= {"places": places, "visible": visible}
        return {"batch": batch}
