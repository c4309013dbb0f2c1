"""What prediction asks of a network, and what it must know to prepare a batch for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fusion.data.collate import Batch
from fusion.data.dataset import Reader
from fusion.data.temporal_sampler import TemporalSampler


class Network(Protocol):
    """From a batch as :func:`fusion.data.collate.collate` makes it to scores.

    It moves, transforms and normalises the batch itself, exactly as ``test`` does; nothing of that is done before.

    ``__call__`` gives ``{stream: scores}``, and ``"fused"`` where the model has several streams; float32 ``[B, K]``.
    Scores of a stream are logits, zero where the sample lacks it (``present`` of the batch); those of ``fused`` are
    log-probabilities.
    """

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]: ...


@dataclass(frozen=True)
class StreamInput:
    """How a stream of a model is read.

    Args:
        reader: brings what is decoded onto the canvas.
        num_frames: times in a span.
        source: what a prepared dataset calls it: ``rgb``, ``flow_<estimator>``, ``pose_<estimator>``, ``skeleton``.
    """

    reader: Reader
    num_frames: int
    source: str


@dataclass(frozen=True)
class ClipLengths:
    """How long the clips were that a model learned from, seconds.

    Args:
        median: of all of them.
        longest: of all of them.
    """

    median: float
    longest: float


@dataclass(frozen=True)
class Model:
    """A network and what its batches are made of.

    Args:
        name: what outputs call it: its work folder or file.
        network: the network.
        classes: names, in the order of the scores.
        readings: how each stream is read.
        temporal_sampler: which times of a span they take, and how many views of it are averaged.
        lengths: of the clips that it learned from; None where nobody kept them.
    """

    name: str
    network: Network
    classes: tuple[str, ...]
    readings: Mapping[str, StreamInput]
    temporal_sampler: TemporalSampler
    lengths: ClipLengths | None = None
