"""Saliency of skeleton streams in one record: relevance of joints and times, and the stream's own graphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from triad.fusion.data import ActionDataset, collate
from triad.fusion.explanation import StreamScore, gradient_times_input, joint_graphs, mean_graph, occlusion
from triad.fusion.index import Record
from triad.fusion.models import Recognizer
from triad.modalities.modality import get_modality
from triad.modalities.skeleton import PoseReader


@dataclass(frozen=True)
class Saliency:
    """Relevance for the class that a stream predicts, in one test clip of one sample.

    Args:
        stream: name of the stream in the model.
        source: name of the stream in the index.
        reader: reader of the model's stream.
        label: name of the class.
        probability: probability of the class by the stream.
        gradient: gradient × input, logits ``[M, T, V]``.
        occlusion: drop of the logit when a joint is hidden throughout, ``[M, V]``. Short intervals would show little
            where missing joints are interpolated.
        graph: weights by which joints (target) take from others (source), ``[M, T, V, V]``; None if the network has no
            graph.
    """

    stream: str
    source: str
    reader: PoseReader
    label: str
    probability: float
    gradient: np.ndarray
    occlusion: np.ndarray
    graph: np.ndarray | None


def streams_with_joints(model: Recognizer, dataset: ActionDataset) -> list[str]:
    """Return the streams of a model that can be explained."""
    return [stream for stream in model.test_streams if get_modality(dataset.readers[stream].modality).has_joints]


def compute_saliencies(
    model: Recognizer, dataset: ActionDataset, record: Record, *, classes: Sequence[str]
) -> list[Saliency]:
    """Explain every skeleton stream of a record, of several views the middle one.

    Args:
        model: recognizer in evaluation mode.
        dataset: test dataset of its config.
        record: record of the dataset's index, of any split.
        classes: names of the model's classes.

    Raises:
        InputError: If a file is damaged.
    """
    batch = collate([dataset.sample(record, dataset.middle_view)])
    return [
        _compute_saliency(model, dataset, batch, stream, classes)
        for stream in streams_with_joints(model, dataset)
        if bool(batch[stream]["present"][0])
    ]


def _compute_saliency(
    model: Recognizer, dataset: ActionDataset, batch: dict[str, Any], stream: str, classes: Sequence[str]
) -> Saliency:
    reader: Any = dataset.readers[stream]
    score = StreamScore(model, batch, stream=stream)
    with torch.no_grad():
        logits = score.logits(score.prepare(score.entry))[0]
        probabilities = logits.sigmoid() if model.multi_label else logits.softmax(-1)
    label = int(probabilities.argmax())
    graphs = joint_graphs(model, batch, stream=stream)
    times = batch[stream]["data"].shape[2]
    return Saliency(
        stream,
        dataset.sources[stream],
        reader,
        classes[label],
        float(probabilities[label]),
        _to_numpy(gradient_times_input(model, batch, stream=stream, target=label)),
        _to_numpy(occlusion(model, batch, stream=stream, target=label).sum(1)),
        _to_numpy(mean_graph(graphs, times=times)) if graphs else None,
    )


def _to_numpy(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
