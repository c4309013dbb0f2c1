"""Models as one object of a program: frames, arrays, files and poses give the same windows, from any thread."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import triad
from triad.fusion.data import TemporalSampler, collate
from triad.fusion.inference import Predictor, window_assembler
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader, Poses
from triad.modalities.video import read_frames


@pytest.fixture
def model(brightness_ensemble) -> Predictor:
    return Predictor(brightness_ensemble, window=1.0, stride=0.5, fps=10)


@pytest.fixture
def frames(video: Path) -> np.ndarray:
    return read_frames(video, range(20))


def rows(windows) -> list[tuple[float, float, str, float]]:
    return [(*window.span, window.label, window.probability) for window in windows]


def test_frames_arrays_and_files_agree(model, video, frames):
    pushed = [window for frame in frames if (window := model.push(frame)) is not None]
    expected = rows(model.predict(video).windows)
    assert [label for *_, label, _ in expected] == ["dark", "bright", "bright"]
    assert [start for start, *_ in expected] == [0.0, 0.5, 1.0]
    assert rows(model.predict(frames).windows) == expected
    assert rows(pushed) == expected
    assert [rows(prediction.windows) for prediction in model.predict_all([video, frames])] == [expected] * 2
    assert str(pushed[0]) == f"0.00 – 1.00 s  dark  {pushed[0].probability:.0%}"


def test_threads_get_the_same(model, frames):
    expected = rows(model.predict(frames).windows)
    with ThreadPoolExecutor(4) as pool:
        assert [rows(prediction.windows) for prediction in pool.map(model.predict, [frames] * 8)] == [expected] * 8


def test_streams_know_nothing_of_each_other(model, frames):
    first, second = (model.open_stream((32, 48)) for _ in range(2))
    black, white = frames[0], frames[-1]
    windows = [window for _ in range(10) for window in (first.push(black), second.push(white)) if window is not None]
    assert [window.label for window in windows] == ["dark", "bright"]
    assert model.push(white) is None


def test_reset_begins_another_recording(model, frames):
    for frame in frames[:9]:
        model.push(frame)
    model.reset()
    spans = [window.span for frame in frames if (window := model.push(frame)) is not None]
    assert spans[0] == (0.0, 1.0)


def test_times_place_frames_on_the_clock(model, frames):
    """Every third frame is missing and one stands twice: windows are those of the frames on display."""
    times = np.arange(20) / 10 + 1e6
    kept = [number for number in range(20) if number % 3 or number == 0]
    windows = [model.push(frames[number], times[number]) for number in kept]
    repeated = model.push(frames[0], times[-1])
    assert repeated is None
    found = [window for window in windows if window is not None]
    assert [window.span.start for window in found] == [0.0, 0.5, 1.0]
    assert [window.label for window in found] == ["dark", "bright", "bright"]
    with pytest.raises(InputError, match="time of a frame must be at least that of the frame before it"):
        model.push(frames[0], times[0])


@pytest.mark.parametrize("time", [1.7e9, 1e300, 1.7e308])
def test_leap_in_time_is_refused(model, frames, time):
    """As of a clock of another origin or in milliseconds, which would plan windows for years."""
    model.push(frames[0], 0.0)
    with pytest.raises(InputError, match="be at most 3600 s after the frame before it"):
        model.push(frames[1], time)
    assert model.push(frames[1], 0.9) is not None


def test_gap_completes_one_window(model, frames, monkeypatch):
    num_batches = []
    monkeypatch.setattr(window_assembler, "collate", lambda samples: num_batches.append(1) or collate(samples))
    assert model.push(frames[0], 0.0) is None
    window = model.push(frames[-1], 100.0)
    assert window.span.end == pytest.approx(100.0, abs=0.5)
    assert len(num_batches) == 1


def test_old_frames_are_forgotten(model, frames):
    pushed = [weakref.ref(frame := frames[0].copy())]
    model.push(frame)
    for _ in range(30):
        pushed.append(weakref.ref(frame := frames[0].copy()))
        model.push(frame)
    del frame
    gc.collect()
    alive = [number for number, reference in enumerate(pushed) if reference() is not None]
    assert alive[0] > 15


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (np.zeros((4, 4, 3)), r"uint8 \[H, W, 3\], got float64 \[4, 4, 3\]; OpenCV's frames are BGR"),
        (np.zeros((4, 4), np.uint8), r"got uint8 \[4, 4\]"),
        (np.zeros((0, 4, 3), np.uint8), r"frame must have pixels, got shape \[0, 4, 3\]"),
        ([[1]], r"got list"),
        (np.zeros((4, 6, 3), np.uint8), r"frame must have the size of the first, \[32, 48\], got \[4, 6\]"),
    ],
)
def test_unfit_frames_are_refused(model, frames, frame, message):
    model.push(frames[0])
    with pytest.raises(InputError, match=message):
        model.push(frame)


def test_unfit_arrays_are_refused(model, frames):
    with pytest.raises(InputError, match=r"frames must be an array \[T, H, W, 3\] with at least one frame"):
        model.predict(frames[0])
    with pytest.raises(InputError, match=r"recording must be a path, .*, got list; a list of frames: numpy.stack"):
        model.predict([frames[0]])
    with pytest.raises(InputError, match="fps of frames must be a positive number, got -1"):
        model.predict(frames, fps=-1)
    with pytest.raises(InputError, match=r"poses.* must be read by a model, got models of rgb"):
        model.predict(Poses(np.ones((1, 8, 25, 3), np.float32), np.ones((1, 8, 25), np.float32), "ntu25"))


def test_poses_in_memory_equal_their_file(tmp_path):
    def mean_height(batch):
        height = batch["skeleton"]["data"][..., 1].mean((1, 2, 3)).numpy()
        return {"skeleton": np.stack([height, -height], axis=1).astype(np.float32)}

    inputs = {"skeleton": StreamInput(PoseReader(layout="ntu25", frame_size=(30, 40)), 6, "skeleton")}
    ensemble = ModelEnsemble([Model("m", mean_height, ("low", "high"), inputs, TemporalSampler())])
    model = Predictor(ensemble, window=1.0, fps=8)
    joints = np.random.default_rng(0).uniform(0.5, 2, (1, 16, 25, 3)).astype(np.float32)
    np.savez(tmp_path / "a.npz", keypoints=joints, layout="ntu25")
    expected = rows(model.predict(tmp_path / "a.npz", fps=8).windows)
    assert len(expected) == 3
    assert rows(model.predict(Poses(joints, np.ones(joints.shape[:3], np.float32), "ntu25")).windows) == expected


def test_played_file_is_watched(model, video):
    windows = list(model.watch(str(video)))
    assert windows[-1].span.end <= 2.0
    assert {window.label for window in windows} <= {"dark", "bright"}


def test_watching_waits_for_other_threads(brightness_ensemble, frames, video):
    (brightness,) = brightness_ensemble.models
    running = []
    most_running = []

    def network(batch):
        running.append(1)
        most_running.append(len(running))
        time.sleep(0.05)
        running.pop()
        return brightness.network(batch)

    model = Predictor(ModelEnsemble([replace(brightness, network=network)]), window=1.0, stride=0.5, fps=10)
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(lambda: list(model.watch(str(video))))
        while not watching.done():
            model.predict(frames)
            time.sleep(0.05)
    assert watching.result()
    assert max(most_running) == 1


def test_rate_of_the_model_is_that_of_pictures(model, frames, tmp_path):
    for number, frame in enumerate(frames):
        Image.fromarray(frame).save(tmp_path / f"img_{number:05d}.png")
    prediction = model.predict(tmp_path)
    assert rows(prediction.windows) == rows(model.predict(frames).windows)
    assert prediction.notes == []


def test_assumed_rates_are_noted(brightness_ensemble, frames, video):
    model = Predictor(brightness_ensemble, window=1.0)
    note = "30 frames per second are assumed; give fps"
    assert model.predict(frames).notes == [note]
    assert model.predict(frames, fps=10).notes == []
    assert model.predict(video).notes == []
    model.push(frames[0])
    assert model.notes == [note]


def test_load_needs_a_model(tmp_path):
    with pytest.raises(InputError, match="models to load must be at least one"):
        triad.load()
    with pytest.raises(InputError, match="which does not exist"):
        triad.load(tmp_path / "none.pth")
