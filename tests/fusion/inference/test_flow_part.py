"""Flow made on the way is that which extraction stores, whatever the size it is estimated at."""

from typing import NamedTuple

import cv2
import numpy as np
import pytest

from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.opened_streams import open_sources
from fusion.inference.sliding_window import ClipKey, plan_window
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow import FlowExtractor, FlowReader
from modalities.flow.estimators import build_estimator
from modalities.live import ExternalInputs
from modalities.sampling import Span
from modalities.source import Source

NUM, FPS = 8, 10.0


class Shown(NamedTuple):
    number: int
    rgb: np.ndarray


@pytest.mark.parametrize("name", ["farneback", "farneback@24"])
def test_a_window_holds_what_extraction_would_have_stored(tmp_path, name):
    noise = np.random.default_rng(0).integers(0, 255, (48, 100, 3), np.uint8)
    texture = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)
    frames = np.stack([texture[:, 2 * time : 2 * time + 64] for time in range(NUM)])
    extractor = FlowExtractor(build_estimator(name))
    with extractor.open(tmp_path / "v.flow", provenance={}, watch=Stopwatch()) as sink:
        sink.add(frames)
    reader, span, stored = (
        FlowReader(frame_size=(36, 48)),
        Span(0.1, 0.6),
        Source(tmp_path / "v.flow", NUM - 1, fps=FPS),
    )

    reading = StreamInput(reader, 4, extractor.stream)
    model = Model("m", lambda batch: {}, ("a",), {"flow": reading}, TemporalSampler())
    clock = Source("v", NUM, fps=FPS, size_hw=(48, 64))
    opened = open_sources([model], clock, ExternalInputs(), Stopwatch())
    part, before = opened.parts[extractor.stream], None
    glance = plan_window(0, span, opened.models, opened.sources).samplings[ClipKey(0, "flow", 0)]
    part.request(reader, glance)
    for number in range(NUM):
        part.add(before, before := Shown(number, frames[number]))
    clip, expected = part.clip(reader, glance, span), reader.read(stored, glance.times, glance.valid)
    np.testing.assert_array_equal(clip.data, expected.data)
    np.testing.assert_allclose(np.median(clip.data[..., 0]), -1.5, atol=0.2)  # 2 pixels of 48 on a canvas of 36
