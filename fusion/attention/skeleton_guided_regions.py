"""Network over pictures of body parts that the skeleton network weights.

Bruce, Liu, Zhang, Zhong, Chan 2022, MMNet: A Model-based Multimodal Network for Human Action Recognition in RGB-D
Videos (TPAMI).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from triad.fusion.attention.driving_stream import match_rows
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamInput,
    features_of,
    output_shape,
    shape_of,
)
from triad.modalities.checks import fail
from triad.modalities.device_constants import device_constant
from triad.modalities.encoder import Encoder
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.body_parts import EXTREMITIES, extremity_joint
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class SkeletonGuidedRegions(FusionModule):
    """Image network over pictures of body parts, each of them as bright as the skeleton network finds it important.

    The intensity of a joint at a time is the norm of its features in the skeleton network's map, scaled to 0–2 within
    the person whose mean intensity is highest; the weight of a part is the mean over the times at which its joint is
    most intense. The rows of the picture are multiplied by the weights and read by the image network, whose map becomes
    that of the stream. Nothing flows back to the skeleton network, which learns by its own head, as in the authors'
    code; that scales intensities within a batch, here within a sample, so that samples do not depend on each other.

    A sample without a skeleton keeps its picture.

    Args:
        shapes: shapes of the features of all streams.
        regions: name of the stream of pictures, of :class:`~triad.fusion.transforms.SkeletonRegions` and an encoder
            :class:`~triad.modalities.video_encoders.RawFrames`.
        skeleton: name of the stream whose network weights the parts; axes ``BMCTV``.
        layout: name of its joint layout.
        encoder: config of the image network.
        top_times: share of the times that count, those of the highest intensity; published: 15 of 75.

    Shapes: picture ``[P, 3, 1, H, W]`` -> the encoder's map.

    Raises:
        InputError: If a stream is missing or its map has other axes, or the skeleton network keeps no joints apart.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        regions: str,
        skeleton: str,
        layout: str,
        encoder: Mapping[str, Any],
        top_times: float = 0.2,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        picture = shape_of(name, "regions", regions, shapes, ["BCTHW"])
        skeleton_shape = shape_of(name, "skeleton", skeleton, shapes, ["BMCTV"])
        joints = get_layout(layout)
        if skeleton_shape.size("V") != joints.num_joints:
            must = f"keep the {joints.num_joints} joints of '{layout}' apart"
            subject = f"map of stream '{skeleton}' of {name}.skeleton"
            fail(subject, must, skeleton_shape.size("V"), "choose a graph network")
        if not 0 < top_times <= 1:
            fail(f"{name}.top_times", "be a share in (0, 1]", top_times)
        self.regions = regions
        self.skeleton = skeleton
        self.top_times = top_times
        self.joints = [extremity_joint(joints, extremity) for extremity in EXTREMITIES]
        self.encoder: Encoder = MODELS.build(encoder)
        self.out_shapes = {regions: output_shape(self.encoder, picture)}

    def weights(self, skeleton_map: Tensor) -> Tensor:
        """Return the weights of the parts from the skeleton network's map: ``[P, M, C, T, V]`` -> 0–2 ``[P, 5]``."""
        intensity = skeleton_map.detach().float().norm(dim=2)  # [P, M, T, V]
        samples = torch.arange(len(intensity), device=intensity.device)
        intensity = intensity[samples, intensity.mean((2, 3)).argmax(1)]  # [P, T, V]
        low, high = (bound(intensity.flatten(1), 1)[:, None, None] for bound in (torch.amin, torch.amax))
        scaled = 2 * (intensity - low) / (high - low).clamp(min=1e-6)
        times = max(round(self.top_times * scaled.shape[1]), 1)
        return scaled[..., device_constant(tuple(self.joints), scaled.device)].topk(times, dim=1).values.mean(1)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        picture = features.get(self.regions)
        if picture is None:
            return FusionOutput(features)
        skeleton = features.get(self.skeleton)
        positions, is_driven = match_rows(skeleton, picture)
        weights = torch.ones(len(picture.map), len(EXTREMITIES), device=picture.map.device)
        if positions is not None and skeleton is not None:
            weights = torch.where(is_driven[:, None], self.weights(skeleton.map)[positions], weights)
        height = picture.map.shape[3]
        region_of_row = torch.arange(height, device=weights.device) * len(EXTREMITIES) // height
        weighted = picture.map * weights[:, region_of_row, None].to(picture.map.dtype)[:, None, None]
        output = self.encoder(weighted, picture.valid)
        clips = StreamInput(picture.rows, weighted, picture.valid, picture.samples)
        stream = features_of(output, self.encoder.output_axes, clips)
        attention = AttentionMap(self.regions, "BN", weights, picture.rows, is_driven, tuple(EXTREMITIES))
        losses = {f"{self.regions}_{name}": value for name, value in output.losses.items()}
        return FusionOutput({**features, self.regions: stream}, losses, {"regions": attention})
