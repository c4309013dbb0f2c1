"""Features are the vectors that a test of the same span writes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from trained_models import CONFIGS, NARROW_SKELETON, load_untrained, small_video

from triad.fusion.data import ActionDataset, collate
from triad.fusion.index import load_index
from triad.fusion.index.stream_index import extraction_tasks
from triad.fusion.inference.feature_extraction import FeatureExtractor, WindowLength
from triad.fusion.inference.feature_extraction import extractor as extractor_module
from triad.modalities.checks import InputError


@pytest.fixture(scope="module")
def skeleton(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("skeleton")
    return load_untrained(folder, CONFIGS / "skeleton/stgcnpp_minihome.py", tiny, NARROW_SKELETON)


def extract(extractor, index, number=0):
    record = index.records[number]
    return extractor.extract(record, extraction_tasks(index, extractor.origin)[record["id"]], {})


def test_window_gives_vector_of_test(tiny, skeleton):
    index = load_index(tiny)
    extractor = FeatureExtractor(skeleton.checkpoint, index, window=WindowLength(1.0), stride=WindowLength(1.0))
    features = extract(extractor, index)
    dataset = skeleton.config.test_dataloader["dataset"]
    reader = ActionDataset(
        index=tiny,
        protocol="cross_subject",
        split="test",
        streams=dataset["streams"],
        temporal_sampler=dataset["temporal_sampler"],
    )
    batch = collate([reader.sample(index.records[0], 0)])
    model = skeleton.recognizer
    with torch.no_grad():
        (row,) = model(**model.data_preprocessor(batch, False), mode="predict")
    np.testing.assert_allclose(features.data[0], row["streams"]["skeleton"]["feature"], atol=1e-5)
    assert features.data.shape == (1, extractor.channels)
    assert (features.stride, features.num_entries, features.present.tolist()) == (1.0, 10, [True])


def test_frames_and_seconds_give_same_windows(tiny, skeleton):
    index = load_index(tiny)
    lengths = [(WindowLength(0.5), WindowLength(0.2)), (WindowLength(5, True), WindowLength(2, True))]
    results = [
        extract(FeatureExtractor(skeleton.checkpoint, index, window=window, stride=stride), index)
        for window, stride in lengths
    ]
    assert len(results[0].data) == 5
    np.testing.assert_array_equal(results[0].data, results[1].data)


def test_video_windows_read_each_frame(tiny, tmp_path):
    loaded = load_untrained(tmp_path, CONFIGS / "rgb/r2plus1d_small_minihome.py", tiny, small_video("rgb"))
    index = load_index(tiny)
    extractor = FeatureExtractor(loaded.checkpoint, index, window=WindowLength(0.5), stride=WindowLength(0.25))
    assert (extractor.stream, extractor.origin) == ("features_rgb", "rgb")
    features = extract(extractor, index)
    assert features.data.shape == (4, extractor.channels)
    assert np.ptp(features.data, axis=0).max() > 0


def test_stride_is_half_a_window(tiny, skeleton):
    extractor = FeatureExtractor(skeleton.checkpoint, load_index(tiny))
    assert (str(extractor.window), str(extractor.stride)) == ("1 s", "0.5 s")


def test_name_of_stream_is_checked(tiny, skeleton):
    with pytest.raises(InputError, match=r"--name must be letters, digits and _, got '\.\./x'"):
        FeatureExtractor(skeleton.checkpoint, load_index(tiny), name="../x")


def test_huge_features_are_refused(tiny, skeleton):
    index = load_index(tiny)
    extractor = FeatureExtractor(skeleton.checkpoint, index, stride=WindowLength(1e-9))
    with pytest.raises(InputError, match=r"--stride must leave the features of one video within 2 GiB, got 1,000,000"):
        extract(extractor, index)


def test_too_long_vectors_are_refused_early(tiny, skeleton, monkeypatch):
    monkeypatch.setattr(extractor_module, "MAX_CHANNELS", 3)
    with pytest.raises(InputError, match=r"vectors of model .* must have at most 3 channels, got 32; take a model"):
        FeatureExtractor(skeleton.checkpoint, load_index(tiny))
