"""Interfaces of prediction: the network that scores a batch, and how the batch of a model is prepared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from triad.fusion.data import WHOLE_FRAME, Batch, TemporalSampler
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Reader


class Network(Protocol):
    """Scores a batch of :func:`triad.fusion.data.collate.collate`.

    The network moves, transforms and normalises the batch itself, exactly as ``test`` does.

    ``__call__`` returns ``{stream: scores}`` of the streams with scores of their own, and ``"fused"`` where the model
    reads several streams; float32 ``[B, K]``.
    Scores of a stream are logits, 0 where the sample lacks it (``present`` of the batch); fused scores are
    log-probabilities. A network with fusion modules keeps the maps of each sample of the last batch as
    ``attention_maps``, a sequence of tuples of :class:`~triad.fusion.models.SampleMap`.
    """

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]: ...


@dataclass(frozen=True)
class StreamInput:
    """Input of one stream of a model.

    Args:
        reader: reader that letterboxes decoded entries and builds clips.
        num_frames: number of times in a span.
        source: name of the stream in a prepared dataset: ``rgb``, ``flow_<estimator>``, ``pose_<estimator>``,
            ``skeleton``.
    """

    reader: Reader
    num_frames: int
    source: str


@dataclass(frozen=True)
class ClipLengths:
    """Lengths of the training clips of a model, in seconds.

    Args:
        median: median length.
        longest: largest length.
    """

    median: float
    longest: float


@dataclass(frozen=True)
class Model:
    """A network and how its batches are prepared.

    Args:
        name: name of the model in the results: its work folder or file.
        network: network that scores batches.
        classes: names of the classes, in the order of the scores.
        inputs: input of each stream.
        temporal_sampler: sampler of the times within a span, and number of test clips that are averaged.
        clip_lengths: lengths of the training clips; None where the checkpoint does not say.
        views: crops of each test clip that are averaged, the one in the centre first.
        average_clips: what is averaged over clips and crops, see :func:`triad.fusion.predictions.average_clips`.
        note: remark for the user; empty without one.
        scored_streams: streams that have scores of their own; None for all inputs.
        multi_label: whether a clip may show several classes: scores, the fused ones too, are then logits of sigmoids.
    """

    name: str
    network: Network
    classes: tuple[str, ...]
    inputs: Mapping[str, StreamInput]
    temporal_sampler: TemporalSampler
    clip_lengths: ClipLengths | None = None
    views: tuple[SpatialAugmentation, ...] = WHOLE_FRAME
    average_clips: str | None = None
    note: str = ""
    scored_streams: tuple[str, ...] | None = None
    multi_label: bool = False
