"""Streams that training samples are read without."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.data.modality_dropout import check_modality_dropout, draw_dropped
from triad.modalities.checks import InputError

BOTH = {"rgb": True, "flow": True}


def draw_many(probabilities: dict[str, float], present: dict[str, bool]) -> list[frozenset[str]]:
    return [draw_dropped(probabilities, present, np.random.default_rng(seed)) for seed in range(2000)]


def test_share_of_dropped_streams():
    draws = draw_many({"rgb": 0.25}, BOTH)
    assert np.mean([draw == {"rgb"} for draw in draws]) == pytest.approx(0.25, abs=0.03)


def test_one_stream_always_stays():
    draws = draw_many({"rgb": 1.0, "flow": 1.0}, BOTH)
    assert all(len(draw) == 1 for draw in draws)
    assert np.mean([draw == {"rgb"} for draw in draws]) == pytest.approx(0.5, abs=0.04)
    assert set(draw_many({"rgb": 1.0}, {"rgb": True, "flow": False})) == {frozenset()}


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        ({"rgb": 1.5}, r"modality_dropout.rgb must be a probability, 0–1, got 1.5"),
        ({"rbg": 0.5}, r"stream of modality_dropout must be one of flow, rgb, got 'rbg'"),
    ],
)
def test_impossible_dropout_is_refused(probabilities: dict[str, float], message: str):
    with pytest.raises(InputError, match=message):
        check_modality_dropout(probabilities, BOTH)
