"""Vectors at given times."""

from __future__ import annotations

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.features import FeatureReader, StoredFeatures, write_features


@pytest.fixture
def source(tmp_path):
    data = np.array([[0, 1], [2, 3], [4, 5]], np.float32)
    features = StoredFeatures(data, np.array([True, False, True]), 0.5, 15, {})
    write_features(tmp_path / "v.npz", features)
    return Source(tmp_path / "v.npz", 3, fps=2.0)


def test_vector_on_display_is_read(source):
    times = np.array([0.25, 0.75, 1.25, 1.75])
    clip = FeatureReader(channels=2).read(source, times, np.array([True, True, True, True]))
    np.testing.assert_array_equal(clip.data, [[0, 1], [2, 3], [4, 5], [4, 5]])
    assert clip.valid.tolist() == [True, False, True, False]  # the second had nothing to read, the last is past the end


def test_other_length_of_vectors_is_refused(source):
    with pytest.raises(InputError, match=r"must hold 3 vectors of 4, got 3 × 2; extract it again"):
        FeatureReader(channels=4).read(source, np.array([0.0]), np.array([True]))
    with pytest.raises(InputError, match=r"vectors of stream 'f' must have 4 channels, got 2"):
        FeatureReader(channels=4).check_stored("stream 'f'", {"channels": 2})


def test_missing_stream_is_blank():
    clip = FeatureReader(channels=3).blank(np.array([0.0, 0.5]))
    assert clip.data.shape == (2, 3)
    assert not clip.valid.any()


def test_reader_without_channels_is_refused():
    with pytest.raises(InputError, match="channels must be at least 1, got 0"):
        FeatureReader(channels=0)
