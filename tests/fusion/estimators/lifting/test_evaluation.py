"""Evaluation of lifters: the same captures for every lifter, errors by hand, baselines beside them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from skeleton_datasets import NUM_TIMES

from triad.fusion.estimators.lifting import load_recordings
from triad.fusion.estimators.lifting.evaluation import capture_recordings, evaluate_lifter
from triad.modalities.skeleton import Poses, get_layout

LAYOUT = get_layout("minihome16")


class OriginLifter:
    """Lifter that puts all joints on the root."""

    layout = LAYOUT.name
    provenance: ClassVar[dict] = {}

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        return Poses(np.zeros_like(poses.keypoints), poses.scores, LAYOUT.name)


def test_captures_depend_on_seed_alone(utd: Path):
    recordings = load_recordings(utd, split="val", layout=LAYOUT.name)
    first = list(capture_recordings(recordings, LAYOUT, seed=0))
    again = list(capture_recordings(recordings, LAYOUT, seed=0))
    other_seed = list(capture_recordings(recordings, LAYOUT, seed=1))
    assert len(first) == 2  # cameras
    for captured, same, different in zip(first, again, other_seed, strict=True):
        np.testing.assert_array_equal(captured.poses.pixels, same.poses.pixels)
        assert (captured.poses.pixels != different.poses.pixels).any()


def test_lifter_cannot_read_the_truth(utd: Path):
    recordings = load_recordings(utd, split="val", layout=LAYOUT.name)
    for captured in capture_recordings(recordings, LAYOUT, seed=0):
        assert not captured.poses.keypoints.any()
        assert not captured.poses.pixels[captured.poses.scores == 0].any()
        assert not captured.true[:, LAYOUT.root].any()
        assert not captured.has_truth[2, LAYOUT.index("left_wrist")]  # missing in the recording


def test_error_of_origin_is_mean_distance(utd: Path):
    document = evaluate_lifter(OriginLifter(), [utd], split="val")
    recordings = load_recordings(utd, split="val", layout=LAYOUT.name)
    distances = [
        np.linalg.norm(captured.true, axis=-1)[captured.has_truth]
        for captured in capture_recordings(recordings, LAYOUT, seed=0)
    ]
    assert document["mean"]["mpjpe"] == pytest.approx(1000 * np.concatenate(distances).mean(), rel=1e-5)
    assert document["sequences"]["utd_mhad"]["frames"] == 2 * NUM_TIMES
    assert set(document["baselines"]) == {"mean_pose", "flat", "linear"}
    assert set(document["baselines"]["flat"]["mean"]) == {"mpjpe", "pa_mpjpe"}
