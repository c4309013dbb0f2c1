"""The recognizer: any set of streams, optional attention between encoders and heads, one head a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from fusion.heads import ClassLoss, LinearHead, check_pooling
from fusion.models.preprocessor import Preprocessor
from fusion.models.streams import StreamFeatures, encode_stream, scatter, zero_loss
from modalities.checks import check_choice, fail
from modalities.encoder import Encoder
from modalities.freezing import freeze, frozen_modules
from modalities.registry import MODELS, TRANSFORMS
from modalities.weights import WeightsReport, load_tensors, read_state_dict


@MODELS.register_module()
class Recognizer(BaseModel):
    """Recognizer of the action of a clip from any set of streams.

    Every stream has an encoder and a head of its own and is trained by its own cross-entropy (the sum of them is the
    loss); the ``fused`` score of a sample is the mean log-probability of the streams it has. An attention module may
    stand between encoders and heads.

    Args:
        num_classes: number of classes.
        streams: ``{name: {"transform", "encoder"}}``: configs of the transform on the device and of the encoder. Other
            keys belong to the dataset.
        attention: config of a module of :mod:`fusion.attention`.
        temporal_bins: number of equal parts of the time that a head keeps apart, see :func:`fusion.heads.pool`; streams
            whose encoder pools by itself, or has no times left, have one.
        pooling: statistics over time that the heads read, ``mean``, ``std`` or ``max``, concatenated.
        dropout: dropout of every head, 0–1.
        label_smoothing: label smoothing of every cross-entropy, 0–1.
        class_weighting: strength of the weight of rare classes in every loss, 0–1, see
            :class:`~fusion.heads.ClassLoss`.
        logit_adjustment: strength with which class shares in training are taken out of the logits; 1 is usual.
        frozen: streams whose encoder is not trained and whose batch statistics stay.
        frozen_stages: ``{stream: number}`` of stages from the input on that are not trained and whose batch statistics
            stay, see :func:`modalities.freezing.frozen_modules`.
        pretrained: ``{stream: path}`` of a checkpoint of a recognizer that has the stream, to start its encoder and
            head from, or of weights published for its encoder; None starts anew.

    Raises:
        InputError: without a stream, or for a checkpoint that does not fit.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        streams: Mapping[str, Mapping[str, Any]],
        attention: Mapping[str, Any] | None = None,
        temporal_bins: int = 1,
        pooling: Sequence[str] = ("mean",),
        dropout: float = 0.5,
        label_smoothing: float = 0.0,
        class_weighting: float = 0.0,
        logit_adjustment: float = 0.0,
        frozen: tuple[str, ...] = (),
        frozen_stages: Mapping[str, int] | None = None,
        pretrained: Mapping[str, str | None] | None = None,
    ) -> None:
        if not streams:
            fail("Recognizer.streams", "name at least one stream", "none")
        transforms = {name: TRANSFORMS.build(stream["transform"]) for name, stream in streams.items()}
        super().__init__(data_preprocessor=Preprocessor(transforms=transforms))
        self.encoders = nn.ModuleDict({name: MODELS.build(stream["encoder"]) for name, stream in streams.items()})
        self.attention: Any = MODELS.build(attention) if attention is not None else None
        attended_channels = self.attention.out_channels if self.attention is not None else {}
        self.heads = nn.ModuleDict()
        check_pooling(temporal_bins, pooling)
        parts = temporal_bins * len(pooling)
        pools_by_head = False
        for name, module in self.encoders.items():
            encoder = _as_encoder(module)
            attended = attended_channels.get(name)
            pools_by_head |= _has_times(encoder) and (attended is not None or encoder.pooled_channels is None)
            channels = _head_channels(encoder, attended, parts)
            self.heads[name] = LinearHead(in_channels=channels, num_classes=num_classes, dropout=dropout)
        if parts > 1 and not pools_by_head:
            got = f"{temporal_bins} and {', '.join(pooling)} with encoders that pool by themselves"
            fail("Recognizer.temporal_bins and pooling", "be 1 and mean", got, "leave both out")
        self.num_classes = num_classes
        self.temporal_bins = temporal_bins
        self.pooling = tuple(pooling)
        self.class_loss = ClassLoss(
            num_classes=num_classes,
            label_smoothing=label_smoothing,
            class_weighting=class_weighting,
            logit_adjustment=logit_adjustment,
        )
        self.frozen = tuple(frozen)
        for name, path in _by_stream("pretrained", pretrained).items():
            check_choice("stream of Recognizer.pretrained", name, self.encoders)
            if path is not None:
                self.load_stream(name, path)
        self.frozen_stages = dict(_by_stream("frozen_stages", frozen_stages))
        for name in (*self.frozen, *self.frozen_stages):
            check_choice("stream of Recognizer.frozen or frozen_stages", name, self.encoders)
        for name in self.frozen:
            self.encoders[name].requires_grad_(False)
        for name, num_stages in self.frozen_stages.items():
            freeze(self.encoders[name], num_stages)

    @property
    def streams(self) -> list[str]:
        return list(self.encoders)

    def load_stream(self, name: str, path: str | Path) -> WeightsReport:
        """Start a stream from a file: a recognizer's checkpoint that has it, or published weights of its encoder.

        From a checkpoint the head starts too, where its shape is the same.

        Raises:
            InputError: for a file without the encoder's weights, or with those of another shape.
        """
        subject = f"pretrained checkpoint of '{name}'"
        cure = f"train a model of stream '{name}' first, or give published weights of its encoder"
        weights = read_state_dict(path, subject=subject, cure=cure)
        prefix = f"encoders.{name}."
        report = load_tensors(self.encoders[name], weights, path=path, prefixes=[prefix], subject=subject, cure=cure)
        head = _with_prefix(weights, f"heads.{name}.")
        if all(head[key].shape == value.shape for key, value in self.heads[name].state_dict().items() if key in head):
            self.heads[name].load_state_dict(head, strict=False)
        return report

    def train(self, mode: bool = True) -> Recognizer:
        super().train(mode)
        for name in self.frozen:
            self.encoders[name].eval()
        for name, num_stages in self.frozen_stages.items():
            for module in frozen_modules(self.encoders[name], num_stages):
                module.eval()
        return self

    def extract(self, batch: Mapping[str, Any]) -> tuple[dict[str, StreamFeatures], dict[str, Tensor]]:
        """Return the features of every stream that some sample has, and the auxiliary losses."""
        features: dict[str, StreamFeatures] = {}
        losses: dict[str, Tensor] = {}
        for name, encoder in self.encoders.items():
            stream_features, encoder_losses = encode_stream(_as_encoder(encoder), batch[name])
            losses.update({f"loss_{name}_{loss}": value for loss, value in encoder_losses.items()})
            if stream_features is None:
                losses[f"loss_{name}_absent"] += zero_loss(self.heads[name]) + zero_loss(self.attention)
            else:
                features[name] = stream_features
        if self.attention is not None:
            features, auxiliary_losses = self.attention(features)
            losses.update(auxiliary_losses)
        return features, losses

    def pool(self, features: StreamFeatures) -> Tensor:
        """Return the vector of each sample that the stream's head reads."""
        return features.vector(self.temporal_bins, self.pooling)

    def forward(self, batch: dict[str, Any], mode: str = "tensor") -> Any:
        """Return losses (mode ``"loss"``), a list of predictions a sample (``"predict"``) or logits of a batch."""
        features, losses = self.extract(batch)
        vectors = {name: self.pool(stream) for name, stream in features.items()}
        logits = {name: self.heads[name](vector) for name, vector in vectors.items()}
        if mode == "loss":
            for name, stream_logits in logits.items():
                losses[f"loss_{name}"] = self.class_loss(stream_logits, batch["label"][features[name].rows])
            return losses
        if mode == "predict":
            return self._predictions(features, vectors, logits, batch)
        return logits

    def _predictions(
        self,
        features: Mapping[str, StreamFeatures],
        vectors: Mapping[str, Tensor],
        logits: Mapping[str, Tensor],
        batch: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        size = len(batch["id"])
        scores = {
            name: scatter(stream_logits.float(), features[name].rows, size).cpu().numpy()
            for name, stream_logits in logits.items()
        }
        pooled = {name: scatter(vectors[name].float(), features[name].rows, size).cpu().numpy() for name in logits}
        fused = fuse_mean(logits, features, size, self.num_classes).cpu().numpy()
        return [
            {
                "id": batch["id"][row],
                "number": int(batch["number"][row]),
                "label": int(batch["label"][row]),
                "span": batch["span"][row].tolist(),
                "fused": fused[row],
                "streams": {
                    name: {"score": scores[name][row], "feature": pooled[name][row]}
                    for name in logits
                    if bool(batch[name]["present"][row])
                },
            }
            for row in range(size)
        ]


def fuse_mean(
    logits: Mapping[str, Tensor], features: Mapping[str, StreamFeatures], size: int, num_classes: int
) -> Tensor:
    """Return the mean log-probability over the streams that each sample has; uniform where it has none.

    Shapes: ``[B, K]``.
    """
    device = next(iter(logits.values())).device if logits else None
    total = torch.zeros(size, num_classes, device=device)
    num_streams = torch.zeros(size, 1, device=device)
    for name, stream_logits in logits.items():
        rows = features[name].rows
        total.index_add_(0, rows, stream_logits.float().log_softmax(-1))
        num_streams.index_add_(0, rows, torch.ones(len(rows), 1, device=device))
    return (total / num_streams.clamp(min=1)).log_softmax(-1)


def _with_prefix(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)}


def _by_stream(field: str, values: Any) -> Mapping[str, Any]:
    """Return a field that gives values to streams by name, empty if it is None."""
    if not isinstance(values, Mapping | None):
        fail(f"Recognizer.{field}", "give values to streams by name", values, f"{field}.NAME={values}")
    return values or {}


def _head_channels(encoder: Encoder, attended: int | None, parts: int) -> int:
    """Return the length of the vector that a head reads.

    Args:
        encoder: encoder of the stream.
        attended: channels of the map that attention makes of the encoder's; None where it leaves the stream alone.
        parts: number of statistics and bins that the head keeps of each channel.
    """
    if attended is None and encoder.pooled_channels is not None:
        return encoder.pooled_channels
    channels = encoder.out_channels if attended is None else attended
    return channels * parts if _has_times(encoder) else channels


def _has_times(encoder: Encoder) -> bool:
    return "T" in encoder.output_axes


def _as_encoder(module: nn.Module) -> Encoder:
    return module  # type: ignore[return-value]  # ModuleDict forgets the type
