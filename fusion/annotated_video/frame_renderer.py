"""Rendering of one frame of the annotated video with the predictions of the windows that cover it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triad.fusion.annotated_video.frame_layout import class_color, compose_frame
from triad.fusion.annotated_video.overlays import FrameOverlay
from triad.fusion.annotated_video.side_panel import ClassBar, SidePanel, StreamPrediction, draw_side_panel
from triad.fusion.annotated_video.timeline_strip import TimelineSegment, draw_timeline, format_clock
from triad.fusion.inference import Segment, WindowPrediction, mean_probabilities_at
from triad.fusion.predictions import FUSED
from triad.fusion.rendering import color_of_stream

TIMELINE_SECONDS = 12.0
MAX_BARS = 5


class FrameRenderer:
    """Renders frames; the side panel is drawn again only when the windows that cover the frame change.

    Args:
        picture_hw: height and width of the displayed picture, pixels.
        duration: length of the video in seconds; None where it is unknown.

    Attributes:
        segments: labelled segments of the timeline so far.
    """

    def __init__(self, picture_hw: tuple[int, int], duration: float | None) -> None:
        self.picture_hw = picture_hw
        self.duration = duration
        self.segments: list[Segment] = []
        self._panel_windows: tuple[int, ...] = (-1,)
        self._panel = draw_side_panel(SidePanel(()))

    def render(
        self, picture: np.ndarray, overlay: FrameOverlay, time: float, windows: Sequence[WindowPrediction]
    ) -> np.ndarray:
        """Return one frame of the annotated video, uint8 ``[H, W, 3]``.

        Args:
            picture: the frame in the size of the displayed picture, uint8 ``[h, w, 3]``.
            overlay: overlay of the frame.
            time: time of the frame, seconds.
            windows: predictions of the windows around that time, in the order of time.
        """
        covering = [window for window in windows if window.span.start <= time < window.span.end]
        if tuple(map(id, covering)) != self._panel_windows:
            self._panel_windows = tuple(map(id, covering))
            self._panel = draw_side_panel(build_side_panel(covering, time))
        attending = next((window for window in reversed(covering) if window.attention_maps), None)
        insets = overlay.draw_insets(picture, attending, time)
        segments: list[TimelineSegment] = []
        if windows:
            classes = windows[0].predictions.classes
            segments = [
                TimelineSegment(segment.start, segment.end, classes[segment.label], class_color(segment.label))
                for segment in self.segments
            ]
        start, end = self._timeline_range(time)
        timeline = draw_timeline(self.picture_hw[1] + self._panel.shape[1], segments, start, end, time)
        return compose_frame(overlay.draw_people(picture), self._panel, timeline, insets, format_clock(time, step=0.1))

    def _timeline_range(self, time: float) -> tuple[float, float]:
        """Return start and end of the timeline: all of a short video, else some seconds around the frame."""
        if self.duration is not None and self.duration <= TIMELINE_SECONDS:
            return 0.0, max(self.duration, 0.1)
        start = max(time - 0.6 * TIMELINE_SECONDS, 0.0)
        if self.duration is not None:
            start = min(start, self.duration - TIMELINE_SECONDS)
        return start, start + TIMELINE_SECONDS


def build_side_panel(windows: Sequence[WindowPrediction], time: float) -> SidePanel:
    """Return the content of the side panel: mean probabilities of the windows that cover ``time`` (seconds)."""
    probabilities = mean_probabilities_at(windows, time)
    if probabilities is None:
        return SidePanel(())
    classes = windows[0].predictions.classes
    order = np.argsort(-probabilities, kind="stable")[:MAX_BARS]
    bars = [ClassBar(classes[index], float(probabilities[index]), class_color(int(index))) for index in order]
    predictions = windows[0].predictions
    if FUSED not in predictions.scores:
        return SidePanel(bars)
    return SidePanel(bars, [_predict_stream(stream, windows) for stream in predictions.streams])


def _predict_stream(stream: str, windows: Sequence[WindowPrediction]) -> StreamPrediction:
    color = color_of_stream(stream)
    present = [window for window in windows if window.predictions.present[stream][0]]
    if not present:
        return StreamPrediction(stream, color, None, 0.0)
    probabilities = np.mean([window.probabilities_of(stream) for window in present], axis=0)
    label = int(probabilities.argmax())
    return StreamPrediction(stream, color, windows[0].predictions.classes[label], float(probabilities[label]))
