"""Feature files are whole, say what made them, and are refused where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError
from triad.modalities.features import FeatureFiles, StoredFeatures, read_features, write_features

FEATURES = StoredFeatures(
    np.arange(6, dtype=np.float32).reshape(3, 2), np.array([True, False, True]), 0.5, 15, {"a": 1}
)


@pytest.fixture
def path(tmp_path):
    write_features(tmp_path / "v.npz", FEATURES)
    return tmp_path / "v.npz"


def test_features_come_back(path):
    read = read_features(path)
    np.testing.assert_array_equal(read.data, FEATURES.data)
    np.testing.assert_array_equal(read.present, FEATURES.present)
    assert read[2:] == FEATURES[2:]


def test_equal_content_gives_equal_bytes(path, tmp_path):
    write_features(tmp_path / "w.npz", FEATURES)
    assert (tmp_path / "w.npz").read_bytes() == path.read_bytes()


def test_summary_counts_entries_of_origin(path):
    summary = FeatureFiles("features_rgb").describe(path)
    assert (summary.num, summary.provenance) == (15, {"a": 1})
    assert summary.entry == {"num": 3, "fps": 2.0}
    assert summary.counts == {"vectors": 3, "empty": 1}


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("features", np.zeros((3, 2, 1), np.float32), r"features of .* must have shape"),
        ("features", np.zeros((0, 2), np.float32), r"present of .* must have shape"),
        ("features", np.full((3, 2), np.nan, np.float32), "must be finite"),
        ("features", np.zeros((3, 2), np.int64), "must be float32, got int64"),
        ("present", np.ones(3), "present of .* must be bool"),
        ("stride", np.float64(0), "stride of .* must be seconds above 0"),
        ("stride", np.float64("nan"), "stride of .* must be seconds above 0"),
        ("stride", np.ones(2), "stride of .* must be one number"),
        ("entries", np.float64(1.5), "entries of .* must be one number"),
        ("provenance", np.frombuffer(b"[1]", np.uint8), "provenance of .* must be an object of JSON"),
        ("provenance", np.frombuffer(b"{", np.uint8), "provenance of .* must be JSON"),
    ],
)
def test_wrong_arrays_are_refused(path, name, array, message):
    write_arrays(path, **{**read_arrays(path, cure=""), name: array})
    with pytest.raises(InputError, match=message):
        read_features(path)


def test_missing_array_is_named(path):
    arrays = read_arrays(path, cure="")
    del arrays["stride"]
    write_arrays(path, **arrays)
    with pytest.raises(InputError, match=r"must hold features, present, stride and entries, got no stride; extract it"):
        read_features(path)


def test_infinite_features_are_not_written(tmp_path):
    bad = FEATURES._replace(data=np.full((3, 2), np.inf, np.float32))
    with pytest.raises(InputError, match="features of 'v' must be finite"):
        write_features(tmp_path / "v.npz", bad)
    assert not (tmp_path / "v.npz").exists()
