"""Clocks of skeleton recordings without video, and what the user says about their files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.opened_streams import open_streams
from triad.fusion.inference.skeleton_clock import SkeletonClock
from triad.modalities.checks import InputError
from triad.modalities.live import ExternalInputs
from triad.modalities.skeleton import PoseReader
from triad.modalities.skeleton.measured_poses import FileSettings, read_measured
from triad.modalities.stopwatch import Stopwatch


def model_of(layout: str) -> Model:
    reader = PoseReader(layout=layout, frame_size=(30, 40))
    return Model("m", lambda batch: {}, ("a",), {"skeleton": StreamInput(reader, 6, "skeleton")}, TemporalSampler())


def write_joints(path: Path, joints: int, dims: int, scale: float = 1.0) -> Path:
    points = np.random.default_rng(0).uniform(0.1, 0.9, (1, 8, joints, dims)) * scale
    np.savez(path, keypoints=points.astype(np.float32))
    return path


def test_pixels_need_the_size_of_their_frames(tmp_path: Path) -> None:
    path = write_joints(tmp_path / "a.npz", 17, 2, 100)
    models = [model_of("coco17")]
    with pytest.raises(InputError, match="got none; give --skeleton-size WIDTHxHEIGHT, or the VIDEO beside it"):
        SkeletonClock(path, models, 30)
    clock = SkeletonClock(path, models, 30, FileSettings(size=(480, 640)))
    assert (clock.clock.size_hw, clock.clock.num, clock.fps) == ((480, 640), 8, 30)


def test_named_layout_is_read(tmp_path: Path) -> None:
    path = write_joints(tmp_path / "a.npz", 18, 2, 100)
    models = [model_of("coco17")]
    with pytest.raises(InputError, match=r"layout of .* must be known, got 18 joints"):
        SkeletonClock(path, models, 30)
    settings = FileSettings(layout="openpose18", size=(480, 640))
    clock = SkeletonClock(path, models, 30, settings)
    inputs = ExternalInputs(skeleton=path, skeleton_settings=settings, has_frames=False)
    opened = open_streams(models, clock.clock, inputs, Stopwatch())
    assert opened.models[0].inputs["skeleton"].reader.stored.name == "openpose18"


def test_units_convert_and_odd_joints_are_told(tmp_path: Path) -> None:
    path = write_joints(tmp_path / "a.npz", 17, 2)
    models = [model_of("coco17")]
    settings = FileSettings(size=(480, 640))
    for unit, largest, count in ((None, 1, 1), ("fraction", 640, 0)):
        chosen = settings._replace(unit=unit)
        clock = SkeletonClock(path, models, 30, chosen).clock
        inputs = ExternalInputs(skeleton=path, skeleton_settings=chosen, has_frames=False)
        opened = open_streams(models, clock, inputs, Stopwatch())
        assert sum("look like fractions of the frame: set unit to fraction" in note for note in opened.notes) == count
        recorded = read_measured(path, "coco17", None, chosen)
        assert largest / 2 < recorded.poses.keypoints.max() <= largest
