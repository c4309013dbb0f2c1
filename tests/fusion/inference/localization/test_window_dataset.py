"""Windows of a batch are read in one go, and show what each alone would show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from untrimmed import brightness_model

from triad.fusion.data import ActionDataset, TemporalSampler
from triad.fusion.index import load_index
from triad.fusion.inference import StreamInput
from triad.fusion.inference.localization import shared_frames
from triad.fusion.inference.localization.window_dataset import VideoWindow, WindowDataset
from triad.modalities.clips import Span
from triad.modalities.crop_views import CropViews
from triad.modalities.rgb.reader import RgbReader

SPANS = [Span(0.0, 0.6), Span(0.4, 1.0), Span(0.8, 1.4), Span(4.0, 4.6), Span(5.4, 6.0)]


def model_of(sampler: TemporalSampler | None = None):
    reader = RgbReader(frame_size=(32, 48))
    inputs = {"rgb": StreamInput(reader, 4, "rgb"), "more": StreamInput(RgbReader(frame_size=(16, 16)), 2, "rgb")}
    return replace(brightness_model(), inputs=inputs, temporal_sampler=sampler or TemporalSampler())


def open_windows(untrimmed, model) -> WindowDataset:
    names = ("P02T01C01", "P10T01C01")
    records = [next(row for row in load_index(untrimmed).records if row["source_video"] == name) for name in names]
    windows = [VideoWindow(f"{video}@{span.start}", video, span) for video in range(2) for span in SPANS]
    return WindowDataset(
        [model], index=untrimmed, protocol="cross_subject", split="test", records=records, windows=windows
    )


@pytest.mark.parametrize(
    "sampler",
    [
        TemporalSampler(),
        TemporalSampler(length=0.4, num_clips=3),
        TemporalSampler(policy="dense", clip_len=4, frame_interval=2, num_clips=2),
    ],
)
def test_batch_equals_records_alone(untrimmed, sampler):
    model = model_of(sampler)
    views = CropViews(crops="three")((32, 48))
    windows = open_windows(untrimmed, replace(model, views=views))
    streams = {
        name: {"reader": item.reader, "num_frames": item.num_frames, "source": "rgb"}
        for name, item in model.inputs.items()
    }
    alone = ActionDataset(
        index=untrimmed, protocol="cross_subject", split="test", streams=streams, temporal_sampler=sampler
    )
    alone.views = views
    for window, (samples,) in zip(windows.windows, windows.__getitems__(range(len(windows))), strict=True):
        record = windows.records[window.video]
        record = {**record, "id": window.id, "start": window.span.start, "end": window.span.end}
        assert len(samples) == alone.num_views
        for number, sample in enumerate(samples):
            expected = alone.sample(record, number)
            assert sample.span == expected.span
            for name, clip in expected.clips.items():
                np.testing.assert_array_equal(sample.clips[name].data, clip.data)
                np.testing.assert_array_equal(sample.clips[name].times, clip.times)
                np.testing.assert_array_equal(sample.clips[name].valid, clip.valid)


def test_windows_without_gaps_are_decoded_once(untrimmed, monkeypatch):
    read = []
    read_frames = shared_frames.read_frames

    def count(path, numbers, **options):
        read.append((path.stem, len(numbers)))
        return read_frames(path, numbers, **options)

    monkeypatch.setattr(shared_frames, "read_frames", count)
    model = model_of()
    windows = open_windows(untrimmed, replace(model, inputs={"rgb": model.inputs["rgb"]}))
    windows.__getitems__(range(len(windows)))
    alone = [("P02T01C01", 4), ("P02T01C01", 4), ("P10T01C01", 4), ("P10T01C01", 4)]
    together = [(name, number) for name, number in read if number > 4]
    assert [name for name, _ in together] == ["P02T01C01", "P10T01C01"]
    assert all(8 <= number <= 12 for _, number in together)  # three windows of 4 frames, of which some are one
    assert [row for row in read if row[1] == 4] == alone
