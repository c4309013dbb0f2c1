"""Poses estimated while a video runs equal those that extraction stores; measured ones are read from their file."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.estimators.lifting.lift_stream import lift_recording
from triad.modalities.clips import Source, Span
from triad.modalities.live import ExternalInputs, StreamSampling
from triad.modalities.skeleton import PoseLoader, PoseReader, get_layout
from triad.modalities.skeleton.lifting.pixel_tracks import PixelTracks
from triad.modalities.skeleton.live import adapt_reader, open_poses
from triad.modalities.skeleton.pose_estimation.extractor import PoseExtractor
from triad.modalities.skeleton.pose_estimation.interfaces import FramePoses
from triad.modalities.skeleton.pose_sources import PoseSource
from triad.modalities.stopwatch import Stopwatch

NUM_FRAMES, HEIGHT, WIDTH, FPS, NUM_JOINTS = 12, 60, 80, 10.0, 17
CLOCK = Source("v", NUM_FRAMES, fps=FPS, size_hw=(HEIGHT, WIDTH))


class BrightnessWalker:
    """Estimator of one person who stands where the brightness says, absent for brightness 40 to 60."""

    name, layout, provenance = "walker", "coco17", None

    def __call__(self, frames):
        return [self._people(int(frame[0, 0, 0])) for frame in frames]

    def _people(self, brightness):
        num_people = 0 if 40 <= brightness <= 60 else 1
        offsets = np.stack([np.arange(NUM_JOINTS) % 5 * 4, np.arange(NUM_JOINTS) * 2], -1)
        box = np.array([[brightness / 3, 10, brightness / 3 + 16, 44]], np.float32)
        return FramePoses(
            (offsets + box[0, :2])[None].astype(np.float32)[:num_people],
            np.full((num_people, NUM_JOINTS), 0.9, np.float32),
            box[:num_people],
            np.full(num_people, 0.8, np.float32),
        )


class GreyFrame(NamedTuple):
    """A frame that is brighter than the one before by ten."""

    number: int

    @property
    def rgb(self):
        return np.full((HEIGHT, WIDTH, 3), 10 * self.number, np.uint8)


def sample(span, clock):
    times, valid = TemporalSampler().times(span, 6, None)
    return StreamSampling(times, valid, clock, clock.locate(times))


@pytest.fixture
def reader():
    return PoseReader(layout="coco17", frame_size=(30, 40))


@pytest.fixture
def stored(tmp_path):
    """Poses of the same frames, extracted."""
    path = tmp_path / "v.npz"
    with PoseExtractor(BrightnessWalker()).open(path, provenance={}, watch=Stopwatch()) as sink:
        sink.add(np.stack([GreyFrame(number).rgb for number in range(NUM_FRAMES)]))
    return Source(path, NUM_FRAMES, fps=FPS, size_hw=(HEIGHT, WIDTH))


@pytest.mark.parametrize("span", [Span(0, 1.2), Span(0.7, 1.2)])
def test_live_poses_equal_stored_poses(reader, stored, span):
    sampling = sample(span, CLOCK)
    source = PoseSource(BrightnessWalker(), Stopwatch())
    previous = None
    for number in range(NUM_FRAMES):
        frame = GreyFrame(number)
        source.add(previous, frame)
        previous = frame
    clip = source.clip(reader, sampling, span)
    expected = reader.read(stored, sampling.times, sampling.valid)
    np.testing.assert_allclose(clip.keypoints, expected.keypoints, atol=1e-5)
    np.testing.assert_allclose(clip.scores, expected.scores, atol=1e-6)
    np.testing.assert_array_equal(clip.valid, expected.valid)
    assert clip.scores.any()
    source.discard_before(9)
    assert sorted(source.poses) == [9, 10, 11]


class FlatLifter:
    """Lifter whose skeletons lie in a plane, a hundredth of a metre a pixel."""

    layout, provenance = "minihome16", {}

    def __call__(self, poses, size_hw):
        tracks = PixelTracks(poses, get_layout(self.layout))
        depth = np.zeros((*tracks.scores.shape, 1), np.float32)
        return tracks.to_poses(np.concatenate([tracks.pixels / 100, depth], -1), complete=True)


def test_live_poses_are_lifted_as_stored_ones(stored, tmp_path):
    lifted = tmp_path / "lifted.npz"
    lift_recording(stored, PoseLoader(get_layout("coco17")), FlatLifter(), lifted, {})
    reader = PoseReader(layout="minihome16", frame_size=(30, 40))
    inputs = ExternalInputs(pose=BrightnessWalker(), lifter=FlatLifter())
    live = open_poses(reader, "skeleton", CLOCK, inputs, Stopwatch())
    previous = None
    for number in range(NUM_FRAMES):
        frame = GreyFrame(number)
        live.entries.add(previous, frame)
        previous = frame
    span = Span(0, 1.2)
    sampling = sample(span, CLOCK)
    clip = live.entries.clip(reader, sampling, span)
    expected = reader.read(replace(stored, path=lifted), sampling.times, sampling.valid)
    np.testing.assert_allclose(clip.keypoints, expected.keypoints, atol=1e-5)
    np.testing.assert_allclose(clip.scores, expected.scores, atol=1e-6)
    assert clip.keypoints.any()
    assert "lifted from estimated ones" in adapt_reader(reader, "skeleton", inputs)[1]
    assert adapt_reader(reader, "lifted_walker", inputs) is None  # the model learned from lifted ones


def test_each_stream_has_its_own_file(reader, stored):
    inputs = ExternalInputs(skeleton=Path("other.npz"), files={"pose_walker": stored.path})
    assert open_poses(reader, "pose_walker", CLOCK, inputs, Stopwatch()).clock.path == stored.path
    estimated = ExternalInputs(skeleton=Path("other.npz"), pose=BrightnessWalker())
    assert isinstance(open_poses(reader, "pose_walker", CLOCK, estimated, Stopwatch()).entries, PoseSource)


@pytest.mark.parametrize(
    ("layout", "inputs", "reason"),
    [
        ("minihome16", ExternalInputs(pose=BrightnessWalker()), "its joints are 3D .*--detector and --lift"),
        ("minihome16", ExternalInputs(lifter=FlatLifter()), "no pose estimator"),
        ("coco17", ExternalInputs(has_frames=False), "no video to make it from; give --file pose_walker=FILE"),
    ],
)
def test_absent_poses_name_the_cure(layout, inputs, reason):
    reader = PoseReader(layout=layout, frame_size=(30, 40))
    live = open_poses(reader, "pose_walker", CLOCK, inputs, Stopwatch())
    assert live.entries is None
    assert re.search(reason, live.reason)


def test_measured_poses_keep_their_rate(reader, stored):
    inputs = ExternalInputs(skeleton=stored.path, skeleton_fps=20.0)
    live = open_poses(reader, "pose_walker", CLOCK, inputs, Stopwatch())
    assert (live.clock.fps, live.clock.num) == (20.0, NUM_FRAMES)
    span = Span(0, 0.6)
    sampling = sample(span, live.clock)
    clip = live.entries.clip(reader, sampling, span)
    expected = reader.read(live.clock, sampling.times, sampling.valid)
    np.testing.assert_allclose(clip.keypoints, expected.keypoints)
