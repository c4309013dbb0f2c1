from itertools import permutations

import numpy as np
import pytest

from triad.fusion.evaluation import shapley_values, stream_subsets
from triad.modalities.checks import InputError


def test_two_streams_by_hand():
    values = {(): 0.1, ("rgb",): 0.5, ("flow",): 0.3, ("rgb", "flow"): 0.8}
    shares = shapley_values(values, ("rgb", "flow"))
    assert shares["rgb"] == pytest.approx((0.5 - 0.1 + 0.8 - 0.3) / 2)
    assert shares["flow"] == pytest.approx((0.3 - 0.1 + 0.8 - 0.5) / 2)


def test_shares_are_mean_gains_over_orders():
    streams = ("rgb", "flow", "skeleton", "depth")
    rng = np.random.default_rng(0)
    values = {subset: rng.random(3) for subset in [(), *stream_subsets(streams)]}
    shares = shapley_values(values, streams)

    def gain(order: tuple[str, ...], stream: str) -> np.ndarray:
        before = order[: order.index(stream)]
        subsets = (before, (*before, stream))
        without, with_stream = (values[tuple(name for name in streams if name in subset)] for subset in subsets)
        return with_stream - without

    for stream in streams:
        expected = np.mean([gain(order, stream) for order in permutations(streams)], axis=0)
        np.testing.assert_allclose(shares[stream], expected)
    np.testing.assert_allclose(sum(shares.values()), values[streams] - values[()])


def test_equal_streams_share_equally():
    values = {(): 0.0, ("a",): 0.6, ("b",): 0.6, ("a", "b"): 0.6}
    assert shapley_values(values, ("a", "b")) == {"a": pytest.approx(0.3), "b": pytest.approx(0.3)}


def test_stream_without_effect_has_no_share():
    values = {(): 0.25, ("a",): 0.75, ("b",): 0.25, ("a", "b"): 0.75}
    assert shapley_values(values, ("a", "b")) == {"a": pytest.approx(0.5), "b": pytest.approx(0.0)}


def test_missing_subset_is_refused():
    with pytest.raises(InputError, match=r"be given for every subset, got none for a\+b"):
        shapley_values({(): 0.0, ("a",): 0.5, ("b",): 0.5}, ("a", "b"))
