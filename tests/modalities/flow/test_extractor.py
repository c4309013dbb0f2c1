import numpy as np
import pytest

from triad.modalities.flow import FlowExtractor, FlowFile, FlowFiles, extractor
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.stopwatch import Stopwatch

FRAMES = np.random.default_rng(0).integers(0, 255, (45, 24, 32, 3), np.uint8)


class CountingEstimator:
    """DIS that records how many frames each call gets."""

    def __init__(self):
        self.estimator = build_estimator("dis")
        self.name = self.estimator.name
        self.provenance = self.estimator.provenance
        self.calls = []

    def open(self):
        estimate = self.estimator.open()
        return lambda frames: (self.calls.append(len(frames)), estimate(frames))[1]


def extract(path, monkeypatch, *, pairs):
    """Return the fields of a video that comes in chunks of 32 frames, and the number of frames of each call."""
    monkeypatch.setattr(extractor, "pairs_at_once", lambda height, width: pairs)
    estimator = CountingEstimator()
    with FlowExtractor(estimator).open(path, provenance={}, watch=Stopwatch()) as sink:
        for begin in range(0, len(FRAMES), 32):
            sink.add(FRAMES[begin : begin + 32])
    return FlowFile(path).read(np.arange(44)), estimator.calls


def test_small_batches_give_the_same_fields(tmp_path, monkeypatch):
    whole, calls = extract(tmp_path / "whole.flow", monkeypatch, pairs=512)
    assert calls == [32, 14]
    batched, calls = extract(tmp_path / "batched.flow", monkeypatch, pairs=8)
    assert calls == [9, 9, 9, 8, 9, 6]  # eight pairs of nine frames; at the end of a chunk what remains
    np.testing.assert_array_equal(batched, whole)


def test_description_counts_clipped_components(tmp_path, monkeypatch):
    extract(tmp_path / "a.flow", monkeypatch, pairs=512)
    summary = FlowFiles("flow_dis").describe(tmp_path / "a.flow")
    assert (summary.num, summary.provenance, summary.counts) == (44, {}, {"clipped": 0})


def test_provenance_names_estimator_and_storage():
    flow_extractor = FlowExtractor(build_estimator("dis@256"))
    assert flow_extractor.stream == "flow_dis_at256"
    assert flow_extractor.provenance["short_side"] == 256
    assert flow_extractor.provenance["stored"] == {"format": "TRIADFL3", "step": 1 / 32, "limit": 1023.0}


@pytest.mark.parametrize(
    ("size", "pairs"), [((240, 320), 216), ((720, 1280), 16), ((1080, 1920), 8), ((2160, 3840), 8)]
)
def test_large_frames_have_few_pairs(size, pairs):
    assert extractor.pairs_at_once(*size) == pairs
