"""Features of one stream or of several, in the form that networks over time read."""

from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.features.transforms import FeatureTransform


def entry(value: float, channels: int, *, times: int = 3, present: bool = True) -> dict[str, torch.Tensor]:
    valid = torch.tensor([[True] * (times - 1) + [False]])
    return {
        "data": torch.full((1, times, channels), value),
        "valid": valid,
        "present": torch.tensor([present]),
    }


def test_invalid_times_are_zero():
    data, valid = FeatureTransform()(entry(2.0, 2), {})
    assert data.tolist() == [[[2, 2, 0], [2, 2, 0]]]
    assert valid.tolist() == [[True, True, False]]


def test_streams_are_concatenated():
    data, _ = FeatureTransform(others=("b",))(entry(1.0, 1), {}, {"b": entry(2.0, 2)})
    assert data.tolist() == [[[1, 1, 0], [2, 2, 0], [2, 2, 0]]]


def test_absent_stream_is_zero():
    data, valid = FeatureTransform(others=("b",))(entry(1.0, 1), {}, {"b": entry(2.0, 1, present=False)})
    assert data.tolist() == [[[1, 1, 0], [0, 0, 0]]]
    assert valid.tolist() == [[True, True, False]]


def test_unequal_times_are_refused():
    with pytest.raises(InputError, match="times of stream 'b' must be 3 as of the first, got 4"):
        FeatureTransform(others=("b",))(entry(1.0, 1), {}, {"b": entry(2.0, 1, times=4)})


def test_stream_is_named_once():
    with pytest.raises(InputError, match="name each stream once"):
        FeatureTransform(others=("b", "b"))


def test_missing_stream_is_named():
    with pytest.raises(InputError, match=r"stream 'b' of FeatureTransform\.others must be a stream of the config"):
        FeatureTransform(others=("b",))(entry(1.0, 1), {})
