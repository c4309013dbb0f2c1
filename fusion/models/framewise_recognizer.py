"""Recognizer that labels every time of its clips: times are samples of the heads of a :class:`Recognizer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.heads import truncated_smoothing_loss
from triad.fusion.models.classification import Classification
from triad.fusion.models.fusion_module import AttentionMap, Features
from triad.fusion.models.preprocessor import FEATURES
from triad.fusion.models.recognizer import Recognizer
from triad.fusion.models.streams import StreamFeatures, take_rows, zero_loss
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_or_all


@dataclass(frozen=True)
class FrameClassification(Classification):
    """Scores of all times of a batch, times of one sample after another.

    Args:
        stages: logits of every stage of a stream with a refinement, ``[P, K, T]`` each, the first one the head's.
        valid: mask of valid times of each stream, ``[P, T]``.
    """

    stages: Mapping[str, Sequence[Tensor]] = field(default_factory=dict)
    valid: Mapping[str, Tensor] = field(default_factory=dict)


@MODELS.register_module()
class FramewiseRecognizer(Recognizer):
    """Recognizer of the actions of every time of a video, from features or any stream whose map is ``[B, C, T]``.

    Heads, losses and fusion are those of :class:`Recognizer` for every time; labels have an axis of times, or hold in
    all of them. A refinement reads the logits of a stream's head over time and gives better ones, in several stages of
    which each has the loss.

    Args:
        num_classes: number of classes.
        streams: as of :class:`Recognizer`, all of the same ``num_frames``.
        refinement: config of a network ``forward(logits, features, valid)`` that returns the logits of its stages,
            built for the head of each stream with ``in_channels``, ``num_classes`` and ``multi_label``; None for none.
            Rows without a valid time count as valid throughout, as for encoders.
        smoothing: weight of the loss of neighbouring times that differ, see
            :func:`~triad.fusion.heads.truncated_smoothing_loss`; published: 0.15.
        heads: as of :class:`Recognizer`.
        joint_head: as of :class:`Recognizer`.
        fused: as of :class:`Recognizer`.
        dropout: dropout of every stream's head, 0–1.
        loss: as of :class:`Recognizer`.
        class_weighting: as of :class:`Recognizer`.
        pretrained: as of :class:`Recognizer`.

    Raises:
        InputError: As :class:`Recognizer`; if an encoder with a head pools over time, or a stream is called
            ``features``.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        streams: Mapping[str, Mapping[str, Any]],
        refinement: Mapping[str, Any] | None = None,
        smoothing: float = 0.0,
        heads: Mapping[str, float | None] | None = None,
        joint_head: Mapping[str, Any] | None = None,
        fused: str | None = None,
        dropout: float = 0.0,
        loss: str = "cross_entropy",
        class_weighting: float = 0.0,
        pretrained: Mapping[str, str | None] | None = None,
    ) -> None:
        if FEATURES in streams:
            must = "have another name: a batch holds features of frozen encoders under it"
            fail(f"stream '{FEATURES}' of FramewiseRecognizer", must, f"'{FEATURES}'", "call it features_NAME")
        super().__init__(
            num_classes=num_classes,
            streams=streams,
            heads=heads,
            joint_head=joint_head,
            fused=fused,
            dropout=dropout,
            loss=loss,
            class_weighting=class_weighting,
            pretrained=pretrained,
        )
        encoders: Mapping[str, Any] = dict(self.encoders.items())
        for name, encoder in encoders.items():
            if encoder.output_axes != "BCT" or encoder.pooled_channels is not None:
                got = f"{type(encoder).__name__} with {encoder.output_axes}"
                got += "" if encoder.pooled_channels is None else ", pooled"
                cure = "take a network over features, with pooling='mean'"
                fail(f"encoder of stream '{name}'", "give a map of axes BCT that heads read", got, cure)
        if smoothing < 0:
            fail("FramewiseRecognizer.smoothing", "be 0 or more", smoothing)
        self.smoothing = smoothing
        given = {"num_classes": num_classes, "multi_label": self.multi_label}
        self.refinements = nn.ModuleDict()
        for name in self.heads if refinement is not None else ():
            self.refinements[name] = MODELS.build(
                {**(refinement or {}), "in_channels": encoders[name].out_channels, **given}
            )

    def fuse(
        self, features: Features, batch: Mapping[str, Any]
    ) -> tuple[Features, dict[str, Tensor], dict[str, AttentionMap]]:
        """Return the features of every time as those of a sample of its own."""
        fused, losses, maps = super().fuse(features, batch)
        return {name: times_as_samples(stream) for name, stream in fused.items()}, losses, maps

    def classify(self, features: Features, batch: Mapping[str, Any]) -> FrameClassification:
        """Return the scores of all heads at every time, after the refinements."""
        num_times = _num_times(batch, self.streams)
        numbers = batch["number"].repeat_interleave(num_times)
        classification = super().classify(features, {"number": numbers})
        scores = dict(classification.scores)
        stages: dict[str, list[Tensor]] = {}
        for name, refinement in self.refinements.items():
            if name in scores:
                logits, rows = scores[name]
                stream = features[name]
                first = logits.unflatten(0, (-1, num_times)).transpose(1, 2)  # [P, K, T]
                stages[name] = [first, *refinement(first, stream.map, valid_or_all(stream.valid))]
                scores[name] = (_flatten(stages[name][-1]), rows)
        vectors = {name: vector[:, :0] for name, vector in classification.vectors.items()}  # too many to keep
        return FrameClassification(
            classification.features,
            vectors,
            scores,
            classification.losses,
            classification.maps,
            stages=stages,
            valid={name: stream.valid for name, stream in features.items()},
        )

    def losses(self, classification: Classification, batch: Mapping[str, Any]) -> dict[str, Tensor]:
        """Return the weighted losses of all heads, summed over the stages, and those of neighbouring times."""
        num_times = _num_times(batch, self.streams)
        labels = frame_labels(batch["label"], num_times, multi_label=self.multi_label).flatten(0, 1)
        losses = dict(classification.losses)
        known_stages = getattr(classification, "stages", {})
        masks = getattr(classification, "valid", {})
        for name, (logits, rows) in classification.scores.items():
            targets = take_rows(labels, rows)
            stages = known_stages.get(name) or [logits.unflatten(0, (-1, num_times)).transpose(1, 2)]
            weight = self.loss_weights[name]
            losses[f"loss_{name}"] = weight * sum(self.class_loss(_flatten(stage), targets) for stage in stages)
            if self.smoothing and name in masks:
                jumps = [truncated_smoothing_loss(stage, masks[name], multi_label=self.multi_label) for stage in stages]
                losses[f"loss_{name}_smoothing"] = weight * self.smoothing * torch.stack(jumps).sum()
        for name, refinement in self.refinements.items():
            if name not in classification.scores:
                losses[f"loss_{name}_unrefined"] = batch["number"].new_zeros((), dtype=torch.float) + zero_loss(
                    refinement
                )
        return losses

    def predictions(self, classification: Classification, batch: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return ``{"frames": predictions}`` of each sample, one a time, named by its number, as ``video@000012``."""
        num_times = _num_times(batch, self.streams)
        times = next(batch[name]["times"] for name in self.test_streams)
        exists = (times > 0).cpu()  # padding has no time
        frames: dict[str, Any] = {
            "number": batch["number"].repeat_interleave(num_times),
            "label": frame_labels(batch["label"], num_times, multi_label=self.multi_label).flatten(0, 1),
            "span": _spans(batch["span"].cpu(), exists).flatten(0, 1),
            "id": [f"{name}@{number:06d}" for name in batch["id"] for number in range(num_times)],
        }
        for name in self.test_streams:
            frames[name] = {"present": batch[name]["present"].repeat_interleave(num_times)}
        rows = super().predictions(classification, frames)
        return [
            {"frames": [rows[sample * num_times + time] for time in known.nonzero()[:, 0].tolist()]}
            for sample, known in enumerate(exists)
        ]


def times_as_samples(stream: StreamFeatures) -> StreamFeatures:
    """Return the features of a stream with a row for every time: ``[P, C, T]`` -> ``[P · T, C]``."""
    num_times = stream.map.shape[2]
    rows = (stream.rows[:, None] * num_times + torch.arange(num_times, device=stream.rows.device)).flatten()
    samples = None
    if stream.samples is not None:
        samples = tuple(sample * num_times + time for sample in stream.samples for time in range(num_times))
    feature_map = stream.map.transpose(1, 2).flatten(0, 1)
    return replace(
        stream, rows=rows, map=feature_map, valid=stream.valid.flatten()[:, None], axes="BC", samples=samples
    )


def frame_labels(labels: Tensor, num_times: int, *, multi_label: bool) -> Tensor:
    """Return labels of every time: as they are, or the label of a sample at all of its times.

    Shapes: ``[B]`` or ``[B, T]`` -> ``[B, T]``; multi-label ``[B, K]`` or ``[B, T, K]`` -> ``[B, T, K]``.
    """
    if labels.ndim == (3 if multi_label else 2):
        return labels
    return labels[:, None].expand(-1, num_times, *labels.shape[1:])


def _num_times(batch: Mapping[str, Any], streams: Sequence[str]) -> int:
    """Return the number of times of a batch, that of every stream.

    Raises:
        InputError: If streams differ in it.
    """
    counts = {name: batch[name]["times"].shape[1] for name in streams if name in batch}
    if len(set(counts.values())) > 1:
        fail("times of the streams of FramewiseRecognizer", "be equally many", counts, "give them one num_frames")
    return next(iter(counts.values()))


def _flatten(logits: Tensor) -> Tensor:
    """Return logits of all times: ``[P, K, T]`` -> ``[P · T, K]``."""
    return logits.transpose(1, 2).flatten(0, 1)


def _spans(spans: Tensor, exists: Tensor) -> Tensor:
    """Return the span of every time, those of a sample of equal length: ``[B, 2]``, ``[B, T]`` -> ``[B, T, 2]``."""
    counts = exists.sum(1, keepdim=True).clamp(min=1)  # [B, 1]
    length = (spans[:, 1:] - spans[:, :1]) / counts
    starts = spans[:, :1] + length * torch.arange(exists.shape[1], dtype=spans.dtype)
    return torch.stack([starts, starts + length], dim=2)
