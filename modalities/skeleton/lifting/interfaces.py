"""Interface of lifters, which turn pixels into metres."""

from __future__ import annotations

from typing import Any, Protocol

from triad.modalities.skeleton.poses import Poses

LIFTED_PREFIX = "lifted_"
"""Beginning of the names of streams that ``lift`` makes."""


class Lifter(Protocol):
    """Turns the 2D poses of a recording into 3D poses of the same persons and times.

    The joints are metres in the camera's frame (x right, y down, z away) about each person's root, for the position of
    a person is not known.

    Attributes:
        layout: name of the 3D layout.
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions.
    """

    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        """Lift poses whose pixels are those of frames of this height and width."""
        ...
