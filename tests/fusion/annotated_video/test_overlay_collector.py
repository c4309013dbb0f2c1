"""Overlays that are collected from the sources of a prediction."""

import numpy as np
import pytest

from fusion.annotated_video.frame_layout import INSET_HW
from fusion.annotated_video.overlay_collector import OverlayCollector, frame_ratio
from modalities.atomic_files import write_arrays
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow.live import FlowSource
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.live import PoseFileSource
from modalities.source import Source

NUM, SIZE_HW, JOINTS = 12, (60, 80), 17


@pytest.fixture
def pose_source(tmp_path):
    """One person who moves to the right by two pixels a frame."""
    keypoints = np.zeros((1, NUM, JOINTS, 2), np.float32)
    keypoints[..., 0] = 10 + 2 * np.arange(NUM)[None, :, None] + np.arange(JOINTS) % 5
    keypoints[..., 1] = 10 + 2 * np.arange(JOINTS)
    write_arrays(tmp_path / "v.npz", keypoints=keypoints, scores=np.ones(keypoints.shape[:3], np.float32))
    return PoseFileSource(tmp_path / "v.npz", layout=get_layout("coco17"), num=NUM)


def test_people_are_scaled_to_the_picture(pose_source):
    clock = Source("v", NUM, fps=10.0, size_hw=SIZE_HW)
    collector = OverlayCollector({"pose": pose_source}, {"pose": clock}, [], size_hw=SIZE_HW, picture_hw=(120, 160))
    (person,) = collector.collect(2, 0.2).people
    np.testing.assert_allclose(person.pixels, 2 * pose_source.arrays["keypoints"][0, 2])


def test_flow_becomes_an_inset():
    def move_right(frames):
        return np.full((1, *SIZE_HW, 2), (4.0, 0.0), np.float32)

    source = FlowSource(move_right, Stopwatch())
    collector = OverlayCollector({"flow": source}, {"flow": None}, [], size_hw=SIZE_HW, picture_hw=(120, 160))
    assert collector.collect(0, 0.0).flow is None
    source.on_field(0, move_right(None)[0])
    flow = collector.collect(0, 0.0).flow
    assert flow.shape == (*INSET_HW, 3)
    assert flow[60, 77, 0] > flow[60, 77, 2]  # to the right is red


def test_models_without_attention_have_no_ratio():
    assert frame_ratio([], SIZE_HW) is None
