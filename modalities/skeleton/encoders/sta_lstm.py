"""LSTM over poses with attention over joints and over times."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import check_skeletons, joints_of_all_persons
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.valid_times import mean_over_valid, valid_or_all


class JointWeights(nn.Module):
    """Weights of joints: ``α_t = softmax(U tanh(W_x x_t + W_h h_{t−1} + b) + c)``, h the states of an LSTM of its own.

    U and c start at zero, so that all joints count the same.

    Args:
        joints: number of joints ``K`` of all persons together.
        channels: length of a pose.
        hidden: size of the state.

    Shapes: ``[B, T, channels]``, bool ``[B, T, K]`` of joints that are there -> ``[B, T, K]`` with a sum of 1.
    """

    def __init__(self, joints: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden, batch_first=True)
        self.pose = nn.Linear(channels, hidden)
        self.state = nn.Linear(hidden, hidden, bias=False)
        self.score = nn.Linear(hidden, joints)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, poses: Tensor, present: Tensor) -> Tensor:
        scores = self.score(torch.tanh(self.pose(poses) + self.state(_before(self.lstm(poses)[0]))))
        return scores.masked_fill(~valid_or_all(present), -torch.inf).softmax(2)


class TimeWeights(nn.Module):
    """Weights of times: ``β_t = relu(w_x x_t + w_h h_{t−1} + b)``, h the states of an LSTM of its own.

    They start at 1: w at zero and b at one.

    Args:
        channels: length of a pose.
        hidden: size of the state.

    Shapes: ``[B, T, channels]`` -> ``[B, T]``.
    """

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden, batch_first=True)
        self.pose = nn.Linear(channels, 1)
        self.state = nn.Linear(hidden, 1, bias=False)
        for weight in (self.pose.weight, self.state.weight):
            nn.init.zeros_(weight)
        nn.init.ones_(self.pose.bias)

    def forward(self, poses: Tensor) -> Tensor:
        return torch.relu(self.pose(poses) + self.state(_before(self.lstm(poses)[0])))[..., 0]


@MODELS.register_module()
class StaLstm(Encoder):
    """STA-LSTM (Song et al. 2017, An End-to-End Spatio-Temporal Attention Model for Human Action Recognition).

    Each joint of a time is weighted by α, see :class:`JointWeights`, before three LSTMs read the poses; their states
    are weighted by β, see :class:`TimeWeights`, and averaged over the valid times. (The paper sums them; the classifier
    takes up the factor.) The poses of all persons are one vector, absent persons are zeros without weight.

    Losses in training: ``spatial``, ``Σ_k (1 − Σ_t α_tk / T)²``, which keeps any joint from being ignored;
    ``temporal``, the mean of ``β²``; and ``sparse``, the sum of the absolute weights of all matrices.

    The paper trains in stages: the joints' weights with β = 1 (``temporal=False``), then all. As β starts at 1, the
    second stage goes on from the first. Taps for pictures: ``joint_weights`` ``[B, M, T, V]``, ``time_weights``
    ``[B, T]``, and the states of the last LSTM, ``states`` ``[B, C', T]``.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        persons: number of persons in the vector.
        hidden: size of every state.
        num_layers: number of stacked LSTMs.
        dropout: dropout probability of each inner layer's output, 0–1.
        temporal: False for weights of joints alone.
        spatial_weight: λ₁ of the paper.
        temporal_weight: λ₂ of the paper.
        sparse_weight: λ₃ of the paper.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, hidden]``.

    Raises:
        InputError: for an unknown layout; on use, for data without its joints, or with more persons than ``persons``.
    """

    output_axes = "BC"

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        persons: int = 2,
        hidden: int = 100,
        num_layers: int = 3,
        dropout: float = 0.5,
        temporal: bool = True,
        spatial_weight: float = 1e-3,
        temporal_weight: float = 1e-4,
        sparse_weight: float = 5e-4,
    ) -> None:
        super().__init__()
        if persons < 1:
            fail("StaLstm.persons", "be at least 1", persons)
        self.layout = get_layout(layout)
        self.in_channels = in_channels
        self.out_channels = hidden
        self.persons = persons
        self.spatial_weight = spatial_weight
        self.temporal_weight = temporal_weight
        self.sparse_weight = sparse_weight
        joints = persons * self.layout.num_joints
        self.joint_weights = JointWeights(joints, joints * in_channels, hidden)
        self.time_weights = TimeWeights(joints * in_channels, hidden) if temporal else None
        self.lstm = nn.LSTM(joints * in_channels, hidden, num_layers, batch_first=True, dropout=dropout)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_skeletons(data, valid, layout=self.layout, in_channels=self.in_channels)
        joints = joints_of_all_persons(data, valid, persons=self.persons, encoder="StaLstm")  # [B, T, K, C]
        persons = data.shape[1]
        present = nn.functional.pad(valid, (0, 0, 0, self.persons - persons)).transpose(1, 2)  # [B, T, M]
        present = present[..., None].expand(-1, -1, -1, self.layout.num_joints).flatten(2)
        poses = joints.flatten(2)
        alpha = self.joint_weights(poses, present)  # [B, T, K]
        states, _ = self.lstm((joints * alpha[..., None]).flatten(2))  # [B, T, C']
        beta = torch.ones_like(alpha[..., 0]) if self.time_weights is None else self.time_weights(poses)
        states = states.transpose(1, 2)
        valid_times = valid.any(1)
        taps = {
            "joint_weights": alpha.transpose(1, 2).unflatten(1, (self.persons, -1)).transpose(2, 3)[:, :persons],
            "time_weights": beta,
            "states": states,
        }
        losses = self._losses(alpha, beta, valid_or_all(valid_times)) if self.training else {}
        return EncoderOutput(mean_over_valid(states * beta[:, None], valid_times), taps=taps, losses=losses)

    def _losses(self, alpha: Tensor, beta: Tensor, valid_times: Tensor) -> dict[str, Tensor]:
        share = mean_over_valid(alpha.transpose(1, 2), valid_times)  # [B, K]
        losses = {"spatial": self.spatial_weight * (1 - share).square().sum(1).mean()}
        if self.time_weights is not None:
            mean_square = mean_over_valid(beta.square()[:, None], valid_times)
            losses["temporal"] = self.temporal_weight * mean_square.mean()
        matrices = [parameter for parameter in self.parameters() if parameter.ndim > 1]
        losses["sparse"] = self.sparse_weight * torch.stack([matrix.abs().sum() for matrix in matrices]).sum()
        return losses


def _before(states: Tensor) -> Tensor:
    """Return the state before each time, zeros before the first. Shapes: ``[B, T, C]`` -> the same."""
    return nn.functional.pad(states[:, :-1], (0, 0, 1, 0))
