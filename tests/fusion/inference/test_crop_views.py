"""Crops in prediction: a checkpoint averages those of test, an exported graph shows the centre one and says so."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from trained_models import CONFIGS, assert_same_scores, compute_scores, load_untrained, small_video

from triad.fusion.data import collate
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.onnx_export import export
from triad.fusion.inference.onnx_network import OnnxNetwork, load_onnx
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.torch_network import open_model
from triad.fusion.inference.video_predictor import VideoPredictor
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import average_of, load_dataset
from triad.fusion.training.metrics.action_metric import to_predictions

CONFIG = CONFIGS / "rgb/r2plus1d_small_minihome.py"
OPTIONS = [
    *small_video("rgb"),
    *("streams.rgb.num_frames=4", "streams.rgb.transform.size=(24, 24)"),
    "test_dataloader.dataset.crop_views={'type': 'CropViews', 'crops': 'ten', 'crop_pct': 0.75}",
    *("test_dataloader.dataset.temporal_sampler.num_clips=2", "test_evaluator.average_clips=prob"),
]
CLIP = "left_s02"


@pytest.fixture(scope="module")
def loaded(tiny, tmp_path_factory):
    return load_untrained(tmp_path_factory.mktemp("crops"), CONFIG, tiny, OPTIONS)


@pytest.fixture(scope="module")
def dataset(loaded, tiny):
    """The test dataset of the config."""
    return load_dataset(build_config(CONFIG, options=OPTIONS, data=tiny), "test")


def test_prediction_averages_the_crops_of_test(loaded, dataset, tiny):
    model = open_model(loaded.checkpoint, CONFIG, OPTIONS, device="cpu")
    assert (len(model.views), model.views[0].flip, model.average_clips) == (10, False, "prob")
    predictor = VideoPredictor(tiny / f"videos/{CLIP}.mp4", ModelEnsemble([model]), SlidingWindow(1.0, 1.0, 1.0))
    list(predictor.run())
    (window,) = predictor.prediction.windows
    record = next(row for row in dataset.records if row["id"] == CLIP)
    recognizer = loaded.recognizer.cpu()
    batch = collate([dataset.sample(record, number) for number in range(20)])
    with torch.no_grad():
        rows = recognizer(**recognizer.data_preprocessor(batch, False), mode="predict")
    expected = to_predictions(rows, loaded.classes, average_of(loaded.config))
    assert expected.kinds == window.predictions.kinds == {"rgb": "logprob"}
    np.testing.assert_allclose(window.predictions.scores["rgb"], expected.scores["rgb"], atol=1e-4)
    first_clip = compute_scores(loaded, batch)["rgb"][:10]
    assert np.ptp(first_clip, axis=0).max() > 1e-3  # crops differ


def test_exported_graph_shows_the_centre(loaded, dataset, tmp_path):
    document = export(loaded, tmp_path / "crops.onnx")
    assert document["average_clips"] == "prob"
    view = document["view"]
    assert (view["x"], view["y"], view["width"], view["height"]) == (35 / 160, 15 / 120, 90 / 160, 90 / 120)
    assert view["num_crops"] == 10
    centres = collate([dataset[row * dataset.num_views] for row in range(3)])
    assert_same_scores(OnnxNetwork(tmp_path / "crops.onnx")(centres), compute_scores(loaded, centres))
    model = load_onnx(tmp_path / "crops.onnx")
    assert len(model.views) == 1
    assert model.note == "'crops.onnx' sees the centre crop alone, test averages 10: predict with the checkpoint"
