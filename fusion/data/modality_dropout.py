"""Modality dropout: training samples that are read without some of their streams."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from triad.modalities.checks import check_choice, fail


def check_modality_dropout(probabilities: Mapping[str, float], streams: Collection[str]) -> dict[str, float]:
    """Return the probabilities with which streams are dropped.

    Raises:
        InputError: If one lies outside of 0–1, or belongs to no stream.
    """
    for name, probability in probabilities.items():
        check_choice("stream of modality_dropout", name, streams)
        if not 0 <= probability <= 1:
            fail(f"modality_dropout.{name}", "be a probability, 0–1", probability)
    return dict(probabilities)


def draw_dropped(
    probabilities: Mapping[str, float], present: Mapping[str, bool], rng: np.random.Generator
) -> frozenset[str]:
    """Return the streams that a sample is read without; never the last one that it has.

    Where all present streams would go, one of them stays, each with equal probability.

    Args:
        probabilities: probability of each stream that may be dropped, 0–1.
        present: whether the sample has each stream.
        rng: generator of the sample.
    """
    draws = {name: bool(rng.random() < probability) for name, probability in sorted(probabilities.items())}
    there = sorted(name for name, has_stream in present.items() if has_stream)
    dropped = {name for name in there if draws.get(name, False)}
    if there and len(dropped) == len(there):
        dropped.remove(there[int(rng.integers(len(there)))])
    return frozenset(dropped)
