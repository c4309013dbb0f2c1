"""LSTM encoder over whole poses."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import check_skeletons, joints_of_all_persons
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class SkeletonLstm(Encoder):
    """Three LSTMs over the poses of a clip (Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living).

    The input at a time is one vector, the coordinates of all persons; absent persons are zeros. The feature is the
    state after the clip's last valid time.

    The published networks are Keras's, whose LSTM has one bias. Torch's has two that are only ever added; the second
    stays at zero and is not trained here, so that both networks are the same function with the same number of
    trainable parameters: 5,328,896 with 39 inputs. The weights start as Keras's do: Glorot's uniform for the input,
    orthogonal for the state, 1 for the bias of the forget gate.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        persons: number of persons in the vector; published: 1 (Smarthome), 2 (NTU).
        hidden: size of the state.
        num_layers: number of stacked LSTMs.
        dropout: dropout probability of each inner layer's output, 0–1; the published dropout of the last state belongs
            to the head.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, C']``.

    Raises:
        InputError: for an unknown layout; on use, for data without its joints, or with more persons than ``persons``.
    """

    output_axes = "BC"

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        persons: int = 1,
        hidden: int = 512,
        num_layers: int = 3,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if persons < 1:
            fail("SkeletonLstm.persons", "be at least 1", persons)
        self.layout = get_layout(layout)
        self.in_channels = in_channels
        self.persons = persons
        self.out_channels = hidden
        size = persons * self.layout.num_joints * in_channels
        self.lstm = nn.LSTM(size, hidden, num_layers, batch_first=True, dropout=dropout)
        for name, parameter in self.lstm.named_parameters():
            if name.startswith("weight_ih"):
                nn.init.xavier_uniform_(parameter)
            elif name.startswith("weight_hh"):
                nn.init.orthogonal_(parameter)
            else:
                nn.init.zeros_(parameter)
                if name.startswith("bias_ih"):
                    nn.init.ones_(parameter.data[hidden : 2 * hidden])  # gates: input, forget, cell, output
                else:
                    parameter.requires_grad_(False)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_skeletons(data, valid, layout=self.layout, in_channels=self.in_channels)
        joints = joints_of_all_persons(data, valid, persons=self.persons, encoder="SkeletonLstm")  # [B, T, K, C]
        states, _ = self.lstm(joints.flatten(2))  # [B, T, C']
        batch, times = states.shape[:2]
        time_index = torch.arange(times, device=data.device)
        last_valid = torch.where(valid.any(1), time_index, -1).amax(1)  # [B]
        last_valid = torch.where(last_valid < 0, times - 1, last_valid)
        return EncoderOutput(states[torch.arange(batch, device=data.device), last_valid])
