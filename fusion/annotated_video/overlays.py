"""Overlays of one frame of the annotated video: people on the picture, flow and attention maps beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from triad.fusion.annotated_video.attention_inset import InputBox
from triad.fusion.annotated_video.frame_layout import MAX_INSETS
from triad.fusion.annotated_video.map_insets import draw_map_insets
from triad.fusion.annotated_video.person_overlay import PersonOverlay
from triad.fusion.inference import WindowPrediction
from triad.modalities.skeleton import draw_skeleton


@dataclass(frozen=True)
class FrameOverlay:
    """Everything that is drawn on or beside one frame.

    Args:
        people: people to draw on the picture.
        flow: latest flow field that a model read, in colours, uint8 ``[*INSET_HW, 3]``; None before the first.
        input_boxes: boxes that the inputs of the models' streams cover.
    """

    people: tuple[PersonOverlay, ...]
    flow: np.ndarray | None
    input_boxes: Mapping[str, InputBox] = field(default_factory=dict)

    def draw_people(self, picture: np.ndarray) -> np.ndarray:
        """Return the picture with the skeleton of every person."""
        thickness = max(round(picture.shape[0] / 160), 2)
        for person in self.people:
            picture = draw_skeleton(picture, person.pixels, person.scores, person.layout, thickness=thickness)
        return picture

    def draw_insets(
        self, picture: np.ndarray, window: WindowPrediction | None, time: float
    ) -> list[tuple[str, np.ndarray]]:
        """Return caption and picture of each inset: attention maps, before them the flow where there is room.

        Args:
            picture: the displayed picture, uint8 ``[h, w, 3]``.
            window: prediction of a window with attention maps; None where there is none.
            time: time of the frame, seconds.
        """
        maps = window.attention_maps if window is not None else ()
        insets = draw_map_insets(maps, picture, self.people, self.input_boxes, time)[:MAX_INSETS]
        if self.flow is not None and len(insets) < MAX_INSETS:
            return [("optical flow", self.flow), *insets]
        return insets
