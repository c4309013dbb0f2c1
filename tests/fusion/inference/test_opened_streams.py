"""Opening of streams: estimated, measured, converted or absent."""

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.opened_streams import open_streams
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.depth import DepthReader
from triad.modalities.flow.reader import FlowReader
from triad.modalities.flow.storage import FlowWriter
from triad.modalities.live import ExternalInputs, FileSource, StreamSampling
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader
from triad.modalities.skeleton.pose_sources import PoseFileSource
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import write_video

CLOCK = Source("v", 12, fps=10.0, size_hw=(60, 80))


class PoseEstimatorStub:
    """Estimator of COCO joints that is never run."""

    name, layout, provenance = "stub", "coco17", None


def build_reader(layout="coco17", **options):
    return PoseReader(layout=layout, frame_size=(30, 40), **options)


def build_model(reader, source="pose_stub", stream="pose"):
    return Model("m", lambda batch: {}, ("a",), {stream: StreamInput(reader, 6, source)}, TemporalSampler())


def test_joints_of_another_layout_are_converted():
    inputs = ExternalInputs(pose=PoseEstimatorStub())
    opened = open_streams([build_model(build_reader("jhmdb15", persons=1))], CLOCK, inputs, Stopwatch())
    reader = opened.models[0].inputs["pose"].reader
    assert (reader.stored.name, reader.layout.name, reader.persons) == ("coco17", "jhmdb15", 1)
    assert len(opened.notes) == 1
    assert opened.notes[0].startswith("stream 'pose' learned from joints 'jhmdb15'")


def test_missing_estimator_is_refused():
    with pytest.raises(InputError, match=r"got no pose estimator for its joints \('coco17'\); give --pose-weights and"):
        open_streams([build_model(build_reader())], CLOCK, ExternalInputs(), Stopwatch())


def test_absent_stream_is_noted():
    models = [build_model(build_reader()), build_model(RgbReader(frame_size=(30, 40)), "rgb", "rgb")]
    opened = open_streams(models, CLOCK, ExternalInputs(), Stopwatch())
    assert opened.clocks["pose_stub"] is None
    assert list(opened.stream_sources) == ["rgb"]
    assert "stream 'pose' is absent, the others predict without it: no pose estimator" in opened.notes[0]


def test_measured_poses_keep_their_rate(tmp_path):
    keypoints = np.ones((1, 24, 17, 2), np.float32)
    write_arrays(tmp_path / "v.npz", keypoints=keypoints, scores=np.ones((1, 24, 17), np.float32))
    inputs = ExternalInputs(skeleton=tmp_path / "v.npz", skeleton_fps=20.0)
    opened = open_streams([build_model(build_reader())], CLOCK, inputs, Stopwatch())
    clock = opened.clocks["pose_stub"]
    assert (clock.fps, clock.num) == (20.0, 24)
    assert isinstance(opened.stream_sources["pose_stub"], PoseFileSource)


def test_shared_source_is_opened_once():
    models = [build_model(RgbReader(frame_size=(30, 40)), "rgb", name) for name in ("rgb", "rgb_b")]
    opened = open_streams(models, CLOCK, ExternalInputs(), Stopwatch())
    assert list(opened.stream_sources) == ["rgb"]
    assert opened.notes == []


def test_other_camera_needs_its_own_file(tmp_path):
    """The frames of the video are those of the stream rgb alone."""
    reader = RgbReader(frame_size=(30, 40))
    models = [build_model(reader, "rgb", "rgb"), build_model(reader, "rgb_side", "side")]
    opened = open_streams(models, CLOCK, ExternalInputs(), Stopwatch())
    assert opened.clocks["rgb_side"] is None
    assert "'rgb_side' is another recording than the video; give --file rgb_side=FILE" in opened.notes[0]
    write_video(tmp_path / "side.mp4", np.full((6, 48, 64, 3), 200, np.uint8), fps=5)
    inputs = ExternalInputs(files={"rgb_side": tmp_path / "side.mp4"})
    opened = open_streams(models, CLOCK, inputs, Stopwatch())
    source = opened.clocks["rgb_side"]
    assert (source.num, source.fps) == (6, 5.0)
    times = np.array([0.0, 0.5])
    sampling = StreamSampling(times, np.ones(2, bool), source, source.locate(times))
    clip = opened.stream_sources["rgb_side"].clip(reader, sampling, Span(0, 1))
    assert abs(int(clip.data[:, 15, 20].mean()) - 200) < 5


def test_readers_of_one_source_agree():
    depth = DepthReader(frame_size=(30, 40))
    models = [build_model(RgbReader(frame_size=(30, 40)), "rgb", "rgb"), build_model(depth, "rgb", "depth")]
    with pytest.raises(InputError, match=r"readers of source .rgb. must be of one modality, rgb, got depth of"):
        open_streams(models, CLOCK, ExternalInputs(), Stopwatch())


def test_unread_skeleton_is_refused(tmp_path):
    models = [build_model(RgbReader(frame_size=(30, 40)), "rgb", "rgb")]
    with pytest.raises(InputError, match="--skeleton must be read by a model, got models of rgb; leave it out"):
        open_streams(models, CLOCK, ExternalInputs(skeleton=tmp_path / "x.npz"), Stopwatch())


def test_stored_flow_is_read_from_its_file(tmp_path):
    with FlowWriter(tmp_path / "v.flow") as writer:
        writer.add(np.full((11, 60, 80, 2), 1.5, np.float32))
    models = [build_model(FlowReader(frame_size=(30, 40)), "flow_dis", "flow")]
    inputs = ExternalInputs(files={"flow_dis": tmp_path / "v.flow"})
    opened = open_streams(models, CLOCK, inputs, Stopwatch())
    assert isinstance(opened.stream_sources["flow_dis"], FileSource)
    assert opened.clocks["flow_dis"].num == 11
