"""A frame of the film with what the windows that show it say: bars, voices, the time line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fusion.annotated_video.frame_layout import (
    Bar,
    SidePanel,
    StreamPrediction,
    TimelineSegment,
    clock_of,
    color_of,
    compose_frame,
    draw_panel,
    draw_strip,
)
from fusion.annotated_video.overlays import FrameOverlay
from fusion.inference.ensemble import WindowPrediction
from fusion.inference.timeline import Segment, shares_at
from fusion.predictions import FUSED
from fusion.rendering.clip_rows import TONES

SHOWN = 12.0
"""Seconds on the time line."""
BARS = 5


class FrameRenderer:
    """Draws frames; the panel is drawn again only where the answers change.

    Args:
        pane: height and width of a frame as it is shown.
        seconds: length of the video, where it is known.

    Attributes:
        blocks: what the time line shows, up to now.
    """

    def __init__(self, pane: tuple[int, int], seconds: float | None) -> None:
        self.pane, self.seconds = pane, seconds
        self.blocks: list[Segment] = []
        self._over: tuple[int, ...] = (-1,)
        self._panel = draw_panel(SidePanel(()))

    def paint(
        self, picture: np.ndarray, layer: FrameOverlay, time: float, answers: Sequence[WindowPrediction]
    ) -> np.ndarray:
        """A picture of the film.

        Args:
            picture: the frame in the size of the pane.
            layer: what is drawn on it and beside it.
            time: of the frame, seconds.
            answers: of the windows about that time, the first ones first.
        """
        over = [answer for answer in answers if answer.span.start <= time < answer.span.end]
        if tuple(map(id, over)) != self._over:
            self._over = tuple(map(id, over))
            self._panel = draw_panel(_content(over, time))
        attended = next((answer for answer in reversed(over) if answer.attended is not None), None)
        insets = layer.beside(picture, attended, time)
        picture = layer.on(picture)
        classes = answers[0].predictions.classes if answers else ()
        blocks = [
            TimelineSegment(each.start, each.end, classes[each.label], color_of(each.label)) for each in self.blocks
        ]
        begin, end = self._part(time)
        strip = draw_strip(self.pane[1] + self._panel.shape[1], blocks if classes else [], begin, end, time)
        return compose_frame(picture, self._panel, strip, insets, clock_of(time, 0.1))

    def _part(self, time: float) -> tuple[float, float]:
        """What the time line shows: all of a short video, else some seconds about the picture."""
        if self.seconds is not None and self.seconds <= SHOWN:
            return 0.0, max(self.seconds, 0.1)
        begin = max(time - 0.6 * SHOWN, 0.0)
        if self.seconds is not None:
            begin = min(begin, self.seconds - SHOWN)
        return begin, begin + SHOWN


def _content(over: Sequence[WindowPrediction], time: float) -> SidePanel:
    shares = shares_at(over, time)
    if shares is None:
        return SidePanel(())
    classes = over[0].predictions.classes
    order = np.argsort(-shares, kind="stable")[:BARS]
    bars = [Bar(classes[index], float(shares[index]), color_of(int(index))) for index in order]
    first = over[0].predictions
    if FUSED not in first.scores:
        return SidePanel(bars)
    voices = []
    for stream in first.streams:
        tone = TONES.get(stream.partition("_")[0], TONES["skeleton"])
        present = [answer for answer in over if answer.predictions.present[stream][0]]
        if not present:
            voices.append(StreamPrediction(stream, tone, None, 0.0))
            continue
        own = np.mean([answer.shares_of(stream) for answer in present], axis=0)
        voices.append(StreamPrediction(stream, tone, classes[int(own.argmax())], float(own.max())))
    return SidePanel(bars, voices)
