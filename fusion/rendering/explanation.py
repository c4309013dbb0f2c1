"""Where a model looks in a sample, and why it says what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mmengine.config import Config

from fusion.attention import SeparableSTA
from fusion.data import ActionDataset
from fusion.index import extent_of, load_index
from fusion.models import Recognizer
from fusion.rendering.attention_maps import AttentionMap, find_attention_maps
from fusion.rendering.saliency import Saliency, find_saliency, skeleton_streams
from fusion.training.config import build_config
from fusion.training.loading import load_dataset, load_model
from modalities.checks import fail
from modalities.clips import Span
from modalities.modality import modality_of_reader


@dataclass(frozen=True)
class Explanation:
    """What can be shown of a model and one view of one sample.

    Args:
        span: the view, seconds.
        gaze: attention over the frames.
        saliencies: relevance of joints, one a skeleton stream.
    """

    span: Span
    gaze: AttentionMap | None = None
    saliencies: tuple[Saliency, ...] = ()

    def __bool__(self) -> bool:
        return self.gaze is not None or bool(self.saliencies)


def open_explainer(
    config: str | Path, checkpoint: str | Path, data: str | Path, options: Sequence[str] = ()
) -> Callable[[str], Explanation]:
    """Load a model once and ask it about any sample of a prepared dataset, by its id; see :func:`explain_sample`.

    Raises:
        InputError: if config, checkpoint and dataset do not fit each other, or the model has nothing to be looked at.
    """
    settings = build_config(config, options=options, data=data)
    if not can_explain(settings):
        streams = ", ".join(settings.streams)
        fail("model to look at", "have a skeleton stream or SeparableSTA", streams, "leave out --config, --checkpoint")
    model = load_model(settings, checkpoint)
    return partial(explain_sample, model, load_dataset(settings, "test"))


def can_explain(config: Config) -> bool:
    """Whether there is something to be looked at in the model of a config."""
    attends = (config.model.get("attention") or {}).get("type") is SeparableSTA
    return attends or any(modality_of_reader(stream["reader"]).has_joints for stream in config.streams.values())


def explain_sample(model: Recognizer, dataset: ActionDataset, name: str) -> Explanation:
    """Run a model on a record as a test would (of several views, the middle one); false where it lacks the streams.

    Args:
        model: a recognizer.
        dataset: one of its config's, for test; of any split.
        name: id of the record.

    Raises:
        InputError: if the record is unknown, or a file is damaged.
    """
    record = load_index(dataset.index.root).record(name)
    span = dataset.temporal_sampler.clip_span(extent_of(record), dataset.num_clips // 2)
    gaze = find_attention_maps(model, dataset, name) if isinstance(model.attention, SeparableSTA) else None
    asked = find_saliency(model, dataset, name) if skeleton_streams(model, dataset) else []
    return Explanation(span, gaze, tuple(asked))
