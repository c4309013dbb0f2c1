import numpy as np
import pytest
from moving_texture import moving_texture

from modalities.checks import InputError
from modalities.flow.estimators import build_estimator, name_of_stream, stream_of_name
from modalities.flow.estimators.resized import resize_flow, scale_short_side
from modalities.flow.extractor import FlowExtractor


def test_flow_has_the_size_and_the_pixels_of_the_scaled_frames():
    frames = moving_texture([(4, -2), (-4, 0)])  # 72 × 96
    flow = build_estimator("farneback@36")(frames)
    assert flow.shape == (2, 36, 48, 2)
    np.testing.assert_allclose(np.median(flow[:, 6:-6, 6:-6], axis=(1, 2)), [[2, -1], [-2, 0]], atol=0.15)
    larger = build_estimator("dis@144")(frames[:2])
    assert larger.shape == (1, 144, 192, 2)
    np.testing.assert_allclose(np.median(larger[0, 24:-24, 24:-24], axis=(0, 1)), [8, -4], atol=0.3)


def test_at_the_frames_own_size_nothing_changes_and_calls_go_on():
    frames = moving_texture([(1, 1), (2, 0), (0, -2)])
    whole = build_estimator("dis")(frames)
    estimator = build_estimator("dis@72")
    np.testing.assert_array_equal(estimator(frames), whole)
    flow = estimator.open()
    np.testing.assert_array_equal(np.concatenate([flow(frames[:2]), flow(frames[1:])]), whole)


def test_the_short_side_may_be_either():
    assert scale_short_side((1080, 1920), 240) == (240, 427)
    assert scale_short_side((640, 360), 90) == (160, 90)
    assert scale_short_side((10, 10), 25) == (25, 25)


def test_vectors_scale_with_the_field():
    field = np.full((1, 10, 20, 2), (1.0, 2.0), np.float32)
    found = resize_flow(field, (30, 40))
    assert found.shape == (1, 30, 40, 2)
    np.testing.assert_allclose(found[0, 5, 5], [2, 6], rtol=1e-6)
    assert resize_flow(field, (10, 20)) is field


def test_the_name_is_the_stream_s_and_back():
    for name, stream in (("dis@256", "flow_dis_at256"), ("ptlflow:pwcnet@90", "flow_ptlflow_pwcnet_at90")):
        assert stream_of_name(name) == stream
        assert name_of_stream(stream) == name
    assert name_of_stream("flow_that") == "that"
    extractor = FlowExtractor(build_estimator("dis@256"))
    assert extractor.stream == "flow_dis_at256"
    assert (extractor.provenance["estimator"], extractor.provenance["short_side"]) == ("dis", 256)


@pytest.mark.parametrize("name", ["dis@", "dis@0", "dis@-3", "dis@2.5", "dis@256@2", "dis@999999"])
def test_a_side_is_pixels(name):
    with pytest.raises(InputError, match=rf"short side of frames in '{name}' must be pixels, as in dis@256, got '"):
        build_estimator(name)
    with pytest.raises(InputError, match=r"flow estimator must be one of.*got 'diss'.*did you mean 'dis'"):
        build_estimator("diss@256")
