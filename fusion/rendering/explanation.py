"""Explanations of a model's prediction for any sample of a prepared dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmengine.config import Config

from fusion.attention import SeparableSTA
from fusion.data import ActionDataset
from fusion.index import Index, extent_of, load_index
from fusion.models import Recognizer
from fusion.rendering.attention_maps import AttentionMap, compute_attention_map
from fusion.rendering.saliency import Saliency, compute_saliencies
from fusion.training.config import build_config
from fusion.training.loading import load_dataset, load_model
from modalities.checks import fail
from modalities.clips import Span
from modalities.modality import modality_of_reader


@dataclass(frozen=True)
class Explanation:
    """Attention and saliency of a model in one test clip of one sample; false where it has neither.

    Args:
        span: span of the clip, seconds.
        attention_map: attention over the frames.
        saliencies: relevance of joints, one per skeleton stream.
    """

    span: Span
    attention_map: AttentionMap | None = None
    saliencies: tuple[Saliency, ...] = ()

    def __bool__(self) -> bool:
        return self.attention_map is not None or bool(self.saliencies)


class Explainer:
    """Explains the predictions of one model for records of one dataset.

    Args:
        model: recognizer in evaluation mode.
        dataset: test dataset of its config.
        index: whole index of the dataset, of all splits.
    """

    def __init__(self, model: Recognizer, dataset: ActionDataset, index: Index) -> None:
        self.model = model
        self.dataset = dataset
        self.index = index

    def __call__(self, record_id: str) -> Explanation:
        """Run the model on a record as a test does, of several test clips the middle one, and explain it.

        Raises:
            InputError: if the record is unknown, or a file is damaged.
        """
        record = self.index.record(record_id)
        attention_map = None
        if isinstance(self.model.attention, SeparableSTA):
            attention_map = compute_attention_map(self.model, self.dataset, record)
        span = self.dataset.temporal_sampler.clip_span(extent_of(record), self.dataset.num_clips // 2)
        return Explanation(span, attention_map, tuple(compute_saliencies(self.model, self.dataset, record)))


def open_explainer(
    config: str | Path, checkpoint: str | Path, data: str | Path, options: Sequence[str] = ()
) -> Explainer:
    """Load a model to explain samples of a prepared dataset.

    Args:
        config: path of the model's config.
        checkpoint: path of a checkpoint, or of a work folder, whose last checkpoint is taken.
        data: folder of the prepared dataset.
        options: changes of the config, ``key.to.field=value``.

    Raises:
        InputError: if config, checkpoint and dataset do not fit each other, or the model has nothing to explain.
    """
    settings = build_config(config, options=options, data=data)
    if not can_explain(settings):
        streams = ", ".join(settings.streams)
        fail("model to explain", "have a skeleton stream or SeparableSTA", streams, "leave out --config, --checkpoint")
    model = load_model(settings, checkpoint)
    return Explainer(model, load_dataset(settings, "test"), load_index(data))


def can_explain(config: Config) -> bool:
    """Return whether the model of a config has attention over frames or a skeleton stream."""
    has_attention = (config.model.get("attention") or {}).get("type") is SeparableSTA
    return has_attention or any(modality_of_reader(stream["reader"]).has_joints for stream in config.streams.values())
