"""Poses estimated on the way are those that extraction stores; measured ones are read from their file."""

from typing import NamedTuple

import numpy as np
import pytest

from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.opened_streams import open_sources
from fusion.inference.sliding_window import ClipKey, plan_window
from modalities.checks import InputError
from modalities.extraction.stopwatch import Stopwatch
from modalities.live import ExternalInputs
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span
from modalities.skeleton.live import PoseSource
from modalities.skeleton.pose_estimation.extractor import PoseExtractor
from modalities.skeleton.pose_estimation.interfaces import FramePoses
from modalities.skeleton.reader import PoseReader
from modalities.source import Source

NUM, HEIGHT, WIDTH, FPS, JOINTS = 12, 60, 80, 10.0, 17


class Walker:
    """Sees one person where the frame's brightness says, and nobody in the frames between 40 and 60."""

    name, layout, provenance = "walker", "coco17", None

    def __call__(self, frames):
        return [self._people(int(frame[0, 0, 0])) for frame in frames]

    def _people(self, place):
        seen = 0 if 40 <= place <= 60 else 1
        offsets = np.stack([np.arange(JOINTS) % 5 * 4, np.arange(JOINTS) * 2], -1)
        box = np.array([[place / 3, 10, place / 3 + 16, 44]], np.float32)
        return FramePoses(
            (offsets + box[0, :2])[None].astype(np.float32)[:seen],
            np.full((seen, JOINTS), 0.9, np.float32),
            box[:seen],
            np.full(seen, 0.8, np.float32),
        )


class Shown(NamedTuple):
    number: int

    @property
    def rgb(self):
        return np.full((HEIGHT, WIDTH, 3), 10 * self.number, np.uint8)


CLOCK = Source("v", NUM, fps=FPS, size_hw=(HEIGHT, WIDTH))


def reader(layout="coco17", **options):
    return PoseReader(layout=layout, frame_size=(30, 40), **options)


def model(own, source="pose_walker", name="pose"):
    return Model("m", lambda batch: {}, ("a",), {name: StreamInput(own, 6, source)}, TemporalSampler())


def glance_at(own, span, source=CLOCK):
    return plan_window(0, span, [model(own)], {"pose_walker": source}).samplings[ClipKey(0, "pose", 0)]


@pytest.fixture
def stored(tmp_path):
    """What extraction makes of the same frames."""
    path = tmp_path / "v.npz"
    with PoseExtractor(Walker()).open(path, provenance={}, watch=Stopwatch()) as sink:
        sink.add(np.stack([Shown(number).rgb for number in range(NUM)]))
    return Source(path, NUM, fps=FPS, size_hw=(HEIGHT, WIDTH))


@pytest.mark.parametrize("span", [Span(0, 1.2), Span(0.7, 1.2)])
def test_a_window_holds_what_extraction_would_have_stored(stored, span):
    own = reader()
    glance = glance_at(own, span)
    part, before = PoseSource(Walker(), Stopwatch()), None
    for number in range(NUM):
        part.add(before, before := Shown(number))
    clip, expected = part.clip(own, glance, span), own.read(stored, glance.times, glance.valid)
    np.testing.assert_allclose(clip.keypoints, expected.keypoints, atol=1e-5)
    np.testing.assert_allclose(clip.scores, expected.scores, atol=1e-6)
    np.testing.assert_array_equal(clip.valid, expected.valid)
    assert clip.scores.any()
    part.discard_before(9)
    assert sorted(part.poses) == [9, 10, 11]


def test_joints_in_another_layout_are_converted_and_that_is_said():
    opened = open_sources([model(reader("jhmdb15"))], CLOCK, ExternalInputs(pose=Walker()), Stopwatch())
    (changed,) = opened.models
    assert changed.inputs["pose"].reader.stored.name == "coco17"
    assert opened.notes == [
        "stream 'pose' learned from joints 'jhmdb15' that were not estimated so: estimated 'coco17' is converted"
    ]


def test_converted_joints_are_of_as_many_people_as_the_model_learned_from():
    opened = open_sources([model(reader("jhmdb15", persons=1))], CLOCK, ExternalInputs(pose=Walker()), Stopwatch())
    (changed,) = opened.models
    assert changed.inputs["pose"].reader.persons == 1


def test_a_pose_model_without_an_estimator():
    with pytest.raises(InputError, match=r"got no pose estimator for its joints \('coco17'\); give --pose-weights and"):
        open_sources([model(reader())], CLOCK, ExternalInputs(), Stopwatch())
    both = [model(reader()), model(RgbReader(frame_size=(30, 40)), "rgb", "rgb")]
    opened = open_sources(both, CLOCK, ExternalInputs(), Stopwatch())
    assert opened.sources["pose_walker"] is None
    assert "stream 'pose' is absent, the others answer without it: no pose estimator" in opened.notes[0]


def test_measured_poses_come_from_their_file_at_their_own_rate(stored):
    given = ExternalInputs(skeleton=stored.path, skeleton_fps=20.0)
    opened = open_sources([model(reader())], CLOCK, given, Stopwatch())
    source = opened.sources["pose_walker"]
    assert (source.fps, source.num) == (20.0, NUM)
    glance = glance_at(reader(), Span(0, 0.6), source)
    clip = opened.parts["pose_walker"].clip(reader(), glance, Span(0, 0.6))
    np.testing.assert_allclose(clip.keypoints, reader().read(source, glance.times, glance.valid).keypoints)
