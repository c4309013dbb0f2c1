"""Overlays of one frame of the annotated video: people on the picture, flow and attention beside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fusion.annotated_video.frame_layout import INSET_HW, fit_inset
from fusion.inference.ensemble import WindowPrediction
from fusion.rendering.attention_maps import overlay_heatmap
from modalities.letterbox import resize
from modalities.skeleton.layouts import Layout
from modalities.skeleton.rendering import draw_skeleton

_CROP_SIZE = 100  # pixels a side to which weights are enlarged before they are cropped


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
        flow: latest flow field that a model read, as a picture uint8 ``[*INSET_HW, 3]``; None before the first.
        frame_ratio: share of the height and of the width of a model's input that the frame fills, each in (0, 1];
            None where no model has attention.
    """

    people: tuple[PersonOverlay, ...]
    flow: np.ndarray | None
    frame_ratio: tuple[float, float] | None = None

    def draw_people(self, picture: np.ndarray) -> np.ndarray:
        """Return the picture with the skeleton of every person."""
        thickness = max(round(picture.shape[0] / 160), 2)
        for person in self.people:
            picture = draw_skeleton(picture, person.pixels, person.scores, person.layout, thickness=thickness)
        return picture

    def draw_insets(
        self, picture: np.ndarray, prediction: WindowPrediction | None, time: float
    ) -> list[tuple[str, np.ndarray]]:
        """Return caption and picture of each inset: flow and attention, where there are any.

        Args:
            picture: the displayed picture, uint8 ``[h, w, 3]``.
            prediction: prediction with attention maps; None where there is none.
            time: time of the frame, seconds.
        """
        insets = []
        if self.flow is not None:
            insets.append(("optical flow", self.flow))
        if prediction is not None and prediction.attention_maps is not None and self.frame_ratio is not None:
            alpha = crop_to_frame(prediction.attention_maps.alpha[0], self.frame_ratio)
            beta = prediction.attention_maps.beta[0]
            position = np.clip((time - prediction.span.start) / prediction.span.length, 0, 1 - 1e-9)
            strength = float(beta[int(position * len(beta))] / beta.max())
            width = max(round(INSET_HW[0] * picture.shape[1] / picture.shape[0]), 1)
            thumbnail = resize(picture, (INSET_HW[0], width))
            insets.append(("attention", fit_inset(overlay_heatmap(thumbnail, alpha, strength))))
        return insets


def crop_to_frame(alpha: np.ndarray, frame_ratio: tuple[float, float]) -> np.ndarray:
    """Return the weights of a letterboxed input that lie on the frame, which is in its centre.

    Args:
        alpha: weights over the input, ``[h, w]``.
        frame_ratio: share of height and width that the frame fills, each in (0, 1].
    """
    if frame_ratio == (1.0, 1.0):
        return alpha
    enlarged = cv2.resize(alpha.astype(np.float32), (_CROP_SIZE, _CROP_SIZE), interpolation=cv2.INTER_LINEAR)
    height, width = (max(round(_CROP_SIZE * ratio), 1) for ratio in frame_ratio)
    top = (_CROP_SIZE - height) // 2
    left = (_CROP_SIZE - width) // 2
    return enlarged[top : top + height, left : left + width]
