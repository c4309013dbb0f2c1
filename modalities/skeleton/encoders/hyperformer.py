"""Hyperformer encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.body_parts import body_parts
from triad.modalities.skeleton.encoders.layers import (
    GraphEncoder,
    Stage,
    StGcnBlock,
    branched_tcn,
    plan_stages,
    strided_shortcut,
)
from triad.modalities.skeleton.graph import hop_distance
from triad.modalities.skeleton.layouts import Layout, get_layout


class HypergraphAttention(nn.Module):
    """Attention between the joints of a time, biased by distances and body parts (Zhou et al. 2022, equations 5–9).

    With queries ``q``, keys ``k``, values ``v`` of each head, ``r`` an embedding of the number of bones between two
    joints, and ``e`` the embedded mean of a joint's body part::

        a[n, m] = (q[n] · (k[m] + e[m] + r[n, m]) + w · e[m]) / √d
        y = (α softmax(a) + R) v

    ``α`` starts at 0 and the learned relation ``R`` at the identity, so that joints do not mix before training. The
    last attention weights are stored, detached, in ``attention`` while ``keep_attention`` is set.

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output, a multiple of ``heads``.
        layout: joint layout.
        joint_parts: number of each joint's body part, from 0, ``[V]``.
        heads: number of attention heads.
        groups: groups of the last convolution (published: 6).

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``; ``attention`` ``[N, T, heads, V, V]`` (target, source).
    """

    distance: Tensor
    member: Tensor

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        layout: Layout,
        joint_parts: Sequence[int],
        heads: int,
        groups: int,
    ) -> None:
        super().__init__()
        distance = hop_distance(layout)
        self.heads = heads
        self.register_buffer("distance", F.one_hot(distance).float(), persistent=False)  # [V, V, D]
        self.register_buffer("member", F.one_hot(torch.tensor(joint_parts)).float(), persistent=False)  # [V, P]
        self.norm = nn.LayerNorm(in_channels)
        self.query_key_value = nn.Linear(in_channels, 3 * out_channels, bias=False)
        self.part = nn.Linear(in_channels, out_channels, bias=False)
        self.part_weight = nn.Parameter(torch.zeros(heads, out_channels // heads))
        self.hops = nn.Parameter(torch.zeros(self.distance.shape[2], out_channels))
        self.relation = nn.Parameter(torch.eye(layout.num_joints).repeat(heads, 1, 1))
        self.alpha = nn.Parameter(torch.zeros(1))
        self.project = nn.Conv2d(out_channels, out_channels, 1, groups=groups)
        self.residual: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.residual = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.keep_attention = False
        self.attention: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        rows = x.permute(0, 2, 3, 1).reshape(n * times, joints, channels)  # L = N·T
        query, key, value = self._split_heads(self.query_key_value(self.norm(rows)), 3)  # [L, heads, V, d]
        part_means = (self.member / self.member.sum(0)).T @ rows  # [L, P, C]
        (part_embedding,) = self._split_heads(self.member @ self.part(part_means), 1)
        hop_embedding = self.hops.view(-1, self.heads, query.shape[3]).permute(1, 2, 0)  # [heads, d, D]
        distance_bias = torch.einsum("lhnd,nmd->lhnm", query @ hop_embedding, self.distance.to(query.dtype))
        part_bias = (part_embedding @ self.part_weight[:, :, None]).transpose(2, 3)  # [L, heads, 1, V]
        score = query @ (key + part_embedding).transpose(2, 3) + distance_bias + part_bias
        attention = (score * query.shape[3] ** -0.5).softmax(dim=3)
        if self.keep_attention:
            self.attention = attention.detach().unflatten(0, (n, times))
        y = (self.alpha * attention + self.relation) @ value  # [L, heads, V, d]
        y = y.transpose(1, 2).reshape(n, times, joints, -1).permute(0, 3, 1, 2)
        return self.project(y) + self.residual(x)

    def _split_heads(self, x: Tensor, count: int) -> tuple[Tensor, ...]:
        """Split ``[L, V, count · heads · d]`` into ``count`` tensors ``[L, heads, V, d]``."""
        return x.unflatten(2, (count, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)


@MODELS.register_module()
class Hyperformer(GraphEncoder):
    """Hyperformer (Zhou et al. 2022, Hypergraph Transformer for Skeleton-Based Action Recognition).

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        head_channels: channels of a head; a stage has ``heads`` times as many, a multiple of 4 and of ``groups``.
        heads: number of attention heads.
        groups: groups of the convolution after the attention.
        num_stages: number of stages.
        down_stages: numbers of the stages, from 1, that halve the times.
        joint_parts: number of each joint's body part, from 0 without gaps, ``[V]``; None for trunk, arms and legs by
            the joints' names. The published ones for N-UCLA (kinect20) are trunk 0, both arms 1, both legs 2.
        person_norms: number of persons with an input norm of their own; 1 for one norm for all.

    Shapes are those of :class:`GraphEncoder`.

    Raises:
        InputError: the errors of :class:`GraphEncoder`; for channels that are no such multiple; for ``joint_parts``
            that do not number a body part for each joint.
    """

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        head_channels: int = 24,
        heads: int = 9,
        groups: int = 6,
        num_stages: int = 10,
        down_stages: Sequence[int] = (5, 8),
        joint_parts: Sequence[int] | None = None,
        person_norms: int = 2,
    ) -> None:
        skeleton = get_layout(layout)
        numbers = _number_parts(skeleton) if joint_parts is None else _check_parts(skeleton, joint_parts)
        width = heads * head_channels
        if width % groups:
            fail("Hyperformer.heads · head_channels", f"be a multiple of groups={groups}", width)

        def block(stage: Stage) -> nn.Module:
            spatial = HypergraphAttention(
                stage.in_channels, width, layout=skeleton, joint_parts=numbers, heads=heads, groups=groups
            )
            temporal = branched_tcn(width, width, kernel=5, dilations=(1, 2), stride=stage.stride)
            return StGcnBlock(spatial, temporal, strided_shortcut(stage.in_channels, width, stage.stride))

        stages = plan_stages(in_channels, [width] * num_stages, halve=down_stages)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)


def _number_parts(layout: Layout) -> list[int]:
    groups = body_parts(layout)
    return [next(i for i, group in enumerate(groups) if joint in group) for joint in range(layout.num_joints)]


def _check_parts(layout: Layout, joint_parts: Sequence[int]) -> list[int]:
    if len(joint_parts) != layout.num_joints or set(joint_parts) != set(range(max(joint_parts, default=0) + 1)):
        must = f"number a body part 0, 1, … for each of the {layout.num_joints} joints"
        fail("Hyperformer.joint_parts", must, list(joint_parts))
    return list(joint_parts)
