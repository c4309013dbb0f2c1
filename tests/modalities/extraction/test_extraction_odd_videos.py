"""Videos as they come: each is handled, or has failed with its reason, and none costs another."""

import struct
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
from count_extractor import extract, frames
from tiny_networks import write_detector, write_heatmaps

from modalities.extraction import StreamStore, Task, open_run
from modalities.flow import FlowExtractor, FlowFile
from modalities.flow.estimators import build_estimator
from modalities.skeleton.pose_estimation import build_pose_estimator
from modalities.skeleton.pose_estimation.extractor import PoseExtractor
from modalities.video import probe, write_video

NUM = 8


def flow():
    return [FlowExtractor(build_estimator("dis"))]


def whole(path):
    write_video(path, frames(0, NUM), fps=10)


def corrupt(path):
    path.write_bytes(np.random.default_rng(0).bytes(5000))


def empty(path):
    path.touch()


def absent(path):
    pass


def without_its_end(path):
    """An MP4 keeps its table of frames at the end."""
    whole(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def broken_off(path):
    write_video(path, frames(0, 90), fps=10)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def without_frames(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 80, 60, "yuv420p"
        container.start_encoding()


def without_picture(path):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))


def single(path):
    write_video(path, frames(0, 1), fps=10)


def thin(path):
    write_video(path, [frame[:8] for frame in frames(0, NUM)], fps=10)


def lossless(path, pictures, times=None):
    """FFV1 keeps odd sizes; times in milliseconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = "bgr0", Fraction(1, 1000)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = times[number] if times else 100 * number
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def odd(path):
    lossless(path, [np.ascontiguousarray(frame[:47, :33]) for frame in frames(0, NUM)])


def varying(path):
    lossless(path, frames(0, NUM), times=[0, 40, 300, 310, 700, 900, 1500, 1510])


def rotated(path):
    whole(path)
    raw = bytearray(path.read_bytes())
    matrix = raw.index(b"tkhd") + 4 + 40  # version 0: 40 bytes come before the matrix
    struct.pack_into(">9i", raw, matrix, 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)  # a quarter turn clockwise
    path.write_bytes(raw)


FAILED = {
    "corrupt.mp4": (corrupt, "video must be readable, got '{path}' (Invalid data"),
    "empty.mp4": (empty, "video must have content, got '{path}', which is empty"),
    "absent.mp4": (absent, "video must be a file, got '{path}', which does not exist"),
    "without_its_end.mp4": (without_its_end, "video must be readable, got '{path}'"),
    "broken_off.mkv": (broken_off, "video '{path}' must have 90 frames as the index says, got "),
    "without_frames.avi": (without_frames, "'{path}'"),
    "without_picture.wav": (without_picture, "video must have a picture, got '{path}', which has none"),
    "single.mp4": (single, "must have at least one field, which takes two frames, got none"),
    "thin.mp4": (thin, "frames for 'dis' must have sides of at least 16 pixels, got 8 × 80"),
}
# how it is made, and height and width of its flow
HANDLED = {
    "whole.mp4": (whole, (60, 80)),
    "odd.mkv": (odd, (47, 33)),
    "rotated.mp4": (rotated, (80, 60)),
    "varying.mkv": (varying, (60, 80)),
}


@pytest.fixture
def tasks(tmp_path):
    lengths = {"broken_off.mkv": 90, "single.mp4": 1}
    made = []
    for name, (make, _) in {**FAILED, **HANDLED}.items():
        make(tmp_path / name)
        made.append(Task(name, tmp_path / name, lengths.get(name, NUM)))
    return made


def test_each_is_handled_or_has_its_reason(tasks, tmp_path):
    reasons = extract(tasks, flow, tmp_path)
    assert {name for name, reason in reasons.items() if reason is not None} == set(FAILED)
    store = StreamStore.to_write(flow()[0], tmp_path)
    for task in tasks:
        state = store.state(task)
        if task.id in FAILED:
            assert FAILED[task.id][1].format(path=task.video) in state.reason
            assert (state.kind, state.reason) == ("failed", reasons[task.id])
            assert "\n" not in state.reason
        else:
            file = FlowFile(store.path_of(task))
            assert (file.num, (file.height, file.width)) == (NUM - 1, HANDLED[task.id][1])
    assert extract(tasks, flow, tmp_path) == {}  # and none is tried again


@pytest.mark.parametrize("boxes", [[(10, 5, 40, 55, 0.9)], []], ids=["one_person", "nobody_in_view"])
def test_flow_and_poses_of_all_that_decodes(tasks, tmp_path, boxes):
    """What is too short or too small for flow has poses; a video without people has a file that says so."""
    files = {"weights": write_heatmaps(tmp_path / "pose.onnx"), "detector": write_detector(tmp_path / "d.onnx", boxes)}

    def both():
        return [*flow(), PoseExtractor(build_pose_estimator("tiny", **files))]

    with open_run(tasks, both, tmp_path) as run:
        errors = {outcome.task.id: outcome.errors for outcome in run}
    assert {name for name, reasons in errors.items() if set(reasons) == {"flow_dis"}} == {"single.mp4", "thin.mp4"}
    assert {name for name, reasons in errors.items() if "pose_tiny" in reasons} == set(FAILED) - {
        "single.mp4",
        "thin.mp4",
    }
    store = StreamStore.to_write(both()[1], tmp_path)
    assert [store.verify(task).kind for task in tasks] == [
        "failed" if "pose_tiny" in errors[t.id] else "done" for t in tasks
    ]
    for task in tasks:
        state = store.state(task)
        if state.kind == "done":
            shape = {"thin.mp4": (8, 80)}.get(task.id) or HANDLED.get(task.id, (None, (60, 80)))[1]
            assert tuple(state.summary.entry["size"]) == shape
            assert state.summary.counts["nobody"] == (0 if boxes else task.num_frames)


def test_a_turned_picture_moves_in_its_turned_direction(tasks, tmp_path):
    """The texture moves right by a pixel a frame; turned a quarter clockwise, that is down."""
    chosen = [task for task in tasks if task.id in ("whole.mp4", "rotated.mp4")]
    extract(chosen, flow, tmp_path)
    store = StreamStore.to_write(flow()[0], tmp_path)
    moved = {}
    for task in chosen:
        fields = FlowFile(store.path_of(task)).read(np.arange(NUM - 1))
        moved[task.id] = np.median(fields[:, 12:-12, 12:-12], axis=(0, 1, 2))
    np.testing.assert_allclose(moved["whole.mp4"], [1, 0], atol=0.2)
    np.testing.assert_allclose(moved["rotated.mp4"], [0, 1], atol=0.2)


def test_the_rate_that_varies_does(tasks):
    (varies,) = [probe(task.video) for task in tasks if task.id == "varying.mkv"]
    np.testing.assert_allclose(varies.times, [0, 0.04, 0.3, 0.31, 0.7, 0.9, 1.5, 1.51], atol=1e-6)
