"""Flow estimated while a video runs equals the flow that extraction stores."""

from typing import NamedTuple

import cv2
import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.modalities.clips import Source, Span
from triad.modalities.flow import FlowExtractor, FlowReader
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.live import open_flow
from triad.modalities.flow.modality import MODALITY
from triad.modalities.live import ExternalInputs, StreamSampling
from triad.modalities.stopwatch import Stopwatch

NUM_FRAMES, FPS = 8, 10.0


class ArrayFrame(NamedTuple):
    number: int
    rgb: np.ndarray


def shifted_texture():
    """Frames of a texture that moves to the left by two pixels a frame."""
    noise = np.random.default_rng(0).integers(0, 255, (48, 100, 3), np.uint8)
    texture = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)
    return np.stack([texture[:, 2 * time : 2 * time + 64] for time in range(NUM_FRAMES)])


@pytest.mark.parametrize("name", ["farneback", "farneback@24"])
@pytest.mark.parametrize("stack", [None, 3, 9])  # the video has seven fields
def test_live_flow_equals_stored_flow(tmp_path, name, stack):
    frames = shifted_texture()
    extractor = FlowExtractor(build_estimator(name))
    with extractor.open(tmp_path / "v.flow", provenance={}, watch=Stopwatch()) as sink:
        sink.add(frames)
    stored = Source(tmp_path / "v.flow", NUM_FRAMES - 1, fps=FPS)
    reader = FlowReader(frame_size=(36, 48), stack=stack)
    clock = Source("v", NUM_FRAMES, fps=FPS, size_hw=(48, 64))
    live = open_flow(reader, extractor.stream, clock, ExternalInputs(), Stopwatch())
    span = Span(0.1, 0.6)
    times, valid = TemporalSampler().times(span, 4, None)
    sampling = StreamSampling(times, valid, live.clock, MODALITY.live.locate(reader, live.clock, times))
    live.entries.request(reader, sampling)
    previous = None
    for number in range(NUM_FRAMES):
        frame = ArrayFrame(number, frames[number])
        live.entries.add(previous, frame)
        previous = frame
    clip = live.entries.clip(reader, sampling, span)
    expected = reader.read(stored, times, valid)
    np.testing.assert_array_equal(clip.data, expected.data)
    assert clip.valid.tolist() == expected.valid.tolist()
    np.testing.assert_allclose(np.median(clip.data[..., 0]), -1.5, atol=0.2)  # 2 pixels of 48 on a canvas of 36


def test_single_frame_has_no_flow():
    live = open_flow(
        FlowReader(frame_size=(36, 48)), "flow_dis", Source("v", 1, fps=FPS), ExternalInputs(), Stopwatch()
    )
    assert (live.clock, live.entries) == (None, None)
    assert live.reason.startswith("a single frame")
