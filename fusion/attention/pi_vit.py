"""Pose-induced video transformer: skeletons teach the tokens of a video transformer, and are not needed at test.

Reilly, Das 2024, Just Add π! Pose Induced Video Transformers for Understanding Activities of Daily Living (CVPR).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.fusion.attention.driving_stream import match_rows, mean_of_present
from triad.fusion.attention.token_places import joints_in_tokens, nearest_times, token_grid
from triad.fusion.models import Features, FeatureShape, FusionModule, FusionOutput, StreamFeatures, shape_of
from triad.modalities.checks import check_choice
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class PiViT(FusionModule):
    """The two skeleton induction modules of π-ViT, on inner tokens of a video transformer.

    - 2D-SIM says of every token of an early block which joints lie in it: two full layers and a sigmoid, taught by the
      places of the joints in the same crop. Joints that are unknown or outside of the picture at a time do not count.
    - 3D-SIM regresses the vector of the skeleton encoder from the mean of the tokens of a late block, and classifies
      the action from what it regresses. No gradient reaches the skeleton encoder.

    Both belong to training alone: at test the features pass unchanged, and the skeleton's stream is ``train_only``.

    Two defects of the published code are not repeated. It orders tokens and targets differently; here both run over the
    rows of the picture, ``n = y · W + x``, at each time. It starts all four tensors of 2D-SIM at zero, where the
    product of two zero matrices passes a gradient to neither; here the last layer alone starts at zero.

    Args:
        shapes: shapes of the features of all streams.
        num_classes: number of classes.
        video: name of the stream of the transformer; its taps have axes ``[T, N, C]``.
        pose: name of the skeleton's stream.
        layout: joint layout of the skeleton's stream.
        place_tap: tap of the tokens that learn where joints are; the paper's is that after the first block.
        feature_tap: tap of the tokens that learn the skeleton's vector; None for the last block's.
        hidden: hidden channels of 2D-SIM.
        place_weight: weight of the cross-entropy of joints in tokens.
        feature_weight: weight of the mean squared error of the vector.
        class_weight: weight of the cross-entropy of 3D-SIM's classifier.

    Raises:
        InputError: If a stream or a tap is missing; on use, for tokens that are not square patches.
    """

    needs_single_label = True

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        num_classes: int,
        video: str,
        pose: str,
        layout: str,
        place_tap: str = "block0",
        feature_tap: str | None = None,
        hidden: int = 256,
        place_weight: float = 1.6,
        feature_weight: float = 1.0,
        class_weight: float = 1.0,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        taps = shape_of(name, "video", video, shapes, ["BTNC"]).taps or {}
        pose_channels = shape_of(name, "pose", pose, shapes).vector_channels
        self.video = video
        self.pose = pose
        self.places_of = (pose,)
        self.place_tap = check_choice(f"{name}.place_tap", place_tap, taps)
        self.feature_tap = check_choice(f"{name}.feature_tap", feature_tap or _last_block(taps), taps)
        self.place_weight = place_weight
        self.feature_weight = feature_weight
        self.class_weight = class_weight
        joints = get_layout(layout).num_joints
        self.joints = nn.Sequential(nn.Linear(taps[self.place_tap][-1], hidden), nn.Linear(hidden, joints))
        nn.init.zeros_(self.joints[1].weight)  # type: ignore[arg-type]
        nn.init.zeros_(self.joints[1].bias)  # type: ignore[arg-type]
        self.regressor = nn.Linear(taps[self.feature_tap][-1], pose_channels)
        self.classifier = nn.Linear(pose_channels, num_classes)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        video = features.get(self.video)
        pose = features.get(self.pose)
        if not self.training or video is None or pose is None:
            return FusionOutput(features)
        positions, has_pose = match_rows(pose, video)
        regressed = self.regressor(video.taps[self.feature_tap].mean((1, 2)))  # [P, C']
        errors = (regressed - pose.vector().detach()[positions]).square().mean(1)
        entropies = F.cross_entropy(self.classifier(regressed), batch["label"][video.rows], reduction="none")
        losses = {
            "joint_places": self.place_weight * self.place_loss(video, has_pose, batch),
            "pose_features": self.feature_weight * mean_of_present(errors, has_pose),
            "pose_classes": self.class_weight * mean_of_present(entropies, has_pose),
        }
        return FusionOutput(features, losses)

    def place_loss(self, video: StreamFeatures, has_pose: Tensor, batch: Mapping[str, Any]) -> Tensor:
        """Return the mean cross-entropy of known joints in tokens.

        Args:
            video: features of the transformer.
            has_pose: whether a sample of the video has a pose, bool ``[P]``.
            batch: batch with the places of joints and the times of both streams.
        """
        targets, known = self.joint_tokens(video, batch)
        logits = self.joints(video.taps[self.place_tap])  # [P, T, N, V]
        entropies = F.binary_cross_entropy_with_logits(logits, targets.to(logits.dtype), reduction="none").mean(2)
        return mean_of_present(entropies, known & has_pose[:, None, None])

    def joint_tokens(self, video: StreamFeatures, batch: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
        """Return which joints lie in each token, and which are known: bool ``[P, T, N, V]``, bool ``[P, T, V]``."""
        pose_entry = batch[self.pose]
        video_entry = batch[self.video]
        times, tokens = video.taps[self.place_tap].shape[1:3]
        height, width = video_entry["data"].shape[-2:]
        rows = video.rows
        index = nearest_times(video_entry["times"][rows], times, pose_entry["times"][rows])  # [P, T]
        sample = torch.arange(len(rows), device=rows.device)[:, None]
        places = pose_entry["places"][rows].transpose(1, 2)[sample, index].transpose(1, 2)  # [P, M, T, V, 2]
        visible = pose_entry["visible"][rows].transpose(1, 2)[sample, index].transpose(1, 2)
        return joints_in_tokens(places, visible, token_grid(height, width, tokens))


def _last_block(taps: Mapping[str, Any]) -> str:
    blocks = [name for name in taps if name.startswith("block")]
    return max(blocks, key=lambda name: int(name.removeprefix("block")), default="block0")
