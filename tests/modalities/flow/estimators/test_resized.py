import numpy as np
from moving_texture import moving_texture

from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.estimators.resized import resize_flow, scale_short_side


def test_flow_is_of_the_resized_frames():
    frames = moving_texture([(4, -2), (-4, 0)])  # 72 × 96
    flow = build_estimator("farneback@36")(frames)
    assert flow.shape == (2, 36, 48, 2)
    np.testing.assert_allclose(np.median(flow[:, 6:-6, 6:-6], axis=(1, 2)), [[2, -1], [-2, 0]], atol=0.15)
    larger = build_estimator("dis@144")(frames[:2])
    assert larger.shape == (1, 144, 192, 2)
    np.testing.assert_allclose(np.median(larger[0, 24:-24, 24:-24], axis=(0, 1)), [8, -4], atol=0.3)


def test_original_size_changes_nothing():
    frames = moving_texture([(1, 1), (2, 0), (0, -2)])
    whole = build_estimator("dis")(frames)
    estimator = build_estimator("dis@72")
    np.testing.assert_array_equal(estimator(frames), whole)
    estimate = estimator.open()
    np.testing.assert_array_equal(np.concatenate([estimate(frames[:2]), estimate(frames[1:])]), whole)


def test_provenance_names_the_short_side():
    provenance = build_estimator("dis@256").provenance
    assert (provenance["estimator"], provenance["short_side"]) == ("dis", 256)


def test_scale_short_side_by_hand():
    assert scale_short_side((1080, 1920), 240) == (240, 427)
    assert scale_short_side((640, 360), 90) == (160, 90)
    assert scale_short_side((10, 10), 25) == (25, 25)


def test_resize_flow_scales_vectors():
    field = np.full((1, 10, 20, 2), (1.0, 2.0), np.float32)
    resized = resize_flow(field, (30, 40))
    assert resized.shape == (1, 30, 40, 2)
    np.testing.assert_allclose(resized[0, 5, 5], [2, 6], rtol=1e-6)
    assert resize_flow(field, (10, 20)) is field
