"""Predictions of windows that slide over the videos of a split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import DataLoader

from triad.fusion.data import Batch
from triad.fusion.datasets import get_protocol, narrow, protocols_of
from triad.fusion.index import labels_within, load_index
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.localization.annotated_videos import AnnotatedVideo, gather_videos, narrow_classes
from triad.fusion.inference.localization.window_dataset import VideoWindow, WindowDataset, collate_windows
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.predictions import Predictions, groups_of, known_classes, match_classes, select_columns
from triad.modalities.checks import InputError, fail, shorten
from triad.modalities.clips import Span

MAX_WINDOWS = 5_000_000
"""Windows of a split: TSU has 0.6 million at one a second."""
BATCH_SIZE = 8
"""Windows that are scored at once."""


def predict_windows(
    ensemble: ModelEnsemble,
    data: str | Path,
    *,
    protocol: str | None,
    split: str,
    sliding_window: SlidingWindow,
    known_only: bool = False,
    num_workers: int = 0,
    track: Callable[[Any], Iterable[Any]] = iter,
) -> Predictions:
    """Return the scores of all windows over the videos of a split, over classes of the dataset.

    Streams are those of the prepared dataset; each window is read as ``test`` reads a record of its span. ``labels``
    are multi-label, see :func:`~triad.fusion.index.labels_within`; ``groups["source_video"]`` names
    the video.

    Args:
        ensemble: models and their fusion.
        data: folder of the prepared dataset.
        protocol: name of the protocol; None takes the first of the dataset.
        split: name of the split.
        sliding_window: length and stride of the windows.
        known_only: whether the models may lack classes of the dataset, which are left out.
        num_workers: processes that read.
        track: wrapper of the batches that shows the progress.

    Raises:
        InputError: If the split has no annotated video, the dataset lacks a stream, the models lack a class, or there
            are too many windows.
    """
    whole_index = load_index(data)
    if protocol is None:
        protocol = next(iter(protocols_of(whole_index.records, whole_index.dataset)), "none")
    rule = get_protocol(whole_index.dataset, protocol)
    index = narrow(whole_index, rule)
    videos, _ = gather_videos(index, rule, split)
    columns = _match_classes(ensemble.classes, index.classes, known_only)
    classes = [name for name, column in zip(index.classes, columns, strict=True) if column is not None]
    narrowed, _ = narrow_classes(videos, index.classes, classes)
    windows = plan_windows(narrowed, sliding_window)
    records = [video.record for video in narrowed]
    dataset = WindowDataset(
        ensemble.models, index=data, protocol=protocol, split=split, records=records, windows=windows
    )
    loader: DataLoader[list[Batch]] = DataLoader(
        dataset, batch_size=BATCH_SIZE, collate_fn=collate_windows, num_workers=num_workers
    )
    scored = _concatenate([ensemble.score(batches) for batches in track(loader)])
    window_of = {window.id: window for window in windows}
    scored_windows = [window_of[name] for name in scored.ids.tolist()]
    labels = [
        labels_within([item[:3] for item in narrowed[window.video].instances], *window.span, len(classes))
        for window in scored_windows
    ]
    groups = groups_of(records, [records[window.video]["id"] for window in scored_windows])
    groups["source_video"] = np.array([narrowed[window.video].id for window in scored_windows])
    kept_columns = np.array([column for column in columns if column is not None])
    return replace(
        scored,
        labels=np.array(labels, dtype=np.int64),
        classes=tuple(classes),
        scores={name: select_columns(array, kept_columns, scored.kinds[name]) for name, array in scored.scores.items()},
        spans=np.array([window.span for window in scored_windows]),
        groups=groups,
        meta={
            "dataset": index.dataset,
            "protocol": protocol,
            "split": split,
            "version": version("triad"),
            "models": [model.name for model in ensemble.models],
            "window": {"seconds": sliding_window.length, "stride": sliding_window.stride},
        },
    )


def _match_classes(scored: Sequence[str], judged: Sequence[str], known_only: bool) -> list[int | None]:
    """Return the column of each class of the dataset among those of the models.

    Raises:
        InputError: If the models lack one, or with ``known_only`` all but one.
    """
    if not known_only:
        try:
            return list(match_classes(scored, judged, subject="the models", reference="the dataset"))
        except InputError as error:
            cure = "--known-classes judges on those that the models know"
            raise InputError(f"{error}; {cure}") from error
    columns = known_classes(scored, judged)
    if sum(column is not None for column in columns) < 2:
        fail("classes of the models", f"include two or more of the dataset's, {shorten(judged)}", shorten(scored))
    return columns


def plan_windows(videos: Sequence[AnnotatedVideo], sliding_window: SlidingWindow) -> list[VideoWindow]:
    """Return the windows of all videos.

    Raises:
        InputError: If there are more than :data:`MAX_WINDOWS`.
    """
    expected = sum(video.duration / sliding_window.stride + 1 for video in videos)
    if expected > MAX_WINDOWS:
        hours = sum(video.duration for video in videos) / 3600
        must = f"give at most {MAX_WINDOWS:,} windows over the {hours:,.0f} hours of the split"
        fail("--stride", must, f"{sliding_window.stride:g} s, {expected:,.0f} windows", "enlarge it")
    windows = []
    for number, video in enumerate(videos):
        spans = sliding_window.spans(Span(0.0, video.duration))
        windows += [VideoWindow(f"{video.id}@{position:06d}", number, span) for position, span in enumerate(spans)]
    return windows


def _concatenate(batches: Sequence[Predictions]) -> Predictions:
    first = batches[0]
    return replace(
        first,
        ids=np.concatenate([batch.ids for batch in batches]),
        labels=np.concatenate([batch.labels for batch in batches]),
        scores={name: np.concatenate([batch.scores[name] for batch in batches]) for name in first.scores},
        present={name: np.concatenate([batch.present[name] for batch in batches]) for name in first.scores},
        features={},
        spans=None,
        groups={},
    )
