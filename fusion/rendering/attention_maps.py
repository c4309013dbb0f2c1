"""Where and when a model with separable attention looks, as rows of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch

from fusion.attention import SeparableSTA
from fusion.data import ActionDataset, collate, read_clip
from fusion.index import Index, Record, extent_of, load_index
from fusion.models import Recognizer
from fusion.rendering.contact_sheet import BarRow, ImageRow
from modalities.checks import fail
from modalities.clips import Reader, Span
from modalities.letterbox import resize
from modalities.modality import get_modality
from modalities.painting import Canvas, Color

TONE: Color = (75, 74, 120)
FLAT = 0.02
"""A range of α below which places are told apart by nothing that matters."""


@dataclass(frozen=True)
class AttentionMap:
    """Attention over one view of one sample.

    Args:
        stream: the video that is looked at, as the index calls it.
        reader: how the model reads it.
        span: the view, seconds.
        alpha: weight of each place of the frame, 0–1.
        beta: weight of each time of the span; they sum to 1.
        posed: whether a posture drove it; without one all weights are equal.

    Shapes: ``alpha`` ``[h, w]``, ``beta`` ``[T]``.
    """

    stream: str
    reader: Reader
    span: Span
    alpha: np.ndarray
    beta: np.ndarray
    posed: bool


def find_attention_maps(model: Recognizer, dataset: ActionDataset, name: str) -> AttentionMap | None:
    """Run a model on a record as a test would (of several views, the middle one); None where it lacks the video.

    Args:
        model: a recognizer with separable attention.
        dataset: one of its config's, for test; of any split.
        name: id of the record.

    Raises:
        InputError: if the model has no such attention, or the record is unknown.
    """
    attention = _attention_of(model)
    record = load_index(dataset.index.root).record(name)
    source = dataset.sources[attention.video]
    if source not in record["sources"]:
        return None
    number = dataset.num_clips // 2
    seen: dict[str, Any] = {}
    handle = attention.register_forward_pre_hook(lambda module, inputs: seen.update(features=inputs[0]))
    try:
        with torch.no_grad():
            model(**model.data_preprocessor(collate([dataset.sample(record, number)]), False))
    finally:
        handle.remove()
    with torch.no_grad():
        alpha, beta, posed = attention.attend(seen["features"])
    return AttentionMap(
        source,
        dataset.readers[attention.video],
        dataset.temporal_sampler.clip_span(extent_of(record), number),
        alpha[0].float().cpu().numpy(),
        beta[0].float().cpu().numpy(),
        bool(posed[0]),
    )


def _attention_of(model: Recognizer) -> SeparableSTA:
    if not isinstance(model.attention, SeparableSTA):
        found = "none" if model.attention is None else type(model.attention).__name__
        fail("model whose attention is to be shown", "have SeparableSTA", found, "leave out --config and --checkpoint")
    return model.attention


def attention_map_rows(
    gaze: AttentionMap, index: Index, record: Record, times: np.ndarray, valid: np.ndarray, *, width: int
) -> list[ImageRow | BarRow]:
    """α as warmth over the frames, the stronger the more β weighs that time; and β over the whole span.

    The frames are those of the model's own reader, whose canvas α covers.
    """
    clip: Any = read_clip(index, record, gaze.stream, gaze.reader, times, valid)
    share = (times - gaze.span.start) / gaze.span.length
    place = np.clip((share * len(gaze.beta)).astype(int), 0, len(gaze.beta) - 1)
    strength = gaze.beta[place] / gaze.beta.max()
    size = (max(round(width * clip.data.shape[1] / clip.data.shape[2]), 1), width)
    painter = get_modality(clip.modality).painter(clip, Canvas(gaze.reader.frame_size))
    frames = [resize(picture, size) for picture in painter.draw(clip, None)]
    cells = [overlay_heatmap(frame, gaze.alpha, float(much)) for frame, much in zip(frames, strength, strict=True)]
    notes = (f"α {gaze.alpha.min():.2f} – {gaze.alpha.max():.2f}", "strength: β")
    driven = () if gaze.posed else ("no posture: uniform",)
    return [
        ImageRow("attention", cells, TONE, notes + driven, clip.valid),
        BarRow("when (β)", gaze.beta, TONE, (f"uniform: {1 / len(gaze.beta):.2f}",)),
    ]


def overlay_heatmap(frame: np.ndarray, alpha: np.ndarray, strength: float) -> np.ndarray:
    """A grey frame, warm where α is high.

    Shapes: ``frame`` uint8 ``[H, W, 3]``, ``alpha`` ``[h, w]`` in 0–1 -> uint8 ``[H, W, 3]``.
    """
    height, width = frame.shape[:2]
    low, high = float(alpha.min()), float(alpha.max())
    relative = (alpha - low) / (high - low) if high - low > FLAT else np.full_like(alpha, 0.5)
    smooth = cv2.resize(relative.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    heat = cv2.applyColorMap((255 * smooth).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    share = (0.75 * strength * smooth)[..., None]  # [H, W, 1]
    grey = frame.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    return ((1 - share) * (0.75 * grey + 40) + share * heat).clip(0, 255).astype(np.uint8)
