"""The recognizer: any set of streams, one attention between encoders and heads, one head a stream."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from fusion.heads.class_loss import ClassLoss
from fusion.heads.linear import LinearHead
from fusion.models.preprocessor import Preprocessor
from fusion.models.streams import Features, encode, scatter, zero_loss
from modalities.checks import fail
from modalities.encoder import Encoder
from modalities.registry import MODELS, TRANSFORMS
from modalities.safe_load import read_tensors


@MODELS.register_module()
class Recognizer(BaseModel):
    """Recognises the action of a clip from any set of streams.

    Every stream has an encoder and a head of its own and is trained by its own cross-entropy (the sum of them is the
    loss); the ``fused`` score of a sample is the mean log-probability of the streams it has. An attention module may
    stand between encoders and heads.

    Args:
        num_classes: number of scores.
        streams: ``{name: {"transform", "encoder"}}``, configs of the device transform and the network.
        attention: config of a module of ``fusion.attention``.
        temporal_bins: parts of the time that a head tells apart, see :func:`fusion.heads.pooling.pool`.
        dropout: of every head, 0–1.
        label_smoothing: of every cross-entropy, 0–1.
        class_weighting: how far rare classes count more in every loss, 0–1, see :class:`~fusion.heads.ClassLoss`.
        logit_adjustment: how far the shares of the classes in training are taken out of the logits; 1 is usual.
        frozen: streams whose encoder is neither trained nor moves its batch statistics.
        pretrained: ``{stream: checkpoint of a recognizer that has it}`` to start encoders and heads from;
            None starts anew.

    Raises:
        InputError: if there is no stream, or a checkpoint does not fit.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        streams: Mapping[str, Mapping[str, Any]],
        attention: Mapping[str, Any] | None = None,
        temporal_bins: int = 1,
        dropout: float = 0.5,
        label_smoothing: float = 0.0,
        class_weighting: float = 0.0,
        logit_adjustment: float = 0.0,
        frozen: tuple[str, ...] = (),
        pretrained: Mapping[str, str | None] | None = None,
    ) -> None:
        if not streams:
            fail("Recognizer.streams", "name at least one stream", "none")
        transforms = {name: TRANSFORMS.build(spec["transform"]) for name, spec in streams.items()}
        super().__init__(data_preprocessor=Preprocessor(transforms=transforms))
        self.encoders = nn.ModuleDict({name: MODELS.build(spec["encoder"]) for name, spec in streams.items()})
        self.attention: Any = MODELS.build(attention) if attention is not None else None
        widened = self.attention.out_channels if self.attention is not None else {}
        self.heads = nn.ModuleDict(
            {
                name: LinearHead(
                    in_channels=widened.get(name, encoder.out_channels)
                    * (temporal_bins if "T" in _encoder(encoder).output_axes else 1),
                    num_classes=num_classes,
                    dropout=dropout,
                )
                for name, encoder in self.encoders.items()
            }
        )
        self.num_classes = num_classes
        self.temporal_bins = temporal_bins
        self.class_loss = ClassLoss(
            num_classes=num_classes,
            label_smoothing=label_smoothing,
            class_weighting=class_weighting,
            logit_adjustment=logit_adjustment,
        )
        self.frozen = tuple(frozen)
        for name, path in (pretrained or {}).items():
            if path is not None:
                self.load_stream(name, path)
        for name in self.frozen:
            self.encoders[name].requires_grad_(False)

    @property
    def streams(self) -> list[str]:
        return list(self.encoders)

    def load_stream(self, name: str, path: str | Path) -> None:
        """Start a stream from a checkpoint; its head too, where the shape is the same.

        Raises:
            InputError: if the checkpoint lacks the stream's encoder or holds one of another shape.
        """
        cure = f"train a model of stream '{name}' first"
        content = read_tensors(path, what=f"pretrained checkpoint of '{name}'", cure=cure)
        weights = content.get("state_dict", {}) if isinstance(content, Mapping) else {}
        own = {
            key.removeprefix(f"encoders.{name}."): value for key, value in weights.items() if f"encoders.{name}." in key
        }
        try:
            self.encoders[name].load_state_dict(own)
        except RuntimeError as error:
            fail(f"'{path}'", f"hold the encoder of stream '{name}'", str(error).splitlines()[-1].strip())
        head = {key.removeprefix(f"heads.{name}."): value for key, value in weights.items() if f"heads.{name}." in key}
        if all(head[key].shape == value.shape for key, value in self.heads[name].state_dict().items() if key in head):
            self.heads[name].load_state_dict(head, strict=False)

    def train(self, mode: bool = True) -> Recognizer:
        super().train(mode)
        for name in self.frozen:
            self.encoders[name].eval()
        return self

    def extract(self, batch: Mapping[str, Any]) -> tuple[dict[str, Features], dict[str, Tensor]]:
        """Features of every stream that some sample has, and the auxiliary losses."""
        features: dict[str, Features] = {}
        losses: dict[str, Tensor] = {}
        for name, encoder in self.encoders.items():
            found, tie = encode(_encoder(encoder), batch[name])
            if found is None:
                losses[f"loss_{name}_absent"] = tie + zero_loss(self.heads[name]) + zero_loss(self.attention)
            else:
                features[name] = found
        if self.attention is not None:
            features, auxiliary = self.attention(features)
            losses.update(auxiliary)
        return features, losses

    def forward(self, batch: dict[str, Any], mode: str = "tensor") -> Any:
        """A prepared batch -> losses (``"loss"``), a list of per-sample predictions (``"predict"``) or logits."""
        features, losses = self.extract(batch)
        vectors = {name: found.vector(self.temporal_bins) for name, found in features.items()}
        logits = {name: self.heads[name](vector) for name, vector in vectors.items()}
        if mode == "loss":
            labels = {name: batch["label"][found.rows] for name, found in features.items()}
            return losses | {f"loss_{name}": self.class_loss(each, labels[name]) for name, each in logits.items()}
        if mode == "predict":
            return self._predictions(features, vectors, logits, batch)
        return logits

    def _predictions(
        self,
        features: Mapping[str, Features],
        vectors: Mapping[str, Tensor],
        logits: Mapping[str, Tensor],
        batch: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        size = len(batch["id"])
        per_stream = {
            name: (
                scatter(scores.float(), features[name].rows, size).cpu().numpy(),
                scatter(vectors[name].float(), features[name].rows, size).cpu().numpy(),
            )
            for name, scores in logits.items()
        }
        fused = fuse_mean(logits, features, size, self.num_classes).cpu().numpy()
        return [
            {
                "id": batch["id"][row],
                "number": int(batch["number"][row]),
                "label": int(batch["label"][row]),
                "span": batch["span"][row].tolist(),
                "fused": fused[row],
                "streams": {
                    name: {"score": scores[row], "feature": vector[row]}
                    for name, (scores, vector) in per_stream.items()
                    if bool(batch[name]["present"][row])
                },
            }
            for row in range(size)
        ]


def fuse_mean(logits: Mapping[str, Tensor], features: Mapping[str, Features], size: int, classes: int) -> Tensor:
    """Mean log-probability over the streams that each sample has, ``[B, K]``; uniform where it has none."""
    device = next(iter(logits.values())).device if logits else None
    total, count = torch.zeros(size, classes, device=device), torch.zeros(size, 1, device=device)
    for name, scores in logits.items():
        rows = features[name].rows
        total.index_add_(0, rows, scores.float().log_softmax(-1))
        count.index_add_(0, rows, torch.ones(len(rows), 1, device=device))
    return (total / count.clamp(min=1)).log_softmax(-1)


def _encoder(module: nn.Module) -> Encoder:
    return module  # type: ignore[return-value]  # ModuleDict forgets the type
