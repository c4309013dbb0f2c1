"""Optical flow of a video, estimated as its frames come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import FlowClip, Source, Span
from triad.modalities.flow.estimators import FlowEstimator, build_estimator, is_network, name_of_stream
from triad.modalities.flow.reader import FlowReader
from triad.modalities.flow.storage import FlowFile, quantize_flow
from triad.modalities.live import NO_FRAMES, ExternalInputs, FileSource, LetterboxedSource, LiveStream, StreamSampling
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame


class FlowSource(LetterboxedSource):
    """Flow from each frame to the next, see :class:`triad.modalities.live.StreamSource`; rounded as it would be stored.

    Only fields that a window shows are estimated, of a stack all; the flow across missing frames is divided evenly
    among them.

    Args:
        estimator: estimates the flow of a pair of frames.
        watch: stopwatch that measures conversion and estimation.
        on_field: callback with the number of the frame and every field that is estimated.
    """

    def __init__(
        self, estimator: FlowEstimator, watch: Stopwatch, *, on_field: Callable[[int, np.ndarray], None] | None = None
    ) -> None:
        super().__init__()
        self.estimator = estimator
        self.watch = watch
        self.on_field = on_field

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return the first frame of the first field, and the second frame of the last one."""
        return int(sampling.indices.min()), int(sampling.indices.max()) + 1

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Estimate the flow that leads to the frame if a window waits for it."""
        if previous is None:
            return
        missing = [number for number in range(previous.number, frame.number) if self.is_missing(number)]
        if not missing:
            return
        with self.watch("convert"):
            pair = np.stack([previous.rgb, frame.rgb])
        with self.watch("flow"):
            field = quantize_flow(self.estimator(pair)[0] / np.float32(frame.number - previous.number))
            for number in missing:
                self.push(number, field)
        if self.on_field is not None:
            self.on_field(previous.number, field)

    def clip(self, reader: FlowReader, sampling: StreamSampling, span: Span) -> FlowClip:
        """Return the window's fields on the reader's canvas."""
        indices = sampling.indices
        fields = self.pop(reader, sampling)
        if fields is None or sampling.source is None:
            return reader.blank(sampling.times)
        fields = fields.reshape(*indices.shape, *fields.shape[1:])  # [T, H, W, 2] or [T, L, H, W, 2]
        return reader.make_clip(fields, sampling.source, indices, sampling.times, sampling.valid)


def open_flow(reader: FlowReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch) -> LiveStream:
    """Return the flow of the user's file, or by the estimator that the stream's name says.

    See :class:`triad.modalities.live.LiveInput`.

    Raises:
        InputError: If the file does not hold one field less than the video has frames, or there is no such estimator.
    """
    if stream in external.files:
        path = external.files[stream]
        num = FlowFile(path).num
        if num != clock.num - 1:
            fail(f"flow '{path}'", f"hold {clock.num - 1} fields as the video has {clock.num} frames", num)
        stored_times = None if clock.times is None else clock.times[:num]
        return LiveStream(replace(clock, path=path, num=num, times=stored_times), FileSource())
    if not external.has_frames:
        return LiveStream(None, None, f"{NO_FRAMES}; give VIDEO, or --file {stream}=FILE")
    if clock.num < 2:
        return LiveStream(None, None, "a single frame, flow takes two; give a longer video")
    name = name_of_stream(stream)
    if name not in external.flow_estimators:
        weights, device = (external.flow_weights, external.device) if is_network(name) else (None, "cpu")
        external.flow_estimators[name] = build_estimator(name, weights=weights, device=device)
    times = None if clock.times is None else clock.times[:-1]
    source = FlowSource(external.flow_estimators[name], watch)
    return LiveStream(replace(clock, num=clock.num - 1, times=times), source)
