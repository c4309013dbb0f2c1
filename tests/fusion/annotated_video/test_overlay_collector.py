"""Overlays that are collected from the sources of a prediction."""

import numpy as np
import pytest

from triad.fusion.annotated_video.frame_layout import INSET_HW
from triad.fusion.annotated_video.overlay_collector import OverlayCollector
from triad.modalities.clips import Source
from triad.modalities.flow.live import FlowSource
from triad.modalities.skeleton import Poses
from triad.modalities.skeleton.pose_estimation import FramePoses, TrackedPoses
from triad.modalities.skeleton.pose_sources import PoseFileSource, PoseSource
from triad.modalities.stopwatch import Stopwatch

NUM, SIZE_HW, JOINTS = 12, (60, 80), 17


@pytest.fixture
def pose_source():
    """One person who moves to the right by two pixels a frame."""
    keypoints = np.zeros((1, NUM, JOINTS, 2), np.float32)
    keypoints[..., 0] = 10 + 2 * np.arange(NUM)[None, :, None] + np.arange(JOINTS) % 5
    keypoints[..., 1] = 10 + 2 * np.arange(JOINTS)
    return PoseFileSource(Poses(keypoints, np.ones(keypoints.shape[:3], np.float32), "coco17"))


def test_people_are_scaled_to_the_picture(pose_source):
    clock = Source("v", NUM, fps=10.0, size_hw=SIZE_HW)
    collector = OverlayCollector({"pose": pose_source}, {"pose": clock}, [], size_hw=SIZE_HW, picture_hw=(120, 160))
    (person,) = collector.collect(2, 0.2).people
    np.testing.assert_allclose(person.pixels, 2 * pose_source.arrays["keypoints"][0, 2])


def test_flow_becomes_an_inset():
    source = FlowSource(lambda frames: None, Stopwatch())
    collector = OverlayCollector({"flow": source}, {"flow": None}, [], size_hw=SIZE_HW, picture_hw=(120, 160))
    assert collector.collect(0, 0.0).flow is None
    source.on_field(0, np.full((*SIZE_HW, 2), (4.0, 0.0), np.float32))
    assert collector.collect(0, 0.0).flow.shape == (*INSET_HW, 3)


def test_estimated_people_are_of_their_frame():
    class Estimator:
        layout = "coco17"

    source = PoseSource(Estimator(), Stopwatch())
    collector = OverlayCollector({"pose": source}, {"pose": None}, [], size_hw=SIZE_HW, picture_hw=(120, 160))
    keypoints = np.ones((1, JOINTS, 2), np.float32)
    scores = np.ones((1, JOINTS), np.float32)
    boxes = np.ones((1, 4), np.float32)
    people = FramePoses(keypoints, scores, boxes, np.ones(1, np.float32))
    source.on_poses(3, TrackedPoses(people, np.zeros(1, np.int64)))
    (person,) = collector.collect(3, 0.3).people
    np.testing.assert_allclose(person.pixels, 2.0)
    assert collector.collect(4, 0.4).people == ()
