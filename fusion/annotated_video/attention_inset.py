"""Inset of the annotated video with weights over the places of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from triad.fusion.annotated_video.frame_layout import INSET_HW, fit_inset
from triad.fusion.inference import Model, SampleMap
from triad.fusion.rendering.attention_maps import shows_frame
from triad.fusion.rendering.attention_rows import relative_strengths
from triad.fusion.rendering.heat import overlay_heat, relative_weights
from triad.modalities.letterbox import letterbox_geometry, resize

_PLAIN_GREY = 90
_MAP_SIZE = 100  # pixels a side of weights over a frame that is not the input


class InputBox(NamedTuple):
    """Box that a network's input covers, in fractions of the frame; it lies partly outside where the input is padded.

    Attributes:
        x, y: top left corner.
        width, height: size.
    """

    x: float
    y: float
    width: float
    height: float


WHOLE = InputBox(0.0, 0.0, 1.0, 1.0)


def input_boxes(models: Sequence[Model], size_hw: tuple[int, int]) -> dict[str, InputBox]:
    """Return the box of the centre view of each stream that shows the frame, by stream.

    Args:
        models: models of the prediction.
        size_hw: height and width of the video, pixels.
    """
    boxes: dict[str, InputBox] = {}
    for model in models:
        recognizer = getattr(model.network, "recognizer", None)
        if recognizer is None:
            continue  # an exported network has no maps
        for name, stream_input in model.inputs.items():
            reader: Any = stream_input.reader
            if not shows_frame(recognizer, name, reader):
                continue
            height, width = reader.frame_size
            scale, dx, dy = letterbox_geometry(size_hw, reader.frame_size, reader.crop_mode)
            frame_w = scale * size_hw[1]  # pixels of the canvas
            frame_h = scale * size_hw[0]
            view = model.views[0]
            boxes[name] = InputBox(
                (view.x * width - dx) / frame_w,
                (view.y * height - dy) / frame_h,
                view.width * width / frame_w,
                view.height * height / frame_h,
            )
    return boxes


def draw_heat(
    picture: np.ndarray, one: SampleMap, over_time: SampleMap | None, box: InputBox | None, time: float
) -> np.ndarray:
    """Return the picture under the heat of a map of places, on one scale for all times.

    Args:
        picture: the displayed picture, uint8 ``[h, w, 3]``.
        one: map of places.
        over_time: map that says how much each time counts; None where all count alike or the map itself says it.
        box: box that the network's input covers; None where it shows something else, which is drawn on plain grey.
        time: time of the frame, seconds.

    Shapes: uint8 ``[*INSET_HW, 3]``.
    """
    now = np.array([time])
    relative = relative_weights(one.over("THW"))[int(one.at(now)[0])]
    strength = 1.0
    if over_time is not None:
        strength = float(relative_strengths(over_time, now)[0])
    if box is None:
        height, width = relative.shape
        scale = INSET_HW[0] / height
        thumbnail = np.full((INSET_HW[0], max(round(scale * width), 1), 3), _PLAIN_GREY, np.uint8)
    else:
        relative = place_on_frame(relative, box)
        thumbnail = resize(picture, (INSET_HW[0], max(round(INSET_HW[0] * picture.shape[1] / picture.shape[0]), 1)))
    return fit_inset(overlay_heat(thumbnail, relative, strength))


def place_on_frame(alpha: np.ndarray, box: InputBox) -> np.ndarray:
    """Return weights over the frame from those over the input; places that the input does not show get the least.

    Args:
        alpha: weights over the input, ``[h, w]``.
        box: box that the input covers.
    """
    if np.allclose(box, WHOLE):
        return alpha
    centres = (np.arange(_MAP_SIZE) + 0.5) / _MAP_SIZE
    x, y = np.meshgrid((centres - box.x) / box.width, (centres - box.y) / box.height)  # fractions of the input
    columns, rows = ((at * size - 0.5).astype(np.float32) for at, size in ((x, alpha.shape[1]), (y, alpha.shape[0])))
    weights = alpha.astype(np.float32)
    placed = cv2.remap(weights, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shown = (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
    return np.where(shown, placed, weights.min())
