"""What is drawn on a frame of the film and beside it: skeletons, flow, attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fusion.annotated_video.frame_layout import INSET, inset_of
from fusion.attention import SeparableSTA
from fusion.inference.ensemble import WindowPrediction
from fusion.inference.interfaces import Model
from fusion.inference.pose_sources import PoseFileSource, PoseSource
from fusion.inference.stream_sources import FlowSource, StreamSource
from fusion.rendering.attention_maps import overlay_heatmap
from fusion.rendering.clip_rows import STILL
from modalities.flow import flow_to_rgb
from modalities.letterbox import letterbox_geometry, resize
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.pose_estimation.interfaces import TrackedPoses
from modalities.skeleton.rendering import draw_skeleton
from modalities.source import Source

SETTLE = 0.9  # of the speed that is fully coloured, from field to field


@dataclass(frozen=True)
class PersonOverlay:
    """One person's joints on the frame as it is shown.

    Shapes: ``pixels`` ``[V, 2]``, ``scores`` ``[V]``.
    """

    pixels: np.ndarray
    scores: np.ndarray
    layout: Layout


@dataclass(frozen=True)
class FrameOverlay:
    """What belongs to one frame.

    Args:
        bodies: to draw on it.
        flow: the last field that a model looked at, in colours; None before the first.
        place: rows and columns of the canvas that the frame takes up, as a share of each, where a model has attention.
    """

    bodies: tuple[PersonOverlay, ...]
    flow: np.ndarray | None
    place: tuple[float, float] | None = None

    def on(self, picture: np.ndarray) -> np.ndarray:
        """The picture with people drawn on it."""
        thickness = max(round(picture.shape[0] / 160), 2)
        for body in self.bodies:
            picture = draw_skeleton(picture, body.pixels, body.scores, body.layout, thickness=thickness)
        return picture

    def beside(self, picture: np.ndarray, answer: WindowPrediction | None, time: float) -> list[tuple[str, np.ndarray]]:
        """Captions and small pictures: flow, and where a network looked.

        Args:
            picture: the frame.
            answer: that knows where a network looked; None where none does.
            time: of the frame, seconds.
        """
        insets = []
        if self.flow is not None:
            insets.append(("optical flow", self.flow))
        if answer is not None and self.place is not None:
            attended = answer.attended
            share = np.clip((time - answer.span.start) / answer.span.length, 0, 1 - 1e-9)
            beta = attended.beta[0]
            alpha = _within(attended.alpha[0], self.place)
            small = resize(picture, (INSET[0], max(round(INSET[0] * picture.shape[1] / picture.shape[0]), 1)))
            strength = float(beta[int(share * len(beta))] / beta.max())
            insets.append(("attention", inset_of(overlay_heatmap(small, alpha, strength))))
        return insets


def _within(alpha: np.ndarray, place: tuple[float, float]) -> np.ndarray:
    """The part of the weights of a canvas that lies on the frame, which is in its middle."""
    if place == (1.0, 1.0):
        return alpha
    fine = cv2.resize(alpha.astype(np.float32), (100, 100), interpolation=cv2.INTER_LINEAR)
    rows, columns = (max(round(100 * share), 1) for share in place)
    top, left = (100 - rows) // 2, (100 - columns) // 2
    return fine[top : top + rows, left : left + columns]


class FrameOverlays:
    """Listens to the parts of a video and keeps what is drawn on the newest frame.

    Args:
        parts: by source.
        sources: clocks of them.
        models: to know who looks with attention.
        size_hw: of the video.
        pane: height and width in which it is shown.
    """

    def __init__(
        self,
        parts: Mapping[str, StreamSource],
        sources: Mapping[str, Source | None],
        models: list[Model],
        *,
        size_hw: tuple[int, int],
        pane: tuple[int, int],
    ) -> None:
        self.scale, self.pane = np.array([pane[1] / size_hw[1], pane[0] / size_hw[0]], np.float32), pane
        self.place = _place_of(models, size_hw)
        self._people: dict[int, TrackedPoses] = {}
        self._flow: np.ndarray | None = None
        self._full = STILL
        self._estimated: Layout | None = None
        self._files: list[tuple[PoseFileSource, Source]] = []
        for name, part in parts.items():
            if isinstance(part, FlowSource):
                part.show = self._see_flow
            elif isinstance(part, PoseSource):
                part.show = self._see_people
                self._estimated = get_layout(part.estimator.layout)
            elif isinstance(part, PoseFileSource) and (source := sources[name]) is not None:
                self._files.append((part, source))

    def take(self, number: int, time: float) -> FrameOverlay:
        """What is to be drawn on a frame that has been looked at."""
        bodies = [*self._tracked(number), *self._measured(time)]
        return FrameOverlay(tuple(bodies), self._flow, self.place)

    def _see_flow(self, number: int, field: np.ndarray) -> None:
        speeds = np.linalg.norm(field[::4, ::4], axis=-1)
        self._full = max(float(np.percentile(speeds, 99.5)), STILL, SETTLE * self._full)
        scale = letterbox_geometry((field.shape[0], field.shape[1]), INSET)[0]
        size = (max(round(field.shape[0] * scale), 1), max(round(field.shape[1] * scale), 1))
        self._flow = inset_of(flow_to_rgb(resize(field, size), self._full))

    def _see_people(self, number: int, found: TrackedPoses) -> None:
        self._people = {number: found}

    def _tracked(self, number: int) -> list[PersonOverlay]:
        found = self._people.get(number)
        if found is None or self._estimated is None:
            return []
        people = found.people
        return [
            PersonOverlay(people.keypoints[row] * self.scale, people.scores[row], self._estimated)
            for row in range(len(people))
        ]

    def _measured(self, time: float) -> list[PersonOverlay]:
        bodies: list[PersonOverlay] = []
        for part, source in self._files:
            keypoints: Any = part.arrays["keypoints"] if part.layout.dims == 2 else part.arrays.get("pixels")
            if keypoints is None:
                continue
            place = int(source.locate(np.array([time]))[0])
            for person in range(len(keypoints)):
                scores = part.arrays["scores"][person, place]
                if scores.any():
                    bodies.append(PersonOverlay(keypoints[person, place] * self.scale, scores, part.layout))
        return bodies


def _place_of(models: list[Model], size_hw: tuple[int, int]) -> tuple[float, float] | None:
    """Which share of the height and the width of its canvas a frame takes up; None where no model has attention."""
    for model in models:
        attention = getattr(getattr(model.network, "recognizer", None), "attention", None)
        if isinstance(attention, SeparableSTA):
            reader: Any = model.readings[attention.video].reader
            scale = letterbox_geometry(size_hw, reader.frame_size)[0]
            return scale * size_hw[0] / reader.frame_size[0], scale * size_hw[1] / reader.frame_size[1]
    return None
