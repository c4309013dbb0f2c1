"""The recognizer: any set of streams, fusion modules between encoders and heads, heads of streams and of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.model import BaseModel
from torch import Tensor, nn

from triad.fusion.heads import JointHead, JointOutput, LinearHead, MultiLabelLoss, build_loss, check_pooling
from triad.fusion.models.classification import Classification, predictions_of, present_rows, weights_map
from triad.fusion.models.feature_shapes import FeatureShape, feature_shape, step_shapes
from triad.fusion.models.fused_score import JOINT, check_fused, fused_score
from triad.fusion.models.fusion_module import AttentionMap, Features
from triad.fusion.models.module_list import build_modules, check_multi_label, is_pooled, run_modules, vector_channels
from triad.fusion.models.paired import PairedEncoder
from triad.fusion.models.preprocessor import FEATURES, Preprocessor
from triad.fusion.models.stream_weights import load_stream
from triad.fusion.models.streams import StreamFeatures, encode_streams, stored_features, take_rows, zero_loss
from triad.modalities.checks import check_choice, fail
from triad.modalities.encoder import Encoder
from triad.modalities.freezing import freeze, frozen_modules
from triad.modalities.registry import MODELS, TRANSFORMS
from triad.modalities.weights import WeightsReport


@MODELS.register_module()
class Recognizer(BaseModel):
    """Recognizer of the action of a clip from any set of streams.

    Every stream has an encoder and, unless it is told otherwise, a head of its own that is trained by its own
    cross-entropy; a joint head may read several streams. The loss is the weighted sum. Fusion modules may stand between
    encoders and heads, one after the other.

    Args:
        num_classes: number of classes.
        streams: ``{name: {"transform", "encoder"}}``: configs of the transform on the device and of the encoder.
            ``train_only`` marks a stream that is read in training and never at test. Other keys belong to the dataset.
        paired: config of connections between the stages of two streams' encoders, which then run in turn
            (:mod:`triad.fusion.models.paired`); None for encoders that know nothing of each other.
        attention: configs of fusion modules (:mod:`triad.fusion.attention`), in their order.
        heads: ``{stream: weight}`` of the loss of each stream's head; None for a stream without a head, which does not
            vote. Streams that are not named have weight 1, ``train_only`` ones no head.
        joint_head: config of a :class:`~triad.fusion.heads.JointHead`, with ``loss_weight`` beside its arguments.
        fused: how the answer is made: ``mean`` of the log-probabilities of the streams that a sample has, ``joint`` or
            the name of a stream; by default ``joint`` where there is a joint head, else ``mean``.
        temporal_bins: number of equal parts of the time that a head keeps apart, see :func:`triad.fusion.heads.pool`;
            streams whose encoder pools by itself, or has no times left, have one.
        pooling: statistics over time that the heads read, ``mean``, ``std`` or ``max``, concatenated.
        dropout: dropout of every stream's head, 0–1.
        loss: ``cross_entropy``, or for samples of several classes or none ``bce``, ``focal`` or ``asymmetric``, see
            :class:`~triad.fusion.heads.MultiLabelLoss`; their datasets need ``multi_label=True``.
        label_smoothing: label smoothing of every cross-entropy, 0–1.
        class_weighting: strength of the weight of rare classes in every loss, 0–1, see
            :class:`~triad.fusion.heads.ClassLoss`.
        logit_adjustment: strength with which class shares in training are taken out of the logits; 1 is usual.
        frozen: streams whose encoder is not trained and whose batch statistics stay.
        frozen_stages: ``{stream: number}`` of stages from the input on that are not trained and whose batch statistics
            stay, see :func:`triad.modalities.freezing.frozen_modules`.
        pretrained: ``{stream: path}`` of a checkpoint of a recognizer that has the stream, to start its encoder from,
            or of weights published for its encoder; None starts anew. Training starts the head too, where the
            checkpoint was trained on its classes.

    Raises:
        InputError: without a stream or a head, for a module that does not fit, or a checkpoint that does not.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        streams: Mapping[str, Mapping[str, Any]],
        paired: Mapping[str, Any] | None = None,
        attention: Sequence[Mapping[str, Any]] = (),
        heads: Mapping[str, float | None] | None = None,
        joint_head: Mapping[str, Any] | None = None,
        fused: str | None = None,
        temporal_bins: int = 1,
        pooling: Sequence[str] = ("mean",),
        dropout: float = 0.5,
        loss: str = "cross_entropy",
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
        self.num_classes = num_classes
        self.train_only = tuple(name for name, stream in streams.items() if stream.get("train_only"))
        encoders: dict[str, Any] = {name: MODELS.build(stream["encoder"]) for name, stream in streams.items()}
        self.encoders = nn.ModuleDict(encoders)
        self.paired: PairedEncoder | None = None
        if paired is not None:
            steps = {name: step_shapes(encoder, streams[name], transforms[name]) for name, encoder in encoders.items()}
            given = {name: shapes_of_steps for name, shapes_of_steps in steps.items() if shapes_of_steps}
            self.paired = MODELS.build({**paired, "step_shapes": given})
        shapes: dict[str, FeatureShape] = {}
        if attention:
            shapes = {
                name: feature_shape(encoder, streams[name], transforms[name]) for name, encoder in encoders.items()
            }
        self.attention, changed = build_modules(attention, shapes, num_classes)
        places_of = {name for module in self.attention for name in getattr(module, "places_of", ())}
        self.data_preprocessor.places_of = places_of
        check_pooling(temporal_bins, pooling)
        self.temporal_bins = temporal_bins
        self.pooling = tuple(pooling)
        parts = temporal_bins * len(pooling)
        channels = {name: vector_channels(encoder, changed.get(name), parts) for name, encoder in encoders.items()}
        if parts > 1 and not any(is_pooled(encoder, changed.get(name)) for name, encoder in encoders.items()):
            got = f"{temporal_bins} and {', '.join(pooling)} with encoders that pool by themselves"
            fail("Recognizer.temporal_bins and pooling", "be 1 and mean", got, "leave both out")
        self.loss_weights = self._loss_weights(heads)
        self.heads = nn.ModuleDict(
            {
                name: LinearHead(in_channels=channels[name], num_classes=num_classes, dropout=dropout)
                for name in self.loss_weights
            }
        )
        self.joint_head: JointHead | None = None
        if joint_head is not None:
            settings = dict(joint_head)
            self.loss_weights[JOINT] = settings.pop("loss_weight", 1.0)
            in_channels = {name: channels[name] for name in self.test_streams}
            self.joint_head = MODELS.build({**settings, "in_channels": in_channels, "num_classes": num_classes})
        if not self.loss_weights:
            fail("Recognizer.heads", "leave at least one stream a head", "none", "or add a joint_head")
        self.fused = check_fused(fused, list(self.heads), self.joint_head is not None)
        self.class_loss = build_loss(
            loss,
            num_classes=num_classes,
            label_smoothing=label_smoothing,
            class_weighting=class_weighting,
            logit_adjustment=logit_adjustment,
        )
        if self.multi_label:
            check_multi_label((*self.attention, self.joint_head), loss)
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
        """Names of all streams, those of training alone included."""
        return list(self.encoders)

    @property
    def test_streams(self) -> list[str]:
        """Names of the streams that a test reads."""
        return [name for name in self.encoders if name not in self.train_only]

    @property
    def scored_streams(self) -> list[str]:
        """Names of the streams of a test that have a head, and so a score."""
        return [name for name in self.test_streams if name in self.heads]

    @property
    def multi_label(self) -> bool:
        """Whether a sample may show several classes, whose scores are then logits of sigmoids."""
        return isinstance(self.class_loss, MultiLabelLoss)

    @property
    def has_fused_score(self) -> bool:
        """Whether the answer is another than the score of its only stream."""
        return len(self.test_streams) > 1

    def _loss_weights(self, heads: Mapping[str, float | None] | None) -> dict[str, float]:
        weights = {**dict.fromkeys(self.test_streams, 1.0), **_by_stream("heads", heads)}
        for name in weights:
            check_choice("stream of Recognizer.heads", name, self.encoders)
        return {name: float(weight) for name, weight in weights.items() if weight is not None}

    def load_stream(self, name: str, path: str | Path) -> WeightsReport:
        """Start a stream from a file, see :func:`triad.fusion.models.stream_weights.load_stream`."""
        return load_stream(name, path, encoder=self.encoders[name])

    def train(self, mode: bool = True) -> Recognizer:
        super().train(mode)
        for name in self.frozen:
            self.encoders[name].eval()
        for name, num_stages in self.frozen_stages.items():
            for module in frozen_modules(self.encoders[name], num_stages):
                module.eval()
        return self

    def encode(
        self, batch: Mapping[str, Any], names: Sequence[str] | None = None
    ) -> tuple[dict[str, StreamFeatures], dict[str, Tensor]]:
        """Return the encoders' features of every stream that some sample has, and their auxiliary losses.

        Args:
            batch: prepared batch; one with the key ``features`` holds features that were computed before.
            names: streams to encode; by default all in training, and those of a test in evaluation, whether the batch
                has others or not.
        """
        features: dict[str, StreamFeatures] = {}
        losses: dict[str, Tensor] = {}
        names = names or (self.streams if self.training else self.test_streams)
        if FEATURES in batch:
            for name in names:
                stored = stored_features(batch[FEATURES][name], _as_encoder(self.encoders[name]).output_axes)
                features |= {} if stored is None else {name: stored}
            return features, losses
        encoders = {name: _as_encoder(self.encoders[name]) for name in names}
        features, encoder_losses = encode_streams(encoders, {name: batch[name] for name in names}, self.paired)
        for name in names:
            losses.update({f"loss_{name}_{loss}": value for loss, value in encoder_losses[name].items()})
            if name not in features:
                unused = [self.heads[name]] if name in self.heads else []
                losses[f"loss_{name}_absent"] += sum(map(zero_loss, [*unused, *self.attention, self.joint_head]))
        return features, losses

    def fuse(
        self, features: Features, batch: Mapping[str, Any]
    ) -> tuple[Features, dict[str, Tensor], dict[str, AttentionMap]]:
        """Return the features after all fusion modules, their losses and maps, see :func:`run_modules`."""
        return run_modules(self.attention, features, batch)

    def classify(self, features: Features, batch: Mapping[str, Any]) -> Classification:
        """Return the scores of all heads from the encoders' features.

        Args:
            features: features of :meth:`encode`.
            batch: prepared batch.
        """
        fused, losses, maps = self.fuse(features, batch)
        wanted = {*self.heads, *(self.joint_head.in_channels if self.joint_head is not None else ())}
        vectors = {name: self.pool(stream) for name, stream in fused.items() if name in wanted}
        scores = {name: (self.heads[name](vectors[name]), fused[name].rows) for name in self.heads if name in vectors}
        if self.joint_head is not None:
            inputs = {name: vectors[name] for name in self.joint_head.in_channels if name in vectors}
            read = [fused[name] for name in inputs]
            if inputs:
                size = batch["number"].shape[0]  # len() would fix the batch size in an exported graph
                output: JointOutput = self.joint_head(inputs, {name: fused[name].rows for name in inputs}, size)
                scores[JOINT] = present_rows(output.logits, read)
                if output.weights is not None:
                    maps[JOINT] = weights_map(output.weights, tuple(self.joint_head.in_channels), read)
        return Classification(fused, vectors, scores, losses, maps)

    def pool(self, features: StreamFeatures) -> Tensor:
        """Return the vector of each sample that the stream's head reads."""
        return features.vector(self.temporal_bins, self.pooling)

    def forward(self, batch: dict[str, Any], mode: str = "tensor") -> Any:
        """Return losses (mode ``"loss"``), a list of predictions a sample (``"predict"``) or logits of a batch."""
        features, losses = self.encode(batch)
        classification = self.classify(features, batch)
        if mode == "loss":
            return losses | self.losses(classification, batch)
        if mode == "predict":
            return self.predictions(classification, batch)
        return {name: logits for name, (logits, _) in classification.scores.items()}

    def losses(self, classification: Classification, batch: Mapping[str, Any]) -> dict[str, Tensor]:
        """Return the weighted losses of all heads and the auxiliary losses of the fusion modules."""
        losses = dict(classification.losses)
        for name, (logits, rows) in classification.scores.items():
            losses[f"loss_{name}"] = self.loss_weights[name] * self.class_loss(logits, take_rows(batch["label"], rows))
        return losses

    def predictions(self, classification: Classification, batch: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return one prediction a sample: scores and vectors of its streams and, of several, the fused score."""
        size = batch["number"].shape[0]
        fused = None
        if self.has_fused_score:
            scores = classification.scores
            fused = fused_score(self.fused, scores, size, self.num_classes, multi_label=self.multi_label)
        return predictions_of(classification, batch, self.scored_streams, fused)


def _by_stream(argument: str, values: Any) -> Mapping[str, Any]:
    """Return an argument that gives values to streams by name, empty if it is None."""
    if not isinstance(values, Mapping | None):
        fail(f"Recognizer.{argument}", "give values to streams by name", values, f"{argument}.NAME={values}")
    return values or {}


def _as_encoder(module: nn.Module) -> Encoder:
    return module  # type: ignore[return-value]  # ModuleDict forgets the type
