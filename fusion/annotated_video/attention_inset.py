"""Inset of the annotated video with the attention of a network over the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from fusion.annotated_video.frame_layout import INSET_HW, fit_inset
from fusion.attention import SeparableSTA
from fusion.inference import Model, WindowPrediction
from fusion.rendering.attention_maps import overlay_heatmap
from modalities.letterbox import letterbox_geometry, resize

_CROP_SIZE = 100  # pixels a side to which weights are enlarged before they are cropped


def frame_ratio(models: Sequence[Model], size_hw: tuple[int, int]) -> tuple[float, float] | None:
    """Return the share of height and width of an attending model's input that a frame fills; None without attention.

    Args:
        models: models of the prediction.
        size_hw: height and width of the video, pixels.
    """
    for model in models:
        attention = getattr(getattr(model.network, "recognizer", None), "attention", None)
        if isinstance(attention, SeparableSTA):
            reader: Any = model.inputs[attention.video].reader
            scale = letterbox_geometry(size_hw, reader.frame_size)[0]
            return scale * size_hw[0] / reader.frame_size[0], scale * size_hw[1] / reader.frame_size[1]
    return None


def draw_attention(
    picture: np.ndarray, window: WindowPrediction, ratio: tuple[float, float], time: float
) -> np.ndarray | None:
    """Return the picture under a heat map of spatial attention, the stronger the larger the temporal attention.

    Args:
        picture: the displayed picture, uint8 ``[h, w, 3]``.
        window: prediction of a window that covers the time.
        ratio: share of height and width of the model's input that the frame fills, each in (0, 1].
        time: time of the frame, seconds.

    Shapes: uint8 ``[*INSET_HW, 3]``; None where the prediction has no attention maps.
    """
    maps = window.attention_maps
    if maps is None:
        return None
    alpha = crop_to_frame(maps.alpha[0], ratio)
    beta = maps.beta[0]
    position = np.clip((time - window.span.start) / window.span.length, 0, 1 - 1e-9)
    strength = float(beta[int(position * len(beta))] / beta.max())
    width = max(round(INSET_HW[0] * picture.shape[1] / picture.shape[0]), 1)
    thumbnail = resize(picture, (INSET_HW[0], width))
    return fit_inset(overlay_heatmap(thumbnail, alpha, strength))


def crop_to_frame(alpha: np.ndarray, ratio: tuple[float, float]) -> np.ndarray:
    """Return the weights of a letterboxed input that lie on the frame, which is in its centre.

    Args:
        alpha: weights over the input, ``[h, w]``.
        ratio: share of height and width that the frame fills, each in (0, 1].
    """
    if ratio == (1.0, 1.0):
        return alpha
    enlarged = cv2.resize(alpha.astype(np.float32), (_CROP_SIZE, _CROP_SIZE), interpolation=cv2.INTER_LINEAR)
    height, width = (max(round(_CROP_SIZE * share), 1) for share in ratio)
    top = (_CROP_SIZE - height) // 2
    left = (_CROP_SIZE - width) // 2
    return enlarged[top : top + height, left : left + width]
