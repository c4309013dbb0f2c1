"""Batches of features, and their check."""

from __future__ import annotations

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.features import FeatureClip, FeatureFiles, StoredFeatures, write_features
from triad.modalities.features.modality import MODALITY


def clip(num_times: int) -> FeatureClip:
    return FeatureClip(np.ones((num_times, 2), np.float32), np.arange(num_times) / 2, np.ones(num_times, bool))


def test_short_clips_are_padded():
    batch = MODALITY.collate([clip(2), clip(3)])
    assert batch["data"].shape == (2, 3, 2)
    assert batch["valid"].tolist() == [[True, True, False], [True, True, True]]
    assert not batch["data"][0, 2].any()


def test_equal_features_are_duplicates(tmp_path):
    contents = []
    for name, value in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        features = StoredFeatures(np.full((2, 2), value, np.float32), np.ones(2, bool), 1.0, 9, {})
        write_features(tmp_path / f"{name}.npz", features)
        contents.append(MODALITY.files.inspector()(Source(tmp_path / f"{name}.npz", 2, fps=1.0), {"channels": 2}))
    assert contents[0].num == 2
    assert contents[0].digest == contents[1].digest != contents[2].digest


def test_vectors_of_other_length_are_found(tmp_path):
    features = StoredFeatures(np.ones((2, 2), np.float32), np.ones(2, bool), 1.0, 9, {"channels": 3})
    write_features(tmp_path / "a.npz", features)
    with pytest.raises(InputError, match="must have 3 channels as the index says, got 2"):
        MODALITY.files.inspector()(Source(tmp_path / "a.npz", 2, fps=1.0), {"channels": 3})
    with pytest.raises(InputError, match="must have 3 channels as it says, got 2; extract it again"):
        FeatureFiles("features_rgb").describe(tmp_path / "a.npz")


def test_command_that_adds_features_is_named():
    assert MODALITY.add_command("features_rgb", "data") == "triad extract data --features CHECKPOINT"


def test_index_must_know_channels():
    with pytest.raises(ValueError, match="must have 'channels'"):
        MODALITY.check_info("features_rgb", {"modality": "features"})
