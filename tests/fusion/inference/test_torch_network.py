"""A recognizer as a network: what test computes, where it looked, half precision, and what its checkpoint must tell."""

from pathlib import Path

import numpy as np
import pytest
import torch

from fusion.annotated_video.overlays import _within
from fusion.data.collate import collate
from fusion.index.index import load_index
from fusion.inference.loaded_model import load_for_inference
from fusion.inference.torch_network import TorchNetwork
from fusion.rendering.attention_maps import find_attention_maps
from fusion.training.config import build_config
from fusion.training.loading import load_dataset
from modalities.checks import InputError
from modalities.registry import MODELS

CONFIG = Path(__file__).parents[3] / "configs/fusion/separable_sta_minihome.py"
SMALL = (
    *("streams.rgb.num_frames=8", "streams.rgb.transform.size=(32, 32)", "model.attention.grid=(4, 2, 2)"),
    "streams.skeleton.num_frames=8",
)
NAME = "right_s03"


@pytest.fixture(scope="module")
def asked(tiny):
    """A model with attention and the test dataset that it reads."""
    torch.manual_seed(0)
    settings = build_config(CONFIG, options=SMALL, data=tiny)
    return MODELS.build(settings.model).eval(), load_dataset(settings, "test")


def batch_of(dataset, **absent):
    sample = dataset.sample(load_index(dataset.index.root).record(NAME), 0)
    sample.present.update(absent)
    return collate([sample])


def test_scores_and_where_it_looked(asked):
    model, dataset = asked
    network = TorchNetwork(model)
    scores = network(batch_of(dataset))
    with torch.no_grad():
        (row,) = model(**model.data_preprocessor(batch_of(dataset), False), mode="predict")
    for stream in ("rgb", "skeleton"):
        np.testing.assert_array_equal(scores[stream][0], row["streams"][stream]["score"])
    np.testing.assert_array_equal(scores["fused"][0], row["fused"])
    gaze = find_attention_maps(model, dataset, NAME)
    assert network.attended.stream == "rgb"
    np.testing.assert_allclose(network.attended.alpha[0], gaze.alpha, atol=1e-6)
    np.testing.assert_allclose(network.attended.beta[0], gaze.beta, atol=1e-6)


def test_a_stream_that_is_absent_scores_nothing(asked):
    model, dataset = asked
    network = TorchNetwork(model)
    scores = network(batch_of(dataset, rgb=False))
    assert not scores["rgb"].any()
    assert scores["skeleton"].any()
    assert network.attended is None


def test_half_precision_is_near_and_not_the_same(asked):
    model, dataset = asked
    exact, half = (TorchNetwork(model, half=half)(batch_of(dataset))["fused"] for half in (False, True))
    assert 0 < np.abs(exact - half).max() < 0.05


def test_attention_is_shown_where_the_frame_is_on_its_canvas():
    """A portrait video stands in the middle third of a wide canvas."""
    alpha = np.array([[0.0, 1.0, 0.0]], np.float32)
    shown = _within(alpha, (1.0, 1 / 3))
    assert shown.shape == (100, 33)
    assert shown.mean() == pytest.approx(0.75, abs=0.01)  # of a slope from 1/2 at its edges to 1 in the middle
    assert _within(alpha, (1.0, 1.0)) is alpha


def test_a_checkpoint_without_its_classes(asked, tmp_path):
    torch.save({"state_dict": asked[0].state_dict()}, tmp_path / "old.pth")
    with pytest.raises(InputError, match=r"old.pth' must name its classes, got none; train again"):
        load_for_inference(tmp_path / "old.pth", CONFIG)
    content = {"state_dict": asked[0].state_dict(), "meta": {"dataset_meta": {"classes": ["a", "b", "c"]}}}
    torch.save(content, tmp_path / "alone.pth")
    with pytest.raises(InputError, match=r"must hold one config, as training leaves it, got none; give --config"):
        load_for_inference(tmp_path / "alone.pth")
    trained = load_for_inference(tmp_path / "alone.pth", CONFIG, SMALL)
    assert trained.classes == ("a", "b", "c")
    assert trained.lengths is None
