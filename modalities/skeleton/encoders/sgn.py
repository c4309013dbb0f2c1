"""SGN."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import check_shape, fail
from modalities.encoder import Encoder
from modalities.registry import MODELS
from modalities.skeleton.encoders.layers.data_norm import DataNorm
from modalities.skeleton.encoders.layers.present_persons import map_present_persons, present_persons
from modalities.skeleton.encoders.layers.single_sample_batch_norm import SingleSampleBatchNorm1d
from modalities.skeleton.layouts import get_layout


class JointAttention(nn.Module):
    """Who hears whom at a time: ``softmax(θ(x)ᵀ φ(x))`` over the joints that are heard.

    The last weights are kept, detached, in ``attention`` while ``keep_attention`` is set.

    Shapes: ``[N, C, T, V]`` -> ``[N·T, V, V]`` (hearer, speaker); ``attention`` ``[N, T, 1, V, V]``.
    """

    def __init__(self, in_channels: int, hidden: int) -> None:
        super().__init__()
        self.hear = nn.Conv2d(in_channels, hidden, 1)
        self.speak = nn.Conv2d(in_channels, hidden, 1)
        self.keep_attention = False
        self.attention: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape
        hear, speak = (conv(x).permute(0, 2, 3, 1).reshape(n * times, joints, -1) for conv in (self.hear, self.speak))
        graph = (hear @ speak.transpose(1, 2)).softmax(dim=-1)
        if self.keep_attention:
            self.attention = graph.detach().view(n, times, 1, joints, joints)
        return graph


class _Message(nn.Module):
    """``relu(bn(W₁ G x + W₂ x))`` with the graph ``G`` of each time; no messages at the start (W₁ = 0), as published.

    Shapes: ``[N, C, T, V]`` and ``[N·T, V, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.message = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.own = nn.Conv2d(in_channels, out_channels, 1)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        heard = graph @ x.permute(0, 2, 3, 1).reshape(n * times, joints, channels)  # [N·T, V, C]
        heard = heard.view(n, times, joints, channels).permute(0, 3, 1, 2)
        return F.relu(self.norm(self.message(heard) + self.own(x)), inplace=True)


@MODELS.register_module()
class Sgn(Encoder):
    """SGN (Zhang et al. 2020, Semantics-Guided Neural Networks for Efficient Skeleton-Based Human Action Recognition).

    Position and velocity of a joint are embedded and added; which joint it is comes beside them; who hears from whom
    is attention between the joints of a time; then the time's place in the clip is added, the joints are pooled by
    their maximum, and two convolutions see the times. Velocity is computed here, so that the input is the joints.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        width: channels of an embedding (published 64); the graph has 2, 2, 4 and 4 times, the map 8 times as many.
        places: places in the clip that are told apart; published: its 20 times. A clip of another length gives each
            time the nearest of them.
        person_norms: how many persons have norms of the input of their own; 1, the authors' way: one for all.
        dropout: share of whole channels that is dropped between the convolutions over time in training, 0–1.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', T, 1]`` (joints are
    pooled), ``pooled`` ``[B, C']``: the maximum over valid times, then the mean over persons who are there.

    Raises:
        InputError: for an unknown layout, or when data does not have its joints.
    """

    output_axes = "BMCTV"

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        width: int = 64,
        places: int = 20,
        person_norms: int = 1,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if places < 1:
            fail("Sgn.places", "be at least 1", places)
        self.layout = get_layout(layout)
        joints = self.layout.num_joints
        self.in_channels, self.out_channels, self.places = in_channels, 8 * width, places
        self.position_norm = DataNorm(joints, in_channels, places=person_norms)
        self.velocity_norm = DataNorm(joints, in_channels, places=person_norms)
        self.position = _embedding(in_channels, width, width)
        self.velocity = _embedding(in_channels, width, width)
        self.joint = _embedding(joints, width, width)
        self.place = _embedding(places, width, 4 * width)
        self.graph = JointAttention(2 * width, 4 * width)
        self.messages = nn.ModuleList(_Message(a * width, b * width) for a, b in ((2, 2), (2, 4), (4, 4)))
        self.temporal = nn.Sequential(
            nn.Conv1d(4 * width, 4 * width, 3, padding=1),
            SingleSampleBatchNorm1d(4 * width),
            nn.ReLU(inplace=True),
            nn.Dropout1d(dropout),
            nn.Conv1d(4 * width, 8 * width, 1),
            SingleSampleBatchNorm1d(8 * width),
            nn.ReLU(inplace=True),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv1d | nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        for message in self.messages:
            nn.init.zeros_(message.message.weight)  # type: ignore[union-attr, arg-type]

    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]:
        name = f"skeleton data of layout '{self.layout.name}'"
        sizes = check_shape(name, data, ["B", "M", "C", "T", "V"], C=self.in_channels, V=self.layout.num_joints)
        check_shape("skeleton mask", valid, ["B", "M", "T"], **sizes)
        velocity = F.pad(data.diff(dim=3), (0, 0, 1, 0))
        present = present_persons(valid)
        both = torch.cat([self.position_norm(data, present), self.velocity_norm(velocity, present)], dim=2)
        found = map_present_persons(self._encode, both, valid)  # [B, M, C', T, 1]
        return {"map": found, "pooled": _pool(found, valid)}

    def _encode(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape
        position, velocity = x.contiguous(memory_format=torch.channels_last).chunk(2, dim=1)
        moving = self.position(position) + self.velocity(velocity)  # [N, C, T, V]
        kind = self.joint(_one_hot(torch.arange(joints, device=x.device), joints).to(x.dtype))  # [1, C, V, 1]
        x = torch.cat([moving, kind.transpose(2, 3).expand(n, -1, times, -1)], dim=1)
        x = x.contiguous(memory_format=torch.channels_last)
        graph = self.graph(x)
        for message in self.messages:
            x = message(x, graph)
        place = (2 * torch.arange(times, device=x.device) + 1) * self.places // (2 * times)
        when = self.place(_one_hot(place, self.places).to(x.dtype))  # [1, C, T, 1]
        pooled = x.amax(dim=3) + when[..., 0]  # the same for every joint, so that it may come after the maximum
        return self.temporal(pooled)[..., None]


def _embedding(in_channels: int, hidden: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, hidden, 1),
        nn.ReLU(inplace=True),
        nn.Conv2d(hidden, out_channels, 1),
        nn.ReLU(inplace=True),
    )


def _one_hot(index: Tensor, size: int) -> Tensor:
    """``[L]`` -> float ``[1, size, L, 1]``."""
    return F.one_hot(index, size).T.float()[None, :, :, None]


def _pool(x: Tensor, valid: Tensor) -> Tensor:
    """Maximum over valid times (all of them where none is), mean over persons who are there (the first if nobody is).

    Shapes: ``[B, M, C, T, 1]``, bool ``[B, M, T]`` -> ``[B, C]``.
    """
    there = valid.any(2)  # [B, M]
    counted = (valid | ~there[:, :, None])[:, :, None]  # [B, M, 1, T]
    best = x[..., 0].masked_fill(~counted, -torch.inf).amax(3)  # [B, M, C]
    there = there.clone()
    there[:, 0] |= ~there.any(1)
    weight = there.to(best.dtype)[..., None]
    return (best * weight).sum(1) / weight.sum(1)
