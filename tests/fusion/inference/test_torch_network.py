"""Recognizer as a network of prediction: scores of test, attention maps and half precision."""

from pathlib import Path

import numpy as np
import pytest
import torch

from triad.fusion.data import collate
from triad.fusion.index import load_index
from triad.fusion.inference.torch_network import TorchNetwork
from triad.fusion.rendering.attention_maps import compute_attention_maps
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import load_dataset
from triad.modalities.registry import MODELS

CONFIG = Path(__file__).parents[3] / "configs/fusion/separable_sta_minihome_two_heads.py"
OPTIONS = (
    *("streams.rgb.num_frames=8", "streams.rgb.transform.size=(32, 32)"),
    "streams.skeleton.num_frames=8",
)
RECORD = "right_s03"


@pytest.fixture(scope="module")
def model_and_dataset(tiny):
    """An untrained model with attention, and the test dataset that it reads."""
    torch.manual_seed(0)
    config = build_config(CONFIG, options=OPTIONS, data=tiny)
    return MODELS.build(config.model).eval(), load_dataset(config, "test")


def build_batch(dataset, **present):
    sample = dataset.sample(load_index(dataset.index.root).record(RECORD), 0)
    sample.present.update(present)
    return collate([sample])


def test_scores_and_attention_match_test(model_and_dataset):
    model, dataset = model_and_dataset
    network = TorchNetwork(model)
    scores = network(build_batch(dataset))
    with torch.no_grad():
        (row,) = model(**model.data_preprocessor(build_batch(dataset), False), mode="predict")
    for stream in ("rgb", "skeleton"):
        np.testing.assert_array_equal(scores[stream][0], row["streams"][stream]["score"])
    np.testing.assert_array_equal(scores["fused"][0], row["fused"])
    expected = compute_attention_maps(model, dataset, load_index(dataset.index.root).record(RECORD)).maps
    (maps,) = network.attention_maps
    assert [one.name for one in maps] == ["α", "β"]
    for one, other in zip(maps, expected, strict=True):
        assert (one.stream, one.span) == (other.stream, other.span)
        np.testing.assert_allclose(one.weights, other.weights, atol=1e-6)


def test_absent_stream_scores_zero(model_and_dataset):
    model, dataset = model_and_dataset
    network = TorchNetwork(model)
    scores = network(build_batch(dataset, rgb=False))
    assert not scores["rgb"].any()
    assert scores["skeleton"].any()
    assert network.attention_maps == [()]


def test_half_precision_is_close(model_and_dataset):
    model, dataset = model_and_dataset
    exact, rounded = (TorchNetwork(model, half=half)(build_batch(dataset))["fused"] for half in (False, True))
    assert 0 < np.abs(exact - rounded).max() < 0.05
