"""Stored poses of a prepared dataset, opened for a check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.clips import Source
from triad.modalities.modality import StoredContent
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.plausibility import find_oddities
from triad.modalities.skeleton.pose_loader import PoseLoader
from triad.modalities.skeleton.poses import Poses


class PoseInspector:
    """Reads clips whole and keeps every packed store open, see
    :data:`triad.modalities.modality.stored_files.Inspector`."""

    def __init__(self) -> None:
        self._loaders: dict[str, PoseLoader] = {}
        self._ids: dict[Path, list[str]] = {}

    def __call__(self, source: Source, info: Mapping[str, Any]) -> StoredContent:
        """Read all poses of a clip.

        Raises:
            InputError: If the file is damaged, or not of the layout and length that the index names.
        """
        layout = info["layout"]
        loader = self._loaders.setdefault(layout, PoseLoader(get_layout(layout)))
        poses = loader.load(source)
        oddities = frozenset(find_oddities(poses, source.size_hw))
        if source.clip is None:
            return StoredContent(poses.num, _digest(poses), oddities=oddities)
        if source.path not in self._ids:
            self._ids[source.path] = loader.open_store(source.path).ids
        return StoredContent(poses.num, _digest(poses), self._ids[source.path][source.clip], oddities)


def _digest(poses: Poses) -> bytes | None:
    """Return bytes that are equal for equal poses; None where nobody is seen, as such clips are all alike."""
    if not poses.scores.any():
        return None
    digest = hashlib.blake2b(f"{poses.keypoints.shape}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(poses.keypoints).data)
    digest.update(np.ascontiguousarray(poses.scores).data)
    return digest.digest()
