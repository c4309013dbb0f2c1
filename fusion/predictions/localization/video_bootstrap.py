"""Intervals of metrics of whole videos: videos, or all videos of a person, are drawn together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from triad.fusion.predictions.grouping import select_clusters
from triad.fusion.predictions.localization.event_average_precision import EventMatches
from triad.fusion.predictions.localization.frame_average_precision import count_scores
from triad.fusion.predictions.statistics import Interval, draw_multiplicities, expanded_percentiles

CHUNK_SIZE = 100
"""Resamples of detections that are counted at once."""


class VideoBootstrap:
    """Resamples of the videos of a test set, drawn once for all metrics.

    Args:
        num_videos: number V of videos.
        groups: strings ``[V]`` by name, as in :class:`~triad.fusion.predictions.Predictions`.
        resamples: number R of resamples.
        seed: seed of the random draw.

    Attributes:
        unit: name of a unit that is drawn: ``subject``, ``source_video``, or ``video`` where there are no groups.
        num_units: number of them.
        multiplicities: how often each resample drew each video, ``[R, V]``.
    """

    def __init__(
        self, num_videos: int, *, groups: Mapping[str, np.ndarray] | None = None, resamples: int = 1000, seed: int = 0
    ) -> None:
        name, group_of = select_clusters(groups or {})
        units = np.arange(num_videos) if group_of is None else np.unique(group_of, return_inverse=True)[1]
        self.unit = "video" if group_of is None else name
        self.num_units = int(units.max()) + 1
        self.num_resamples = resamples
        self.multiplicities = draw_multiplicities(self.num_units, resamples=resamples, seed=seed)[:, units]

    def interval(self, values: np.ndarray, *, level: float = 0.95) -> Interval:
        """Return the interval of a metric from its values in the resamples. Shapes: values ``[R]``."""
        return expanded_percentiles(values, self.num_units, level)

    def ratios(self, numerators: np.ndarray, denominators: np.ndarray) -> np.ndarray:
        """Return the ratio of two sums over the videos in each resample; NaN where the second is 0.

        Shapes: ``[V]`` each; returns ``[R]``.
        """
        weights = self.multiplicities.astype(np.float64)
        below = weights @ denominators
        return np.divide(weights @ numerators, below, out=np.full(len(weights), np.nan), where=below > 0)

    def frame_map(self, labels: Sequence[np.ndarray], scores: Sequence[np.ndarray]) -> np.ndarray:
        """Return the frame-wise mean average precision of each resample over the classes that it shows.

        One class is counted at a time: the counts of thousands of videos take megabytes a class.

        Args:
            labels: mask of the classes that each frame shows, an array a video.
            scores: scores of each frame, an array a video.

        Shapes: bool and float ``[T, K]`` a video; returns ``[R]``.
        """
        precisions = []
        for label in range(scores[0].shape[1]):
            column = slice(label, label + 1)
            histogram = count_scores([array[:, column] for array in labels], [array[:, column] for array in scores])
            precisions.append(histogram.average_precision(self.multiplicities))
        return mean_of_known(np.concatenate(precisions, axis=1))

    def event_map(self, matches: Sequence[EventMatches]) -> np.ndarray:
        """Return the event mean average precision of each resample at each threshold. Shapes: returns ``[R, I]``."""
        chunks = []
        for start in range(0, self.num_resamples, CHUNK_SIZE):
            chunk = self.multiplicities[start : start + CHUNK_SIZE]
            precisions = np.stack([match.average_precision(chunk) for match in matches], axis=1)  # [R, K, I]
            chunks.append(mean_of_known(precisions))
        return np.concatenate(chunks)


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Return the mean along the second axis without NaN; NaN where all are. Shapes: ``[R, K, …]`` -> ``[R, …]``."""
    finite = np.isfinite(values)
    counts = finite.sum(axis=1)
    totals = np.where(finite, values, 0.0).sum(axis=1)
    return np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
