import pytest
from tiny_networks import write_detector, write_heatmaps

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import build_pose_estimator
from triad.modalities.skeleton.pose_estimation.detectors import FrameSkippingDetector, WholeFrame, Yolox


def test_detector_comes_by_name_or_file(tmp_path):
    weights = write_heatmaps(tmp_path / "p.onnx")
    detector = write_detector(tmp_path / "d.onnx", [])
    assert isinstance(build_pose_estimator("tiny", weights=weights, detector="whole_frame").detector, WholeFrame)
    assert isinstance(build_pose_estimator("tiny", weights=weights, detector=detector).detector, Yolox)
    skipping = build_pose_estimator("tiny", weights=weights, detector=detector, every=3).detector
    assert isinstance(skipping, FrameSkippingDetector)
    assert isinstance(skipping.detector, Yolox)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a/b"}, "--pose must be a name of letters, digits and _"),
        ({"weights": None}, "weights of pose estimator 'tiny' must be given, got none; .*SHA-256 401b3204"),
        ({"detector": None}, "detector of pose estimator 'tiny' must be given, as .*, got none; .*SHA-256 c789161e"),
        ({"detector_weights": "x"}, "--detector-weights must be left out unless --detector is a name of torchvision's"),
        ({"detector": "missing.onnx"}, "detector weights must be a file, got 'missing.onnx', which does not exist"),
    ],
)
def test_wrong_options_are_refused(tmp_path, options, message):
    defaults = {"name": "tiny", "weights": write_heatmaps(tmp_path / "p.onnx"), "detector": "whole_frame"}
    with pytest.raises(InputError, match=message):
        build_pose_estimator(**{**defaults, **options})
