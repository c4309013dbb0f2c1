"""Large frames go to the estimator piece by piece: the same fields, in less memory."""

from __future__ import annotations

import numpy as np
import pytest

from modalities.extraction import Stopwatch
from modalities.flow import extractor as module
from modalities.flow.estimators import build_estimator
from modalities.flow.extractor import FlowExtractor, pairs_at_once
from modalities.flow.storage.flow_file import FlowFile

FRAMES = np.random.default_rng(0).integers(0, 255, (45, 24, 32, 3), np.uint8)


def extracted(path, estimator, monkeypatch, *, pairs):
    """Fields of a video that comes in chunks of 32 frames, and how many frames each call got."""
    monkeypatch.setattr(module, "pairs_at_once", lambda height, width: pairs)
    calls = []
    counted = type("Counted", (), {"name": estimator.name, "provenance": estimator.provenance})()
    counted.open = lambda: (lambda flow: lambda frames: (calls.append(len(frames)), flow(frames))[1])(estimator.open())
    with FlowExtractor(counted).open(path, provenance={}, watch=Stopwatch()) as sink:
        for begin in range(0, len(FRAMES), 32):
            sink.add(FRAMES[begin : begin + 32])
    return FlowFile(path).read(np.arange(44)), calls


def test_pieces_give_the_same_fields(tmp_path, monkeypatch):
    whole, calls = extracted(tmp_path / "whole.flow", build_estimator("dis"), monkeypatch, pairs=512)
    assert calls == [32, 14]
    pieces, calls = extracted(tmp_path / "pieces.flow", build_estimator("dis"), monkeypatch, pairs=8)
    assert calls == [9, 9, 9, 8, 9, 6]  # eight pairs of nine frames; at the end of a chunk what is left
    np.testing.assert_array_equal(pieces, whole)


@pytest.mark.parametrize(
    ("size", "pairs"), [((240, 320), 216), ((720, 1280), 16), ((1080, 1920), 8), ((2160, 3840), 8)]
)
def test_fields_of_large_frames_are_few_at_once(size, pairs):
    assert pairs_at_once(*size) == pairs
