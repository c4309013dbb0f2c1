"""Small hand-made predictions of two classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fusion.predictions import Predictions


def make_predictions(stream: str = "rgb", ids: Sequence[str] = ("a", "b", "c"), **fields: object) -> Predictions:
    """Make predictions of the classes ``sit`` and ``rise`` with one stream of rising logits and alternating labels."""
    defaults = {
        "ids": np.array(ids),
        "labels": np.arange(len(ids)) % 2,
        "classes": ("sit", "rise"),
        "scores": {stream: np.arange(2 * len(ids), dtype=np.float32).reshape(-1, 2)},
        "kinds": {stream: "logit"},
    }
    return Predictions(**defaults | fields)  # type: ignore[arg-type]
