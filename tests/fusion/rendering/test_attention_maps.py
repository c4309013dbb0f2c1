import numpy as np
import pytest
import torch

from fusion.index import load_index
from fusion.rendering import open_explainer
from fusion.rendering.attention_maps import (
    AttentionMap,
    attention_map_rows,
    compute_attention_map,
    cut_box,
    overlay_heatmap,
)
from modalities.augmentation import SpatialAugmentation
from modalities.clips import Span
from modalities.crop_views import CropViews
from modalities.rgb.reader import RgbReader


def test_heat_grows_with_alpha_and_strength():
    frame = np.full((40, 40, 3), 100, np.uint8)
    alpha = np.array([[0.9, 0.1], [0.1, 0.1]])
    plain, half, full = (overlay_heatmap(frame, alpha, strength).astype(int) for strength in (0.0, 0.5, 1.0))
    assert len(np.unique(plain)) == 1
    change = np.abs(full - plain).sum(-1)
    assert change[5, 5] > 100
    assert change[35, 35] < 10
    assert change[5, 5] > np.abs(half - plain).sum(-1)[5, 5] > 0


def test_column_has_beta_of_its_time(tiny):
    """Two times of β over a second: columns at 0.25 s and 0.75 s; the second weighs nothing, so its frame is grey."""
    index = load_index(tiny)
    reader = RgbReader(frame_size=(48, 64))
    alpha, beta = np.array([[1.0, 0.0]]), np.array([1.0, 0.0])
    attention_map = AttentionMap("rgb", reader, Span(0.0, 1.0), SpatialAugmentation(), alpha, beta, has_pose=True)
    record = index.record("still_s01")
    pictures, bars = attention_map_rows(
        attention_map, index, record, np.array([0.25, 0.75]), np.ones(2, bool), width=32
    )
    assert [cell.shape for cell in pictures.cells] == [(24, 32, 3)] * 2
    is_colored = [(np.ptp(cell.astype(int), axis=-1) > 3).any() for cell in pictures.cells]
    assert is_colored == [True, False]
    np.testing.assert_array_equal(bars.values, [1.0, 0.0])


def test_picture_shows_the_crop(tiny):
    """The middle square of 48 × 64 pixels, enlarged to the width of a cell."""
    picture = np.arange(48 * 64 * 3).reshape(48, 64, 3)
    (view,) = CropViews()((48, 64))
    np.testing.assert_array_equal(cut_box(picture, view), picture[:, 8:56])
    reader = RgbReader(frame_size=(48, 64))
    attention_map = AttentionMap("rgb", reader, Span(0.0, 1.0), view, np.eye(2), np.ones(1), has_pose=True)
    index = load_index(tiny)
    times = np.array([0.5])
    pictures, _ = attention_map_rows(attention_map, index, index.record("still_s01"), times, np.ones(1, bool), width=32)
    assert [cell.shape for cell in pictures.cells] == [(32, 32, 3)]


def test_attention_map_matches_model_attention(tiny, sta_model):
    config, checkpoint, options = sta_model
    explainer = open_explainer(config, checkpoint, tiny, options)
    model, dataset, record = explainer.model, explainer.dataset, explainer.index.record("left_s01")
    attention_map = compute_attention_map(model, dataset, record)
    assert attention_map.alpha.shape == (2, 2)
    assert attention_map.beta.shape == (4,)
    assert attention_map.beta.sum() == pytest.approx(1)
    assert attention_map.has_pose
    assert attention_map.span == Span(0.0, 1.0)
    outputs = []
    handle = model.encoders["skeleton"].register_forward_hook(lambda module, inputs, output: outputs.append(output))
    second_map = compute_attention_map(model, dataset, record)
    handle.remove()
    assert np.array_equal(second_map.alpha, attention_map.alpha)  # nothing is drawn at random
    vector = outputs[0].map.mean((1, 3, 4))  # [B, M, C, T, V] -> [B, C]: one person, all times valid
    with torch.no_grad():
        alpha, beta = model.attention[0].weights(vector)
    np.testing.assert_allclose(attention_map.alpha, alpha[0], atol=1e-5)
    np.testing.assert_allclose(attention_map.beta, beta[0], atol=1e-5)
