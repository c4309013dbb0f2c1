"""Preparation of a batch on the device: moved, augmented, normalised."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mmengine.model import BaseDataPreprocessor
from torch import Tensor, nn

from triad.fusion.models.presence import PRESENCE, Presence, find_presence, move_presence
from triad.modalities.prepared_view import prepare_view
from triad.modalities.registry import MODELS

FEATURES = "features"
"""Key of a batch that holds features of frozen encoders instead of clips."""


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
        super().__init__(non_blocking=True)
        self.transforms = nn.ModuleDict(transforms)
        self.places_of: Collection[str] = ()
        """Skeleton streams whose joints are also given as places of the picture, see :class:`FusionModule`."""

    def to_device(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the batch on the device, with what the host had to find out before: views and who is present.

        Nothing here waits for the device where the memory of the batch is pinned. A batch that went through here
        already is returned as it is.
        """
        batch = dict(data)
        if isinstance(batch.get("view"), Mapping):
            batch["view"] = prepare_view(batch["view"])
        presences_of_entries = {
            name: _find_presence(entry) for name, entry in batch.items() if isinstance(entry, Mapping)
        }
        stored = {name: _find_presence(entry) for name, entry in batch.get(FEATURES, {}).items()}
        moved: dict[str, Any] = self.cast_data(batch)
        for entries, presences in ((moved, presences_of_entries), (moved.get(FEATURES, {}), stored)):
            for name, presence in presences.items():
                if presence is not None:
                    entry = entries[name]
                    entries[name] = {**entry, PRESENCE: move_presence(presence, entry, self.device)}
        return moved

    def forward(self, data: Mapping[str, Any], training: bool = False) -> dict[str, Any]:
        """Return ``{"batch": batch}`` with ``data`` and ``valid`` as the encoders read them."""
        return {"batch": self.transform(self.to_device(data))}

    def transform(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a batch of :meth:`to_device` after the transforms of all streams."""
        batch = dict(raw)
        for name, transform in self.transforms.items():
            if "data" not in raw.get(name, ()):
                continue
            other_streams = {stream: raw[stream] for stream in getattr(transform, "reads", ()) if stream in raw}
            prepared, valid = transform(raw[name], raw["view"], *([other_streams] if other_streams else []))
            batch[name] = {**raw[name], "data": prepared, "valid": valid}
            if name in self.places_of:
                places, visible = transform.places(raw[name], raw["view"])  # type: ignore[operator]
                batch[name] |= {"places": places, "visible": visible}
        return batch


def _find_presence(entry: Mapping[str, Any]) -> Presence | None:
    """Return the presence of an entry on the host; None where it is on the device, has none or has it already."""
    present = entry.get("present")
    if not isinstance(present, Tensor) or not present.is_cpu:
        return None
    presence = entry.get(PRESENCE)
    return None if presence is not None and presence.mask is present else find_presence(entry)
