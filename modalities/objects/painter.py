"""Objects as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from triad.modalities.modality import Canvas, Color
from triad.modalities.objects.clip import ObjectClip
from triad.modalities.objects.vocabularies import get_vocabulary

BACKGROUND = 246
"""Grey behind boxes without frames."""


class ObjectPainter:
    """Draws boxes with their classes on pale frames, see :class:`triad.modalities.modality.ClipPainter`.

    A pale box is uncertain.

    Args:
        clip: ignored, as boxes have no scale.
        canvas: canvas of the pictures.
    """

    legend_note = ""

    def __init__(self, clip: ObjectClip, canvas: Canvas) -> None:
        self.frame_size = canvas.frame_size
        self.notes: tuple[str, ...] = ("detected objects", "pale: uncertain")

    def draw(self, clip: ObjectClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return a picture a time with all boxes, on the frames or a plain background."""
        classes = get_vocabulary(clip.vocabulary)
        pictures = []
        for time in range(len(clip.times)):
            plain = np.full((*self.frame_size, 3), BACKGROUND, np.uint8)
            picture: np.ndarray = plain if frames is None else cv2.addWeighted(frames[time], 0.55, plain, 0.45, 0)
            for index in np.flatnonzero(clip.scores[time] > 0)[::-1]:  # the most certain ones on top
                label = int(clip.labels[time, index])
                color = color_of(label, len(classes))
                opacity = 0.4 + 0.6 * float(clip.scores[time, index])
                picture = draw_box(picture, clip.boxes[time, index], classes[label], color, opacity=opacity)
            pictures.append(picture)
        return pictures

    def legend(self, size: int) -> np.ndarray | None:
        """Return None: the boxes carry their names."""
        return None


def color_of(label: int, num_classes: int) -> Color:
    """Return the colour of a class: hues are spread so that neighbouring numbers differ."""
    hue = (label * 67) % max(num_classes, 1) * 180 // max(num_classes, 1)
    red, green, blue = cv2.cvtColor(np.array([[[hue, 230, 170]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0].tolist()
    return red, green, blue


def draw_box(picture: np.ndarray, box: np.ndarray, name: str, color: Color, *, opacity: float) -> np.ndarray:
    """Return a picture with a box and its name.

    Args:
        picture: uint8 ``[H, W, 3]``.
        box: ``(x1, y1, x2, y2)``, pixels.
        name: words above the box.
        color: colour of the box.
        opacity: opacity of the box, 0–1.
    """
    drawn = picture.copy()
    thickness = max(picture.shape[1] // 110, 1)
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    cv2.rectangle(drawn, (x1, y1), (x2, y2), color, thickness)
    scale = picture.shape[1] / 480
    cv2.putText(drawn, name, (x1, max(y1 - 2, 8)), cv2.FONT_HERSHEY_SIMPLEX, scale, color, 1, cv2.LINE_AA)
    return cv2.addWeighted(drawn, opacity, picture, 1 - opacity, 0)
