"""Why a skeleton stream says what it says of a record: relevance of joints and times, and the stream's own graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fusion.data import ActionDataset, collate
from fusion.explanation import StreamScore, gradient_times_input, joint_graphs, mean_graph, occlusion
from fusion.index import load_index
from fusion.models import Recognizer
from modalities.modality import get_modality
from modalities.skeleton.reader import PoseReader


@dataclass(frozen=True)
class Saliency:
    """Relevance for the class that a stream predicts, in one view of one sample.

    Args:
        stream: as the model calls it.
        source: as the index calls it.
        reader: how the model reads it.
        label: the class.
        probability: of it, says the stream.
        gradient: gradient × input, logits.
        occlusion: what the logit loses when a joint is hidden throughout. Of short stretches it would say little where
            lost joints are interpolated.
        graph: shares of what joints hear of others, hearer, speaker; None where the network has no graph.

    Shapes: ``gradient`` ``[M, T, V]``, ``occlusion`` ``[M, V]``, ``graph`` ``[M, T, V, V]``.
    """

    stream: str
    source: str
    reader: PoseReader
    label: int
    probability: float
    gradient: np.ndarray
    occlusion: np.ndarray
    graph: np.ndarray | None


def skeleton_streams(model: Recognizer, dataset: ActionDataset) -> list[str]:
    """The streams of a model that can be asked why."""
    return [name for name in model.streams if get_modality(dataset.readers[name].modality).has_joints]


def find_saliency(model: Recognizer, dataset: ActionDataset, name: str) -> list[Saliency]:
    """Ask every skeleton stream that a record has, of several views the middle one.

    Args:
        model: in evaluation.
        dataset: one of its config's, for test; of any split.
        name: id of the record.

    Raises:
        InputError: if the record is unknown or a file is damaged.
    """
    record = load_index(dataset.index.root).record(name)
    batch = collate([dataset.sample(record, dataset.num_clips // 2)])
    found = []
    for stream in skeleton_streams(model, dataset):
        reader: Any = dataset.readers[stream]
        if not bool(batch[stream]["present"][0]):
            continue
        score = StreamScore(model, batch, stream=stream)
        with torch.no_grad():
            probability = score.logits(score.prepare(score.entry))[0].softmax(-1)
        label = int(probability.argmax())
        graphs = joint_graphs(model, batch, stream=stream)
        times = batch[stream]["data"].shape[2]
        found.append(
            Saliency(
                stream,
                dataset.sources[stream],
                reader,
                label,
                float(probability[label]),
                _numbers(gradient_times_input(model, batch, stream=stream, target=label)),
                _numbers(occlusion(model, batch, stream=stream, target=label).sum(1)),
                _numbers(mean_graph(graphs, times=times)) if graphs else None,
            )
        )
    return found


def _numbers(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
