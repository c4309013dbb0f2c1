"""Plain recurrent networks over a sequence of features: RNN, LSTM and GRU."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import (
    SequenceNetwork,
    check_pooling,
    last_valid,
    zero_invalid,
)

CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


@MODELS.register_module()
class RecurrentNetwork(SequenceNetwork):
    """Layers of an RNN with tanh (Elman 1990, Finding Structure in Time), of LSTMs (Hochreiter & Schmidhuber 1997,
    Long Short-Term Memory) or of GRUs (Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder).

    The states of the last layer are the map: many-to-many. Many-to-one is either their mean, which heads take and which
    equals averaging the logits of all times, or the last state. Invalid times are passed over, as if the sequence did
    not hold them; their states are zero.

    A layer of torch's LSTM has ``4 (h (i + h) + 2 h)`` parameters for ``i`` inputs and ``h`` states, a GRU three and an
    RNN one quarter of that.

    Args:
        in_channels: length of a feature vector.
        cell: kind of the layers: ``rnn``, ``lstm`` or ``gru``.
        hidden_channels: size of the state, of each direction.
        num_layers: number of layers.
        bidirectional: True for a second pass backwards in time in every layer; both states are concatenated.
        dropout: dropout probability of the states between layers, 0–1.
        pooling: ``mean`` to leave pooling to the head, ``last`` for the state after the last valid time; backwards in
            time that is the first.
        batch_norm: True to normalise the features over the batch before the first layer.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, out_channels, T]``.

    Raises:
        InputError: for an unknown cell or pooling; on use, for data of another shape.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        cell: str = "lstm",
        hidden_channels: int = 256,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        pooling: str = "mean",
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        build = CELLS[check_choice("RecurrentNetwork.cell", cell, CELLS)]
        num_directions = 2 if bidirectional else 1
        self.in_channels = in_channels
        self.out_channels = hidden_channels * num_directions
        self.pooled_channels = check_pooling("RecurrentNetwork", pooling, self.out_channels)
        self.norm: nn.Module = nn.BatchNorm1d(in_channels) if batch_norm else nn.Identity()
        self.layers = nn.ModuleList()  # of directions: a backward pass begins at the last valid time of each row
        for index in range(num_layers):
            size = in_channels if index == 0 else self.out_channels
            directions = [build(size, hidden_channels, batch_first=True) for _ in range(num_directions)]
            self.layers.append(nn.ModuleList(directions))
        self.dropout = nn.Dropout(dropout)

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        order, reverse = time_orders(valid)
        states = _reorder(zero_invalid(self.norm(data), valid).transpose(1, 2), order)  # [B, T, C], valid times first
        for index, directions in enumerate(self.layers):
            if index > 0:
                states = self.dropout(states)
            states = torch.cat(_run_directions(directions, states, reverse), dim=2)
        states = _reorder(states, order.argsort(1)).transpose(1, 2)  # [B, C', T]
        states = zero_invalid(states, valid)
        if self.pooled_channels is None:
            return EncoderOutput(states)
        halves = states.chunk(len(self.layers[-1]), dim=1)  # type: ignore[arg-type]  # ModuleList forgets the type
        pooled = [last_valid(halves[0], valid), *[_first_valid(half, valid) for half in halves[1:]]]
        return EncoderOutput(states, torch.cat(pooled, dim=1))


def time_orders(valid: Tensor) -> tuple[Tensor, Tensor]:
    """Return the order that puts valid times first, and the order that turns these around where they now lie.

    Shapes: bool ``[B, T]`` -> int ``[B, T]``, int ``[B, T]``.
    """
    num_times = valid.shape[1]
    time = torch.arange(num_times, device=valid.device)
    order = torch.where(valid, time, time + num_times).argsort(1)
    num_valid = valid.sum(1, keepdim=True)
    reverse = torch.where(time < num_valid, num_valid - 1 - time, time)
    return order, reverse


def _run_directions(directions: nn.Module, states: Tensor, reverse: Tensor) -> list[Tensor]:
    """Return the states of the pass forwards and, where there is one, backwards: ``[B, T, C]`` -> ``[B, T, H]``."""
    forwards, *backward_passes = directions.children()
    outputs = [forwards(states)[0]]
    for backwards in backward_passes:
        turned, _ = backwards(_reorder(states, reverse))
        outputs.append(_reorder(turned, reverse))
    return outputs


def _reorder(states: Tensor, order: Tensor) -> Tensor:
    """Return the states in another order of times: ``[B, T, C]``, int ``[B, T]`` -> ``[B, T, C]``."""
    return states.gather(1, order[..., None].expand(-1, -1, states.shape[2]))


def _first_valid(states: Tensor, valid: Tensor) -> Tensor:
    """Return the states at the first valid time of each row: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C]``."""
    return last_valid(states.flip(2), valid.flip(1))
