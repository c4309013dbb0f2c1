"""Cost of extracting the flow that a stream reads, for one clip."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from triad.fusion.benchmarks.timing import measure_seconds
from triad.fusion.index import Index
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.flow.estimators import FlowEstimator, build_estimator, is_network, name_of_stream
from triad.modalities.video import iter_frames

NUM_CLIPS = 3
UNTRAINED = "random:0"
"""Weights of the networks that are timed: their values change no time."""


def measure_extraction(index: Index, stream: str, *, num_clips: int = NUM_CLIPS) -> dict[str, Any] | None:
    """Return the cost of estimating the flow of one clip with the method that a stream is named after.

    All fields of the clip are estimated, as extraction does; decoding is left out, for frames are decoded once for all
    streams. A method without a network has neither parameters nor GMACs.

    Args:
        index: prepared dataset with videos.
        stream: name of the stream in the index.
        num_clips: number of clips, spread over the dataset, of which the median is taken.

    Returns:
        ``{"by", "parameters", "gmacs", "ms"}``; None where the stream is no flow, there is no video, or the method is
        not installed or needs weights.
    """
    info = index.metainfo["streams"].get(stream, {})
    videos = [record["video"] for record in index.records if record.get("video")]
    if info.get("modality") != "flow" or not stream.startswith("flow_") or not videos:
        return None
    name = name_of_stream(stream)
    try:
        estimator = build_estimator(name, weights=UNTRAINED if is_network(name) else None)
    except InputError:
        return None
    chosen = videos[:: max(1, len(videos) // num_clips)][:num_clips]
    clips = [np.stack(list(iter_frames(index.root / video))) for video in chosen]
    return {"by": name, **measure_estimator(estimator, clips)}


def measure_estimator(estimator: FlowEstimator, clips: Sequence[np.ndarray]) -> dict[str, float]:
    """Return parameters, GMACs and milliseconds of the flow of one clip, the median over clips.

    Args:
        estimator: estimator of the flow.
        clips: frames of each clip, uint8 ``[T, H, W, 3]``, two or more.
    """
    estimator(clips[0][:2])  # warm up
    seconds = [measure_seconds(lambda clip=clip: estimator(clip)) for clip in clips]  # type: ignore[misc]
    gmacs = []
    for clip in clips:
        with FlopCounterMode(display=False) as counter:
            estimator(clip[:2])
        gmacs.append(counter.get_total_flops() / 2e9 * (len(clip) - 1))
    inner = getattr(estimator, "estimator", estimator)  # a resized one wraps another
    networks = [value for value in vars(inner).values() if isinstance(value, nn.Module)]
    return {
        "parameters": count_parameters(*networks),
        "gmacs": float(median(gmacs)),
        "ms": 1000 * float(median(seconds)),
    }
