"""Attention of a model over the places and times of a video, as rows of a contact sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch

from fusion.data import ActionDataset, collate, read_clip
from fusion.index import Index, Record
from fusion.models import Recognizer, video_attention
from fusion.rendering.contact_sheet import BarRow, ImageRow
from modalities.augmentation import SpatialAugmentation
from modalities.clips import Reader, Span
from modalities.letterbox import resize
from modalities.modality import Canvas, Color, get_modality

COLOR: Color = (75, 74, 120)
MIN_RANGE = 0.02
"""Range of α below which differences between places are taken for noise."""


@dataclass(frozen=True)
class AttentionMap:
    """Attention over one test clip of one sample.

    Args:
        stream: name of the video stream in the index.
        reader: reader of the model's video stream.
        span: span of the clip, seconds.
        view: crop of the frame that the network saw.
        alpha: weight of each place of the crop, 0–1, ``[h, w]``.
        beta: weight of each time of the span, ``[T]``; they sum to 1.
        has_pose: whether a pose drove the attention; without one all weights are equal.
    """

    stream: str
    reader: Reader
    span: Span
    view: SpatialAugmentation
    alpha: np.ndarray
    beta: np.ndarray
    has_pose: bool


def compute_attention_map(model: Recognizer, dataset: ActionDataset, record: Record) -> AttentionMap | None:
    """Run a model on a record as a test does, of several views the middle one.

    None if the record lacks the video, or no module of the model weighs places of frames.

    Args:
        model: recognizer in evaluation mode.
        dataset: test dataset of its config.
        record: record of the dataset's index, of any split.

    Raises:
        InputError: If a file is damaged.
    """
    if not len(model.attention):
        return None
    sample = dataset.sample(record, dataset.middle_view)
    with torch.no_grad():
        batch = model.data_preprocessor(collate([sample]), False)["batch"]
        attention = video_attention(model.classify(model.encode(batch)[0], batch).maps)
    if attention is None or len(attention.rows) == 0:
        return None
    return AttentionMap(
        dataset.sources[attention.stream],
        dataset.readers[attention.stream],
        sample.span,
        sample.view,
        attention.places[0].cpu().numpy(),
        attention.times[0].cpu().numpy(),
        bool(attention.driven[0]),
    )


def attention_map_rows(
    attention_map: AttentionMap, index: Index, record: Record, times: np.ndarray, valid: np.ndarray, *, width: int
) -> list[ImageRow | BarRow]:
    """Return α as heat on the frames, the stronger the larger β is at that time; and β over the whole span.

    The frames are those of the model's own reader, cut to the crop that α covers.

    Args:
        attention_map: attention over the record.
        index: index of the dataset.
        record: record that is drawn.
        times: times of the columns, seconds ``[T]``.
        valid: whether each time is real, bool ``[T]``.
        width: width of a cell, pixels.
    """
    clip: Any = read_clip(index, record, attention_map.stream, attention_map.reader, times, valid)
    beta = attention_map.beta
    positions = (times - attention_map.span.start) / attention_map.span.length
    beta_indices = np.clip((positions * len(beta)).astype(int), 0, len(beta) - 1)
    strengths = beta[beta_indices] / beta.max()
    painter = get_modality(clip.modality).painter(clip, Canvas(attention_map.reader.frame_size))
    crops = [cut_box(picture, attention_map.view) for picture in painter.draw(clip, None)]
    size = (max(round(width * crops[0].shape[0] / crops[0].shape[1]), 1), width)
    frames = [resize(crop, size) for crop in crops]
    alpha = attention_map.alpha
    cells = [overlay_heatmap(frame, alpha, float(strength)) for frame, strength in zip(frames, strengths, strict=True)]
    notes = (f"α {alpha.min():.2f} – {alpha.max():.2f}", "strength: β")
    pose_note = () if attention_map.has_pose else ("no posture: uniform",)
    return [
        ImageRow("attention", cells, COLOR, notes + pose_note, clip.valid),
        BarRow("when (β)", beta, COLOR, (f"uniform: {1 / len(beta):.2f}",)),
    ]


def cut_box(picture: np.ndarray, view: SpatialAugmentation) -> np.ndarray:
    """Return the part of a picture in the box of a view, to whole pixels. Shapes: ``[H, W, 3]`` -> ``[h, w, 3]``."""
    height, width = picture.shape[:2]
    top, bottom = (round(edge * height) for edge in (view.y, view.y + view.height))
    left, right = (round(edge * width) for edge in (view.x, view.x + view.width))
    return picture[top:bottom, left:right]


def overlay_heatmap(frame: np.ndarray, alpha: np.ndarray, strength: float) -> np.ndarray:
    """Return the frame in grey with heat where α is high.

    Args:
        frame: uint8 ``[H, W, 3]``.
        alpha: weight of each place, 0–1, ``[h, w]``.
        strength: opacity of the heat, 0–1.

    Shapes: uint8 ``[H, W, 3]``.
    """
    height, width = frame.shape[:2]
    low = float(alpha.min())
    high = float(alpha.max())
    relative = (alpha - low) / (high - low) if high - low > MIN_RANGE else np.full_like(alpha, 0.5)
    smooth = cv2.resize(relative.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    heat = cv2.applyColorMap((255 * smooth).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    opacity = (0.75 * strength * smooth)[..., None]  # [H, W, 1]
    grey = frame.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    return ((1 - opacity) * (0.75 * grey + 40) + opacity * heat).clip(0, 255).astype(np.uint8)
