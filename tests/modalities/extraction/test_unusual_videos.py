"""Unusual videos: each is extracted or fails with its reason, and none affects another."""

import struct
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
from count_extractor import build_dis, run_extraction, shifted_frames
from tiny_networks import write_detector, write_heatmaps

from triad.modalities.extraction import StreamStore, Task, open_run
from triad.modalities.flow import FlowFile
from triad.modalities.skeleton.pose_estimation import PoseExtractor, build_pose_estimator
from triad.modalities.video import probe, write_video

NUM_FRAMES = 8


def write_whole(path):
    write_video(path, shifted_frames(0, NUM_FRAMES), fps=10)


def write_corrupt(path):
    path.write_bytes(np.random.default_rng(0).bytes(5000))


def write_empty(path):
    path.touch()


def write_nothing(path):
    pass


def write_first_half(path):
    """An MP4 keeps its table of frames at the end."""
    write_whole(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def write_truncated(path):
    write_video(path, shifted_frames(0, 90), fps=10)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def write_without_frames(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 80, 60, "yuv420p"
        container.start_encoding()


def write_sound(path):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))


def write_single_frame(path):
    write_video(path, shifted_frames(0, 1), fps=10)


def write_thin(path):
    write_video(path, [frame[:8] for frame in shifted_frames(0, NUM_FRAMES)], fps=10)


def write_lossless(path, images, milliseconds=None):
    """FFV1 keeps odd sizes."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = "bgr0", Fraction(1, 1000)
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = milliseconds[number] if milliseconds else 100 * number
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_odd_size(path):
    write_lossless(path, [np.ascontiguousarray(frame[:47, :33]) for frame in shifted_frames(0, NUM_FRAMES)])


def write_varying_rate(path):
    milliseconds = [0, 40, 300, 310, 700, 900, 1500, 1510]
    write_lossless(path, shifted_frames(0, NUM_FRAMES), milliseconds)


def write_rotated(path):
    write_whole(path)
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40  # version 0: 40 bytes come before the matrix
    struct.pack_into(">9i", content, matrix, 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)  # a quarter turn clockwise
    path.write_bytes(content)


# writer, and part of the reason
FAILED = {
    "corrupt.mp4": (write_corrupt, "video must be readable, got '{path}' (Invalid data"),
    "empty.mp4": (write_empty, "video must have content, got '{path}', which is empty"),
    "absent.mp4": (write_nothing, "video must be a file, got '{path}', which does not exist"),
    "first_half.mp4": (write_first_half, "video must be readable, got '{path}'"),
    "truncated.mkv": (write_truncated, "video '{path}' must have 90 frames as the index says, got "),
    "without_frames.avi": (write_without_frames, "'{path}'"),
    "sound.wav": (write_sound, "video must have a picture, got '{path}', which has none"),
    "single_frame.mp4": (write_single_frame, "must have at least one field, which takes two frames, got none"),
    "thin.mp4": (write_thin, "frames for 'dis' must have sides of at least 16 pixels, got 8 × 80"),
}
# writer, and height and width of the flow
EXTRACTED = {
    "whole.mp4": (write_whole, (60, 80)),
    "odd_size.mkv": (write_odd_size, (47, 33)),
    "rotated.mp4": (write_rotated, (80, 60)),
    "varying_rate.mkv": (write_varying_rate, (60, 80)),
}


@pytest.fixture
def tasks(tmp_path):
    lengths = {"truncated.mkv": 90, "single_frame.mp4": 1}
    for name, (write, _) in {**FAILED, **EXTRACTED}.items():
        write(tmp_path / name)
    return [Task(name, tmp_path / name, lengths.get(name, NUM_FRAMES)) for name in (*FAILED, *EXTRACTED)]


def test_flow_is_extracted_or_reason_recorded(tasks, tmp_path):
    reasons = run_extraction(tasks, build_dis, tmp_path)
    assert {name for name, reason in reasons.items() if reason is not None} == set(FAILED)
    store = StreamStore.to_write(build_dis()[0], tmp_path)
    for task in tasks:
        state = store.state(task)
        if task.id in FAILED:
            assert FAILED[task.id][1].format(path=task.video) in state.reason
            assert (state.kind, state.reason) == ("failed", reasons[task.id])
            assert "\n" not in state.reason
        else:
            file = FlowFile(store.path_of(task))
            assert (file.num, (file.height, file.width)) == (NUM_FRAMES - 1, EXTRACTED[task.id][1])
    assert run_extraction(tasks, build_dis, tmp_path) == {}


@pytest.mark.parametrize("boxes", [[(10, 5, 40, 55, 0.9)], []], ids=["one_person", "no_person"])
def test_flow_and_poses_fail_separately(tasks, tmp_path, boxes):
    """A video that is too short or too small for flow has poses; a video without people has a file."""
    files = {"weights": write_heatmaps(tmp_path / "pose.onnx"), "detector": write_detector(tmp_path / "d.onnx", boxes)}

    def build_flow_and_pose():
        return [*build_dis(), PoseExtractor(build_pose_estimator("tiny", **files))]

    with open_run(tasks, build_flow_and_pose, tmp_path) as run:
        errors = {outcome.task.id: outcome.errors for outcome in run}
    without_flow_alone = {"single_frame.mp4", "thin.mp4"}
    assert {name for name, reasons in errors.items() if set(reasons) == {"flow_dis"}} == without_flow_alone
    without_poses = {name for name, reasons in errors.items() if "pose_tiny" in reasons}
    assert without_poses == set(FAILED) - without_flow_alone
    store = StreamStore.to_write(build_flow_and_pose()[1], tmp_path)
    sizes = {"thin.mp4": (8, 80), "single_frame.mp4": (60, 80)} | {name: EXTRACTED[name][1] for name in EXTRACTED}
    for task in tasks:
        state = store.verify(task)
        if task.id in without_poses:
            assert state.kind == "failed"
        else:
            assert tuple(state.summary.entry["size"]) == sizes[task.id]
            assert state.summary.counts["nobody"] == (0 if boxes else task.num_frames)


def test_flow_of_rotated_video(tasks, tmp_path):
    """The texture moves right by a pixel a frame; turned a quarter clockwise, that is down."""
    rotated_and_whole = [task for task in tasks if task.id in ("whole.mp4", "rotated.mp4")]
    run_extraction(rotated_and_whole, build_dis, tmp_path)
    store = StreamStore.to_write(build_dis()[0], tmp_path)
    motions = {}
    for task in rotated_and_whole:
        fields = FlowFile(store.path_of(task)).read(np.arange(NUM_FRAMES - 1))
        motions[task.id] = np.median(fields[:, 12:-12, 12:-12], axis=(0, 1, 2))
    np.testing.assert_allclose(motions["whole.mp4"], [1, 0], atol=0.2)
    np.testing.assert_allclose(motions["rotated.mp4"], [0, 1], atol=0.2)


def test_varying_rate_is_probed(tasks):
    (task,) = [task for task in tasks if task.id == "varying_rate.mkv"]
    np.testing.assert_allclose(probe(task.video).times, [0, 0.04, 0.3, 0.31, 0.7, 0.9, 1.5, 1.51], atol=1e-6)
