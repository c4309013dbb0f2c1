"""A person of one frame of the annotated video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.modalities.skeleton import Layout


@dataclass(frozen=True)
class PersonOverlay:
    """Joints of one person, in pixels of the displayed picture.

    Shapes: ``pixels`` ``[V, 2]``, ``scores`` ``[V]``.
    """

    pixels: np.ndarray
    scores: np.ndarray
    layout: Layout
