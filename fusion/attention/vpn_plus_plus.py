"""Distillation of pose into a video network: no pose at test.

Das, Dai, Yang, Bremond 2021, VPN++: Rethinking Video-Pose Embeddings for Understanding Activities of Daily Living
(IEEE TPAMI).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.fusion.attention.driving_stream import match_rows, mean_of_present
from triad.fusion.attention.pose_attention import PoseAttention
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    shape_of,
)
from triad.modalities.checks import check_shape, fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers import NonLocal


@MODELS.register_module()
class VpnPlusPlus(FusionModule):
    """Student of VPN++: a non-local block over a video's map that learns from one or two teachers of pose.

    - Attention: a full layer over the block's weights predicts the weights over places and times that the attention
      teacher computes from its pose, see :class:`~triad.fusion.attention.pose_attention.PoseAttention`; the loss is the
      squared error, summed over places and times. The teacher multiplies the video's map, without passing gradients to
      it, and has a classifier of its own, by whose cross-entropy it learns.
    - Features: the video's map and the vector of the feature teacher are projected into one space, where pairs of one
      sample are told from pairs of two by the binary cross-entropy of their cosine. (The published logit is the
      exponential of a product, which is never negative: a wrong pair could never be called unlikely.)

    What the teachers learn is decided here, as the published code updates neither: the attention of the teacher, its
    classifier, and its encoder unless ``Recognizer.frozen`` names it, learn by the teacher's own cross-entropy alone;
    the vector of the feature teacher is read without gradients, and only its projection learns. Distillation changes
    no teacher. Teachers stand in streams that are ``train_only``: at test the block alone is left.

    Args:
        shapes: shapes of the features of all streams.
        num_classes: number of classes.
        video: name of the student's stream; axes ``BCTHW``.
        attention_teacher: name of the stream whose pose teaches attention, any axes; None for none.
        feature_teacher: name of the stream whose vector is embedded beside the video's, any axes; None for none.
        embedding: length of the embeddings.
        temperature: divisor of the cosine of two embeddings.
        attention_weight: weight of the squared error; published as 0.001 of the sum over a batch of 8.
        feature_weight: weight of the loss of pairs.
        teacher_weight: weight of the teacher's cross-entropy, beside 0.9 of the student's.

    Shapes: video map ``[P, C, T, H, W]`` -> the same.

    Raises:
        InputError: without a teacher, if a stream is missing, or the video's map has other axes.
    """

    needs_single_label = True

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        num_classes: int,
        video: str,
        attention_teacher: str | None,
        feature_teacher: str | None,
        embedding: int = 4096,
        temperature: float = 0.1,
        attention_weight: float = 0.008,
        feature_weight: float = 0.001,
        teacher_weight: float = 0.1,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if attention_teacher is None and feature_teacher is None:
            fail(f"{name}.attention_teacher and {name}.feature_teacher", "name at least one stream", "none")
        shape = shape_of(name, "video", video, shapes, ["BCTHW"])
        self.video = video
        self.attention_teacher = attention_teacher
        self.feature_teacher = feature_teacher
        self.temperature = temperature
        self.attention_weight = attention_weight
        self.feature_weight = feature_weight
        self.teacher_weight = teacher_weight
        times, height, width = (shape.size(axis) for axis in "THW")
        self.grid = (times, height, width)
        self.non_local = NonLocal(channels=shape.channels, sub_sample=min(height, width) > 1)
        self.out_shapes = {video: shape.with_channels(shape.channels)}
        places = times * height * width
        if attention_teacher is not None:
            teacher_shape = shape_of(name, "attention_teacher", attention_teacher, shapes)
            sub_sampled = (height // 2) * (width // 2) if self.non_local.sub_sample else height * width
            self.predicted_attention = nn.Linear(places * times * sub_sampled, places)
            self.pose_attention = PoseAttention(teacher_shape.vector_channels, self.grid)
            self.teacher_classifier = nn.Linear(shape.channels, num_classes)
        if feature_teacher is not None:
            teacher_shape = shape_of(name, "feature_teacher", feature_teacher, shapes)
            self.video_embedding = nn.Linear(shape.channels * times, embedding)
            self.pose_embedding = nn.Linear(teacher_shape.vector_channels, embedding)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        video = features.get(self.video)
        if video is None:
            return FusionOutput(features)
        times, height, width = self.grid
        check_shape(f"map of stream '{self.video}'", video.map, ["P", "C", times, height, width])
        attended, weights = self.non_local.attend(video.map)  # [P, N, N']
        losses: dict[str, Tensor] = {}
        attention_teacher = features.get(self.attention_teacher or "")
        feature_teacher = features.get(self.feature_teacher or "")
        if self.training and attention_teacher is not None:
            losses |= self.attention_losses(video, attention_teacher, weights, batch["label"])
        if self.training and feature_teacher is not None:
            losses["distilled_features"] = self.feature_loss(video, feature_teacher)
        read = weights.mean(1).unflatten(1, (times, height // 2, -1) if self.non_local.sub_sample else self.grid)
        maps = {
            "read": AttentionMap(self.video, "BTHW", read, video.rows, torch.ones_like(video.rows, dtype=torch.bool))
        }
        return FusionOutput({**features, self.video: video.with_map(attended)}, losses, maps)

    def attention_losses(
        self, video: StreamFeatures, teacher: StreamFeatures, weights: Tensor, labels: Tensor
    ) -> dict[str, Tensor]:
        """Return the error of the predicted attention and the teacher's cross-entropy.

        Args:
            video: features of the student's stream, before the block.
            teacher: features of the attention teacher's stream.
            weights: weights of the non-local block, ``[P, N, N']``.
            labels: classes of the samples of the batch, int ``[B]``.
        """
        positions, has_pose = match_rows(teacher, video)
        alpha, beta = self.pose_attention(teacher.vector()[positions])
        target = beta[:, :, None, None] * alpha[:, None]  # [P, T, H, W]
        errors = (self.predicted_attention(weights.flatten(1)) - target.detach().flatten(1)).square().sum(1)
        taught = video.map.detach() * (1 + target[:, None])
        logits = self.teacher_classifier(taught.mean((2, 3, 4)))
        entropies = F.cross_entropy(logits, labels[video.rows], reduction="none")
        return {
            "distilled_attention": self.attention_weight * mean_of_present(errors, has_pose),
            "attention_teacher": self.teacher_weight * mean_of_present(entropies, has_pose),
        }

    def feature_loss(self, video: StreamFeatures, teacher: StreamFeatures) -> Tensor:
        """Return the loss that tells pairs of one sample from pairs of two: each pose beside the next one's video."""
        positions, has_video = match_rows(video, teacher)
        video_embedding = F.normalize(self.video_embedding(video.map.mean((3, 4)).flatten(1)), dim=1)[positions]
        pose_embedding = F.normalize(self.pose_embedding(teacher.vector().detach()), dim=1)
        right = (video_embedding * pose_embedding).sum(1) / self.temperature  # [Q]
        wrong = (video_embedding.roll(1, 0) * pose_embedding).sum(1) / self.temperature
        has_wrong = has_video.roll(1, 0) if len(right) > 1 else torch.zeros_like(has_video)
        loss = F.softplus(-right) * has_video + F.softplus(wrong) * has_wrong
        return self.feature_weight * loss.sum() / (has_video.sum() + has_wrong.sum()).clamp(min=1)
