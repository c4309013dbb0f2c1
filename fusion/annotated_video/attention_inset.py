"""Inset of the annotated video with the attention of a network over the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from fusion.annotated_video.frame_layout import INSET_HW, fit_inset
from fusion.inference import Model, WindowPrediction
from fusion.rendering.attention_maps import overlay_heatmap
from modalities.letterbox import letterbox_geometry, resize

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


def input_box(models: Sequence[Model], size_hw: tuple[int, int]) -> InputBox | None:
    """Return the box of the centre view of an attending model; None without attention.

    Args:
        models: models of the prediction.
        size_hw: height and width of the video, pixels.
    """
    for model in models:
        modules = getattr(getattr(model.network, "recognizer", None), "attention", ())
        shapes = {name: shape for module in modules for name, shape in module.out_shapes.items()}
        video = next((name for name, shape in shapes.items() if "H" in shape.axes), None)
        if video is not None:
            reader: Any = model.inputs[video].reader
            height, width = reader.frame_size
            scale, dx, dy = letterbox_geometry(size_hw, reader.frame_size, reader.crop_mode)
            frame_w = scale * size_hw[1]  # pixels of the canvas
            frame_h = scale * size_hw[0]
            view = model.views[0]
            return InputBox(
                (view.x * width - dx) / frame_w,
                (view.y * height - dy) / frame_h,
                view.width * width / frame_w,
                view.height * height / frame_h,
            )
    return None


def draw_attention(picture: np.ndarray, window: WindowPrediction, box: InputBox, time: float) -> np.ndarray | None:
    """Return the picture under a heat map of spatial attention, the stronger the larger the temporal attention.

    Args:
        picture: the displayed picture, uint8 ``[h, w, 3]``.
        window: prediction of a window that covers the time.
        box: box that the model's input covers.
        time: time of the frame, seconds.

    Shapes: uint8 ``[*INSET_HW, 3]``; None where the prediction has no attention maps.
    """
    maps = window.attention_maps
    if maps is None:
        return None
    alpha = place_on_frame(maps.alpha[0], box)
    beta = maps.beta[0]
    position = np.clip((time - window.span.start) / window.span.length, 0, 1 - 1e-9)
    strength = float(beta[int(position * len(beta))] / beta.max())
    width = max(round(INSET_HW[0] * picture.shape[1] / picture.shape[0]), 1)
    thumbnail = resize(picture, (INSET_HW[0], width))
    return fit_inset(overlay_heatmap(thumbnail, alpha, strength))


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
