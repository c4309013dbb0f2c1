"""Small hand-made predictions and fusion candidates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from triad.fusion.evaluation import FusionCandidate
from triad.fusion.predictions import Predictions


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


def make_candidate(
    streams: Sequence[str],
    predicted: Sequence[int],
    *,
    fusion: str = "single",
    mode: str = "late",
    validation: float = 0.5,
    num_classes: int = 2,
    confidence: float | Sequence[float] = 1.0,
) -> FusionCandidate:
    """Make a candidate that predicts the given classes, its winning scores equal to ``confidence``."""
    scores = np.eye(num_classes)[list(predicted)] * np.reshape(confidence, (-1, 1))
    return FusionCandidate(
        streams=tuple(streams),
        fusion=fusion,
        mode=mode,
        scores=scores,
        present=np.ones(len(predicted), dtype=bool),
        validation=validation,
    )


def write_two_streams(folder: Path) -> None:
    """Write 48 validation and test samples of four classes; RGB confuses the first two, flow the last two."""
    labels = np.arange(48) % 4
    for split in ("val", "test"):
        for seed, (stream, confused) in enumerate({"rgb": [0, 1], "flow_dis": [2, 3]}.items()):
            signal = 6 * np.eye(4)
            signal[confused] = signal[confused].mean(axis=0)
            noise = np.random.default_rng([seed, len(split)]).normal(size=(48, 4))
            Predictions(
                ids=[f"{split}{number:04d}" for number in range(48)],
                labels=labels,
                classes=("cup", "can", "sit", "rise"),
                scores={stream: signal[labels] + noise},
                kinds={stream: "logit"},
            ).save(folder / f"{split}_{stream}.npz")
