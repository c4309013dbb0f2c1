"""SGN encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import DataNorm, SingleSampleBatchNorm1d, check_skeletons
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.present_persons import map_present_persons, mean_over_persons, present_persons
from triad.modalities.valid_times import valid_or_all


class JointAttention(nn.Module):
    """Attention between the joints of a time: ``softmax(θ(x)ᵀ φ(x))`` over the source joints.

    The last weights are stored, detached, in ``attention`` while ``keep_attention`` is set.

    Args:
        in_channels: channels ``C`` of the input.
        hidden: channels of θ and φ.

    Shapes: ``[N, C, T, V]`` -> ``[N·T, V, V]`` (target, source); ``attention`` ``[N, T, 1, V, V]``.
    """

    def __init__(self, in_channels: int, hidden: int) -> None:
        super().__init__()
        self.hear = nn.Conv2d(in_channels, hidden, 1)  # of target joints; the names are those of stored weights
        self.speak = nn.Conv2d(in_channels, hidden, 1)  # of source joints
        self.keep_attention = False
        self.attention: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape
        target, source = (
            conv(x).permute(0, 2, 3, 1).reshape(n * times, joints, -1) for conv in (self.hear, self.speak)
        )
        weights = (target @ source.transpose(1, 2)).softmax(dim=-1)
        if self.keep_attention:
            self.attention = weights.detach().view(n, times, 1, joints, joints)
        return weights


class _Message(nn.Module):
    """``relu(bn(W₁ G x + W₂ x))`` with the attention ``G`` of each time; W₁ starts at 0, as published.

    Shapes: ``[N, C, T, V]`` and ``[N·T, V, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.message = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.own = nn.Conv2d(in_channels, out_channels, 1)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor, attention: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        messages = attention @ x.permute(0, 2, 3, 1).reshape(n * times, joints, channels)  # [N·T, V, C]
        messages = messages.view(n, times, joints, channels).permute(0, 3, 1, 2)
        return F.relu(self.norm(self.message(messages) + self.own(x)), inplace=True)


@MODELS.register_module()
class Sgn(Encoder):
    """SGN (Zhang et al. 2020, Semantics-Guided Neural Networks for Efficient Skeleton-Based Human Action Recognition).

    Position and velocity of a joint are embedded and added; the joint's type is embedded and concatenated. Three
    layers mix the joints of a time by attention; then the time's position in the clip is added, the joints are pooled
    by their maximum, and two convolutions mix the times. Velocity is computed here, so that the input is the joints.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        width: channels of an embedding (published: 64); the layers over joints have 2, 2, 4 and 4 times, the map 8
            times as many.
        time_positions: number of embedded positions in the clip (published: its 20 times). In a clip of another
            length each time takes the nearest.
        person_norms: number of persons with input norms of their own; 1, as published, for one norm for all.
        dropout: probability that a whole channel is dropped between the temporal convolutions, 0–1.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', T, 1]`` (joints are
    pooled), ``pooled`` ``[B, C']``: the maximum over valid times, then the mean over present persons.

    Raises:
        InputError: for an unknown layout; on use, for data without its joints.
    """

    output_axes = "BMCTV"
    takes_persons = True

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        width: int = 64,
        time_positions: int = 20,
        person_norms: int = 1,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if time_positions < 1:
            fail("Sgn.time_positions", "be at least 1", time_positions)
        self.layout = get_layout(layout)
        joints = self.layout.num_joints
        self.in_channels = in_channels
        self.out_channels = 8 * width
        self.pooled_channels = 8 * width
        self.time_positions = time_positions
        self.position_norm = DataNorm(joints, in_channels, person_norms=person_norms)
        self.velocity_norm = DataNorm(joints, in_channels, person_norms=person_norms)
        self.position = _embedding(in_channels, width, width)
        self.velocity = _embedding(in_channels, width, width)
        self.joint = _embedding(joints, width, width)
        self.place = _embedding(time_positions, width, 4 * width)
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

    def forward(self, data: Tensor, valid: Tensor, persons: Tensor | None = None) -> EncoderOutput:
        check_skeletons(data, valid, layout=self.layout, in_channels=self.in_channels)
        velocity = F.pad(data.diff(dim=3), (0, 0, 1, 0))
        present = present_persons(valid)
        kinematics = torch.cat([self.position_norm(data, present), self.velocity_norm(velocity, present)], dim=2)
        feature_map = map_present_persons(self._encode, kinematics, valid, persons)  # [B, M, C', T, 1]
        return EncoderOutput(feature_map, pooled=_pool(feature_map, valid))

    def _encode(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape
        position, velocity = x.contiguous(memory_format=torch.channels_last).chunk(2, dim=1)
        dynamics = self.position(position) + self.velocity(velocity)  # [N, C, T, V]
        joint_type = self.joint(_one_hot(torch.arange(joints, device=x.device), joints).to(x.dtype))  # [1, C, V, 1]
        x = torch.cat([dynamics, joint_type.transpose(2, 3).expand(n, -1, times, -1)], dim=1)
        x = x.contiguous(memory_format=torch.channels_last)
        attention = self.graph(x)
        for message in self.messages:
            x = message(x, attention)
        nearest = (2 * torch.arange(times, device=x.device) + 1) * self.time_positions // (2 * times)
        time_position = self.place(_one_hot(nearest, self.time_positions).to(x.dtype))  # [1, C, T, 1]
        pooled = x.amax(dim=3) + time_position[..., 0]  # equal for every joint, so it can be added after the maximum
        return self.temporal(pooled)[..., None]


def _embedding(in_channels: int, hidden: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, hidden, 1),
        nn.ReLU(inplace=True),
        nn.Conv2d(hidden, out_channels, 1),
        nn.ReLU(inplace=True),
    )


def _one_hot(index: Tensor, size: int) -> Tensor:
    """Return one-hot columns: ``[L]`` -> float ``[1, size, L, 1]``."""
    classes = torch.arange(size, device=index.device)
    return (classes[:, None] == index).float()[None, :, :, None]


def _pool(x: Tensor, valid: Tensor) -> Tensor:
    """Return the maximum over valid times (all where none is), then the mean over present persons (or the first).

    Shapes: ``[B, M, C, T, 1]``, bool ``[B, M, T]`` -> ``[B, C]``.
    """
    ignored = ~valid_or_all(valid)[:, :, None]  # [B, M, 1, T]
    maximum = x[..., 0].masked_fill(ignored, -torch.inf).amax(3)  # [B, M, C]
    return mean_over_persons(maximum, valid)
