"""Explanations of a model's predictions: maps of its fusion modules and saliency of joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from triad.fusion.data import ActionDataset
from triad.fusion.index import Index, clock_of, extent_of
from triad.fusion.models import Recognizer
from triad.fusion.rendering.attention_maps import AttentionMaps, compute_attention_maps
from triad.fusion.rendering.saliency import Saliency, compute_saliencies
from triad.modalities.clips import Span


@dataclass(frozen=True)
class Explanation:
    """Attention and saliency of a model in one test clip of one sample; false where it has neither.

    Args:
        span: span of the clip, seconds.
        attention: maps of the fusion modules and of the joint head.
        saliencies: relevance of joints, one per skeleton stream.
    """

    span: Span
    attention: AttentionMaps = field(default_factory=AttentionMaps)
    saliencies: tuple[Saliency, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.attention) or bool(self.saliencies)


class Explainer:
    """Explains the predictions of one model for records of one dataset.

    Args:
        model: recognizer in evaluation mode.
        dataset: test dataset of its config.
        index: whole index of the dataset, of all splits.
        classes: names of the model's classes.
    """

    def __init__(self, model: Recognizer, dataset: ActionDataset, index: Index, *, classes: Sequence[str]) -> None:
        self.model = model
        self.dataset = dataset
        self.index = index
        self.classes = classes

    def __call__(self, record_id: str) -> Explanation:
        """Run the model on a record as a test does, of several test clips the middle one, and explain it.

        Raises:
            InputError: If the record is unknown, or a file is damaged.
        """
        record = self.index.record(record_id)
        attention = compute_attention_maps(self.model, self.dataset, record)
        span = self.dataset.temporal_sampler.clip_span(extent_of(record), self.dataset.num_clips // 2, clock_of(record))
        saliencies = tuple(compute_saliencies(self.model, self.dataset, record, classes=self.classes))
        return Explanation(span, attention, saliencies)
