"""Comparison of an exported model with torch on random input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from mmengine.config import Config

from triad.fusion.data import Batch, Sample, collate
from triad.fusion.inference.interfaces import Network
from triad.fusion.models import Recognizer
from triad.fusion.training.loading import views_of
from triad.fusion.training.zoo import blank_clips, fill_clip
from triad.modalities.clips import Span
from triad.modalities.modality import get_modality
from triad.modalities.seeding import derive_rng

TOLERANCE = 1e-4
"""Largest difference allowed between the scores of onnxruntime and of torch."""


def random_batch(config: Config, *, num_samples: int, num_persons: int) -> Batch:
    """Return a batch of noise as the readers of a config would make it, with some joints and times missing.

    Every sample has the view of the exported graph.

    Args:
        config: config of a recognizer.
        num_samples: number of samples.
        num_persons: number of persons in skeletons.
    """
    samples = []
    for number in range(num_samples):
        rng = derive_rng("export", number)
        clips = {
            name: get_modality(clip.modality).randomize(fill_clip(clip, num_persons), rng)
            for name, clip in blank_clips(config).items()
        }
        view = views_of(config)[0]
        samples.append(Sample("", -1, 0, Span(0.0, 1.0), view, clips, dict.fromkeys(clips, True)))
    return collate(samples)


def largest_difference(model: Recognizer, network: Network, config: Config, streams: Sequence[str]) -> float:
    """Return the largest difference between the scores of a model and of its export, NaN included.

    The samples have all streams, or lack one of them. Their number and that of their persons differ from those that the
    graph was traced with.

    Args:
        model: recognizer in evaluation mode, on the CPU.
        network: exported model.
        config: config of the recognizer.
        streams: names of the exported streams.
    """
    batch = random_batch(config, num_samples=2 + len(streams), num_persons=1)
    for name in model.test_streams:
        batch[name]["present"][:] = name in streams
    for row, name in enumerate(streams if len(streams) > 1 else []):
        batch[name]["present"][1 + row] = False
    exported = network(batch)
    with torch.no_grad():
        results = model(**model.data_preprocessor(batch, False), mode="predict")
    differences = [0.0]
    for row, result in enumerate(results):
        expected = {name: stream["score"] for name, stream in result["streams"].items()}
        if "fused" in exported and "fused" in result:
            expected["fused"] = result["fused"]
        differences += [float(np.abs(exported[name][row] - scores).max()) for name, scores in expected.items()]
    return float(np.max(differences))  # max() of Python could hide NaN
