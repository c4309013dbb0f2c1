"""Shares of the streams in the accuracy of all of them together.

L. S. Shapley (1953), "A value for n-person games": the gain that a stream brings, averaged over all orders in which the
streams may be added. The shares sum to the accuracy of all streams minus that of none, which is chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import factorial
from typing import Any

import numpy as np

from triad.fusion.evaluation.fusion_candidates import Subset, stream_subsets
from triad.modalities.checks import fail


def shapley_coefficients(streams: Sequence[str]) -> dict[str, dict[Subset, float]]:
    """Return the coefficient of the value of every subset, the empty one included, in the share of every stream.

    A subset T of n streams counts (|T| − 1)! (n − |T|)! / n! for a stream that it holds, and −|T|! (n − |T| − 1)! / n!
    for another.
    """
    num_streams = len(streams)
    coefficients: dict[str, dict[Subset, float]] = {stream: {} for stream in streams}
    for subset in [(), *stream_subsets(streams)]:
        size = len(subset)
        for stream in streams:
            if stream in subset:
                weight = factorial(size - 1) * factorial(num_streams - size)
            else:
                weight = -factorial(size) * factorial(num_streams - size - 1)
            coefficients[stream][subset] = weight / factorial(num_streams)
    return coefficients


def shapley_values(values: Mapping[Subset, Any], streams: Sequence[str]) -> dict[str, Any]:
    """Return the share of every stream, exact over all subsets.

    Args:
        values: value of every subset of the streams and of the empty one, ``()``: a number, or an array of numbers
            that are shared out one by one.
        streams: names of the streams, in the order of the subsets.

    Raises:
        InputError: If a subset has no value.
    """
    coefficients = shapley_coefficients(streams)
    if missing := [subset for subset in coefficients[streams[0]] if subset not in values]:
        fail("values of a Shapley decomposition", "be given for every subset", f"none for {'+'.join(missing[0])}")
    return {
        stream: sum(weight * np.asarray(values[subset], dtype=np.float64) for subset, weight in of_stream.items())
        for stream, of_stream in coefficients.items()
    }
