"""Recurrent convolutional network: recurrent layers whose states are maps."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice, fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import (
    SequenceNetwork,
    check_pooling,
    last_valid,
    zero_invalid,
)


class ConvRnnLayer(nn.Module):
    """Recurrent layer of maps with tanh: ``h_t = tanh(W * x_t + U * h_{t−1} + b)``.

    It has ``k² (C + H) H + H`` parameters. The state stays as it is over an invalid time.

    Args:
        in_channels: channels ``C`` of the input.
        hidden_channels: channels ``H`` of the state.
        kernel_size: size ``k`` of both convolutions, odd.

    Shapes: ``maps`` ``[B, T, C, H, W]``, ``valid`` bool ``[B, T]`` -> states ``[B, T, hidden_channels, H, W]``.
    """

    num_gates = 1

    def __init__(self, in_channels: int, hidden_channels: int, kernel_size: int = 3) -> None:
        super().__init__()
        padding = kernel_size // 2
        gates = self.num_gates * hidden_channels
        self.hidden_channels = hidden_channels
        self.input_conv = nn.Conv2d(in_channels, gates, kernel_size, padding=padding)
        self.state_conv = nn.Conv2d(hidden_channels, gates, kernel_size, padding=padding, bias=False)

    def forward(self, maps: Tensor, valid: Tensor) -> Tensor:
        batch, times = maps.shape[:2]
        inputs = self.input_conv(maps.flatten(0, 1)).unflatten(0, (batch, times))  # all times at once
        state = torch.zeros_like(inputs[:, 0, : self.hidden_channels])
        states = []
        for time in range(times):
            keep = valid[:, time, None, None, None]
            state = torch.where(keep, self.step(inputs[:, time], state), state)
            states.append(state)
        return torch.stack(states, dim=1)

    def step(self, inputs: Tensor, state: Tensor) -> Tensor:
        """Return the next state from the convolved input and the state: both ``[B, C, H, W]``."""
        return torch.tanh(inputs + self.state_conv(state))


class ConvGruLayer(ConvRnnLayer):
    """Gated recurrent layer of maps (Ballas et al. 2016, eq. 7–10).

    With ``z = σ(W_z * x + U_z * h)`` and ``r = σ(W_r * x + U_r * h)``, ``h̃ = tanh(W * x + U * (r ⊙ h))`` and the state
    is ``(1 − z) h + z h̃``. It has ``3 k² (C + H) H + 3 H`` parameters. The channels of the convolutions are those of
    ``z``, ``r`` and ``h̃``, in this order.
    """

    num_gates = 3

    def step(self, inputs: Tensor, state: Tensor) -> Tensor:
        split = 2 * self.hidden_channels
        weight = self.state_conv.weight
        padding = self.state_conv.padding[0]
        gates = torch.sigmoid(inputs[:, :split] + nn.functional.conv2d(state, weight[:split], padding=padding))
        update, reset = gates.chunk(2, dim=1)
        reset_state = nn.functional.conv2d(reset * state, weight[split:], padding=padding)
        candidate = torch.tanh(inputs[:, split:] + reset_state)
        return (1 - update) * state + update * candidate


LAYERS = {"rnn": ConvRnnLayer, "gru": ConvGruLayer}


@MODELS.register_module()
class Rcn(SequenceNetwork):
    """Recurrent convolutional network (Ballas et al. 2016, Delving Deeper into Convolutional Networks for Learning
    Video Representations): each layer's map at a time comes from its own map before and the map of the layer below.

    ``gru`` is the paper's GRU-RCN, ``rnn`` the plain form with tanh. The paper reads the maps of five stages of VGG-16
    by a layer each, and averages five classifiers; here the layers are stacked upon one map.

    Args:
        in_channels: channels of the maps of frames.
        cell: kind of the layers: ``gru`` or ``rnn``.
        widths: channels of the state of each layer.
        kernel_size: size of the convolutions, odd; published: 3.
        pooling: ``last`` for the mean over places of the state after the last valid time, as published, ``mean`` to
            leave pooling to the head.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, widths[-1], T, H, W]``.

    Raises:
        InputError: for an unknown cell or pooling, an even kernel or no layer; on use, for data of another shape.
    """

    input_axes = "BCTHW"
    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        in_channels: int,
        cell: str = "gru",
        widths: Sequence[int] = (256,),
        kernel_size: int = 3,
        pooling: str = "last",
    ) -> None:
        super().__init__()
        if not widths:
            fail("Rcn.widths", "name the channels of at least one layer", tuple(widths))
        if kernel_size % 2 == 0:
            fail("Rcn.kernel_size", "be odd", kernel_size)
        layer = LAYERS[check_choice("Rcn.cell", cell, LAYERS)]
        self.in_channels = in_channels
        self.out_channels = widths[-1]
        self.pooled_channels = check_pooling("Rcn", pooling, self.out_channels)
        inputs = (in_channels, *widths[:-1])
        self.layers = nn.ModuleList(layer(*sizes, kernel_size) for sizes in zip(inputs, widths, strict=True))

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        maps = zero_invalid(data, valid).transpose(1, 2)  # [B, T, C, H, W]
        for layer in self.layers:
            maps = layer(maps, valid)
        states = maps.transpose(1, 2)  # [B, C, T, H, W]
        if self.pooled_channels is None:
            return EncoderOutput(states)
        return EncoderOutput(states, last_valid(states.mean((3, 4)), valid))
