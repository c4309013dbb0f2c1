"""Stored poses of a prepared dataset, opened for a check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from modalities.checks import InputError, fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import read_skeleton
from modalities.source import Source
from modalities.stored_files import StoredContent


class PoseInspector:
    """Reads clips whole and keeps every packed store open, see :data:`modalities.stored_files.Inspector`."""

    def __init__(self) -> None:
        self._stores: dict[Path, tuple[PoseStore, list[str]] | InputError] = {}

    def __call__(self, source: Source, info: Mapping[str, Any]) -> StoredContent:
        """Read all poses of a clip.

        Raises:
            InputError: if the file is damaged, or not of the layout that the index names.
        """
        layout = info["layout"]
        if source.clip is None:
            joints, dims = get_layout(layout).num_joints, get_layout(layout).dims
            poses = Poses(layout=layout, **read_skeleton(source.path, dims=dims, joints=joints, num=source.num))
            return StoredContent(poses.num, _digest(poses))
        store, ids = self._open(source.path)
        if store.layout.name != layout:
            fail(f"layout of '{source.path}'", f"be '{layout}' as the index says", f"'{store.layout.name}'")
        if not 0 <= source.clip < len(store):
            fail(f"clip of '{source.path}'", f"be below {len(store)}", source.clip)
        poses = store.read(source.clip)
        return StoredContent(poses.num, _digest(poses), ids[source.clip])

    def _open(self, path: Path) -> tuple[PoseStore, list[str]]:
        if path not in self._stores:
            try:
                store = PoseStore(path)
                self._stores[path] = store, store.ids
            except InputError as error:
                self._stores[path] = error
        opened = self._stores[path]
        if isinstance(opened, InputError):
            raise opened
        return opened


def _digest(poses: Poses) -> bytes | None:
    """Return bytes that are equal for equal poses; None where nobody is seen, as such clips are all alike."""
    if not poses.scores.any():
        return None
    digest = hashlib.blake2b(f"{poses.keypoints.shape}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(poses.keypoints).data)
    digest.update(np.ascontiguousarray(poses.scores).data)
    return digest.digest()
