"""Evaluation of predictions of windows against a prepared dataset, with settings that validation chose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.datasets import get_protocol, narrow
from triad.fusion.index import Index, load_index
from triad.fusion.inference.localization.annotated_videos import Reason, gather_videos, narrow_classes
from triad.fusion.inference.localization.evaluation import add_reasons, evaluate_timelines
from triad.fusion.inference.localization.frame_timelines import FrameTimeline, build_timelines
from triad.fusion.inference.localization.settings import choose_settings
from triad.fusion.predictions import Predictions, check_disjoint, choose_stream, map_classes
from triad.modalities.checks import InputError, fail


def evaluate_windows(
    test: Predictions,
    val: Predictions,
    data: str | Path,
    *,
    stream: str | None = None,
    fps: float = 10.0,
    known_only: bool = False,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the metrics of windows of a test split and the timeline of its videos, see :func:`evaluate_timelines`.

    Args:
        test: predictions of windows over the videos to judge.
        val: predictions of windows over the validation videos, on which smoothing and thresholds are chosen.
        data: folder of the prepared dataset.
        stream: name of the scores; by default ``fused``, or the only stream.
        fps: frames per second that are judged.
        known_only: whether the predictions may lack classes of the dataset, which are left out.

    Raises:
        InputError: If predictions and dataset do not fit each other, or the two splits are one.
    """
    if not 0.1 <= fps <= 1000:
        fail("--fps", "be from 0.1 to 1000 frames per second", fps)
    protocol = test.meta.get("protocol")
    if not isinstance(protocol, str) or val.meta.get("protocol") != protocol:
        got = f"{protocol!r} and {val.meta.get('protocol')!r}"
        fail("protocol of the predictions", "be named and the same for test and validation", got)
    whole_index = load_index(data)
    if test.meta.get("dataset", whole_index.dataset) != whole_index.dataset:
        fail("predictions", f"be of dataset '{whole_index.dataset}'", f"of '{test.meta['dataset']}'")
    index = narrow(whole_index, get_protocol(whole_index.dataset, protocol))
    test = _fit_classes(test, index, known_only)
    val = check_disjoint(val, test)
    name = choose_stream(test, stream)
    if name not in val.scores:
        fail("validation predictions", f"hold the stream '{name}'", ", ".join(sorted(val.scores)))
    val_timelines, _, _ = _timelines(val, index, protocol, name, fps)
    timelines, reasons, notes = _timelines(test, index, protocol, name, fps)
    settings = choose_settings(val_timelines, fps=fps, window=_window_length(test))
    document, timeline = evaluate_timelines(timelines, settings, classes=test.classes, fps=fps)
    origin = {"dataset": index.dataset, "protocol": protocol, "split": str(test.meta.get("split")), "stream": name}
    return {**origin, **add_reasons(document, notes, reasons)}, {**origin, **timeline}


def _timelines(
    predictions: Predictions, index: Index, protocol: str, stream: str, fps: float
) -> tuple[list[FrameTimeline], list[Reason], list[str]]:
    split = predictions.meta.get("split")
    if not isinstance(split, str):
        fail("predictions", "say which split they are of", "none", "write them with triad evaluate localization")
    videos, reasons = gather_videos(index, get_protocol(index.dataset, protocol), split)
    narrowed, note = narrow_classes(videos, index.classes, predictions.classes)
    timelines, missing = build_timelines(narrowed, predictions, stream, fps)
    return timelines, [*reasons, *missing], [note] if note else []


def _fit_classes(predictions: Predictions, index: Index, known_only: bool) -> Predictions:
    """Return predictions over the classes of the dataset, or with ``known_only`` over those that they have."""
    classes = index.classes
    if known_only:
        classes = [name for name in index.classes if name in predictions.classes]
    try:
        return map_classes(predictions, classes, subject="the predictions", reference=f"dataset '{index.root}'")
    except InputError as error:
        raise InputError(f"{error}; --known-classes judges on those that are there") from error


def _window_length(predictions: Predictions) -> float:
    """Return the median length of the windows, seconds."""
    if predictions.spans is None or not len(predictions):
        return 0.0
    return float(np.median(predictions.spans[:, 1] - predictions.spans[:, 0]))
