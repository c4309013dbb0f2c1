"""Scores and labels of evenly spaced frames of annotated videos, made of the predictions of windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triad.fusion.inference.localization.annotated_videos import AnnotatedVideo, Reason
from triad.fusion.predictions import Predictions, to_probabilities
from triad.fusion.predictions.localization import BACKGROUND, frame_labels, scores_of_frames
from triad.modalities.checks import fail

MAX_SCORES = 2**30
"""Scores of frames that are held at once: 4 GiB."""

MAX_SECONDS = 1e9
"""Largest start or end of a window: three decades."""


@dataclass(frozen=True, eq=False)
class FrameTimeline:
    """Video with a score of every class in every frame.

    Args:
        video: video and its annotated actions.
        scores: probability of each class, float32 ``[T, K]``.
        labels: mask of the classes that each frame shows, bool ``[T, K]``.
    """

    video: AnnotatedVideo
    scores: np.ndarray
    labels: np.ndarray

    @property
    def single_labels(self) -> np.ndarray:
        """Class of each frame, the first of several; background where there is none, int ``[T]``."""
        return np.where(self.labels.any(axis=1), self.labels.argmax(axis=1), BACKGROUND)


def build_timelines(
    videos: Sequence[AnnotatedVideo], predictions: Predictions, stream: str, fps: float
) -> tuple[list[FrameTimeline], list[Reason]]:
    """Return the timelines of the videos that have predictions, and a reason for each that has none.

    The score of a frame is the mean probability of the windows that cover it: a sigmoid of the scores of kind
    ``sigmoid``, a softmax of others. Frames that the stream is absent in have scores of 0.

    Args:
        videos: annotated videos, labelled over the classes of the predictions.
        predictions: predictions of windows with ``spans``; ``groups["source_video"]`` names the video of each.
        stream: name of the scores.
        fps: frames per second.

    Raises:
        InputError: If the predictions are not of windows of these videos, or there are too many frames.
    """
    num_scores = sum(video.duration for video in videos) * fps * len(predictions.classes)
    if num_scores > MAX_SCORES:
        got = f"{num_scores / 1e9:.1f} thousand million scores at {fps:g} a second"
        fail("--fps", "leave the scores of all frames within 4 GiB", got, "lower it")
    if predictions.spans is None or "source_video" not in predictions.groups:
        cure = "write them with triad evaluate localization OUT --checkpoint"
        fail("predictions", "say which span of which video they are of (spans, groups/source_video)", "none", cure)
    spans = predictions.spans
    usable = (np.abs(spans) <= MAX_SECONDS).all(axis=1) & (spans[:, 0] < spans[:, 1])  # NaN is not
    if not usable.all():
        row = int(np.flatnonzero(~usable)[0])
        got = f"{spans[row].tolist()} of '{predictions.ids[row]}'"
        fail("spans of the predictions", "be seconds, the end after the start", got)
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(predictions.groups["source_video"].tolist()):
        if predictions.present[stream][row]:
            rows_of.setdefault(name, []).append(row)
    timelines: list[FrameTimeline] = []
    reasons: list[Reason] = []
    for video in videos:
        rows = np.array(rows_of.get(video.id, ()), dtype=np.int64)
        if not len(rows):
            reasons.append({"id": video.id, "reason": f"left out: no window of it has scores of '{stream}'"})
            continue
        times = (np.arange(max(int(video.duration * fps), 1)) + 0.5) / fps  # centres of frames
        probabilities = to_probabilities(predictions.scores[stream][rows], predictions.kinds[stream])
        scores = scores_of_frames(spans[rows], probabilities, times)
        timelines.append(FrameTimeline(video, scores, frame_labels(video.instances, times, len(predictions.classes))))
    if not timelines:
        first_name = next(iter(rows_of), "none")
        fail("predictions", f"be of videos of the split, such as '{videos[0].id}'", f"'{first_name}'")
    return timelines, reasons
