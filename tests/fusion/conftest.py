"""Simulated predictions of several streams."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from triad.fusion.predictions import Predictions

CLASSES = ("cup", "can", "sit", "rise", "type", "rest")


def simulate(
    *,
    split: str,
    samples: int = 240,
    subjects: int = 6,
    blind: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    strength: float = 4.0,
    seed: int = 0,
) -> Predictions:
    """Simulate predictions whose streams recognise every class but cannot tell the classes of a ``blind`` pair apart.

    Args:
        split: prefix of the sample ids; also part of the seed.
        samples: number of samples; their classes take turns.
        subjects: number of subjects, each with as many consecutive samples.
        blind: pairs of class indices by stream; three streams by default.
        strength: logit of the true class without noise of unit variance.
        seed: seed of the noise.
    """
    rng = np.random.default_rng([seed, len(split)])
    blind = blind or {"rgb": [(2, 3)], "flow_dis": [(0, 1)], "skeleton": [(0, 1), (4, 5)]}
    labels = np.arange(samples) % len(CLASSES)
    scores = {}
    features = {}
    for stream, pairs in blind.items():
        signal = np.eye(len(CLASSES))
        for a, b in pairs:
            signal[[a, b]] = (signal[a] + signal[b]) / 2
        scores[stream] = strength * signal[labels] + rng.normal(size=(samples, len(CLASSES)))
        features[stream] = np.hstack([scores[stream], rng.normal(size=(samples, 4))])
    return Predictions(
        ids=[f"{split}{number:04d}" for number in range(samples)],
        labels=labels,
        classes=CLASSES,
        scores=scores,
        kinds=dict.fromkeys(scores, "logit"),
        features=features,
        groups={"subject": [f"{split}_s{number * subjects // samples}" for number in range(samples)]},
        meta={"dataset": "toy", "protocol": "cross_subject", "seed": 0},
    )


@pytest.fixture(scope="session")
def simulated() -> Callable[..., Predictions]:
    """Return the function :func:`simulate`."""
    return simulate
