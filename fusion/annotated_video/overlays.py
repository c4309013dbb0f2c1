"""Overlays of one frame of the annotated video: people on the picture, flow and attention beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.annotated_video.attention_inset import InputBox, draw_attention
from fusion.inference import WindowPrediction
from modalities.skeleton import Layout, draw_skeleton


@dataclass(frozen=True)
class PersonOverlay:
    """Joints of one person, in pixels of the displayed picture.

    Shapes: ``pixels`` ``[V, 2]``, ``scores`` ``[V]``.
    """

    pixels: np.ndarray
    scores: np.ndarray
    layout: Layout


@dataclass(frozen=True)
class FrameOverlay:
    """Everything that is drawn on or beside one frame.

    Args:
        people: people to draw on the picture.
        flow: latest flow field that a model read, in colours, uint8 ``[*INSET_HW, 3]``; None before the first.
        input_box: box that the input of a model with attention covers; None where no model has attention.
    """

    people: tuple[PersonOverlay, ...]
    flow: np.ndarray | None
    input_box: InputBox | None = None

    def draw_people(self, picture: np.ndarray) -> np.ndarray:
        """Return the picture with the skeleton of every person."""
        thickness = max(round(picture.shape[0] / 160), 2)
        for person in self.people:
            picture = draw_skeleton(picture, person.pixels, person.scores, person.layout, thickness=thickness)
        return picture

    def draw_insets(
        self, picture: np.ndarray, window: WindowPrediction | None, time: float
    ) -> list[tuple[str, np.ndarray]]:
        """Return caption and picture of each inset: flow and attention, where there are any.

        Args:
            picture: the displayed picture, uint8 ``[h, w, 3]``.
            window: prediction of a window with attention maps; None where there is none.
            time: time of the frame, seconds.
        """
        insets = []
        if self.flow is not None:
            insets.append(("optical flow", self.flow))
        if window is not None and self.input_box is not None:
            attention = draw_attention(picture, window, self.input_box, time)
            if attention is not None:
                insets.append(("attention", attention))
        return insets
