"""LSTM that reads a sequence, with decoders that reconstruct it and predict what follows."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import (
    SequenceNetwork,
    check_pooling,
    last_valid,
    zero_invalid,
)

State = tuple[Tensor, Tensor]


@MODELS.register_module()
class LstmComposite(SequenceNetwork):
    """LSTM composite model (Srivastava et al. 2015, Unsupervised Learning of Video Representations using LSTMs).

    The encoder's state after the first ``T − future_times`` times starts two decoders: one reconstructs these times in
    reverse order, the other predicts the times that follow. Decoders are the conditional ones: each step reads the
    features before those that it gives, the true ones in training. Features are targets, never trained by these losses
    to be easy to predict. The encoder reads all times for the map, which the classifier takes.

    The losses ``reconstruction`` and ``prediction`` are squared errors, the mean over channels and valid times; they
    are computed in training only.

    Args:
        in_channels: length of a feature vector.
        hidden_channels: size of the states; published: 2048.
        future_times: number of last times that are predicted.
        reconstruction_weight: weight of the loss ``reconstruction``.
        prediction_weight: weight of the loss ``prediction``.
        pooling: ``mean`` to leave pooling to the head, which equals averaging the logits of all times, ``last`` for the
            state after the last valid time.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, hidden_channels, T]``.

    Raises:
        InputError: for an unknown pooling or no future; on use, for data of another shape, or that is too short.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        hidden_channels: int = 2048,
        future_times: int = 4,
        reconstruction_weight: float = 1.0,
        prediction_weight: float = 1.0,
        pooling: str = "mean",
    ) -> None:
        super().__init__()
        if future_times < 1:
            fail("LstmComposite.future_times", "be at least 1", future_times)
        self.in_channels = in_channels
        self.out_channels = hidden_channels
        self.pooled_channels = check_pooling("LstmComposite", pooling, hidden_channels)
        self.future_times = future_times
        self.loss_weights = {"reconstruction": reconstruction_weight, "prediction": prediction_weight}
        self.encoder = nn.LSTM(in_channels, hidden_channels, batch_first=True)
        self.reconstruction = _Decoder(in_channels, hidden_channels)
        self.prediction = _Decoder(in_channels, hidden_channels)

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        num_past = data.shape[2] - self.future_times
        if num_past < 1:
            fail("times of LstmComposite", f"be more than its future_times, {self.future_times}", data.shape[2])
        features = zero_invalid(data, valid).transpose(1, 2)  # [B, T, C]
        past = features[:, :num_past]
        future = features[:, num_past:]
        past_states, state = self.encoder(past)
        future_states, _ = self.encoder(future, state)
        states = torch.cat([past_states, future_states], dim=1).transpose(1, 2)  # [B, H, T]
        pooled = None if self.pooled_channels is None else last_valid(states, valid)
        losses = {}
        if self.training:
            reversed_past = past.flip(1).detach()
            reconstruction = self.reconstruction(torch.zeros_like(past[:, :1]), reversed_past, state)
            prediction = self.prediction(past[:, -1:].detach(), future.detach(), state)
            errors = {
                "reconstruction": _masked_error(reconstruction, reversed_past, valid[:, :num_past].flip(1)),
                "prediction": _masked_error(prediction, future.detach(), valid[:, num_past:]),
            }
            losses = {name: self.loss_weights[name] * error for name, error in errors.items()}
        return EncoderOutput(states, pooled, losses=losses)


class _Decoder(nn.Module):
    """LSTM and linear layer from the state of an encoder to the features of each step.

    Shapes: ``previous`` ``[B, 1, C]``, the features before the first step, ``targets`` ``[B, N, C]`` -> ``[B, N, C]``.
    """

    def __init__(self, channels: int, hidden_channels: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden_channels, batch_first=True)
        self.fc = nn.Linear(hidden_channels, channels)

    def forward(self, previous: Tensor, targets: Tensor, state: State) -> Tensor:
        states, _ = self.lstm(torch.cat([previous, targets[:, :-1]], dim=1), state)
        return self.fc(states)


def _masked_error(features: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
    """Return the squared error, the mean over channels and valid times: ``[B, N, C]``, bool ``[B, N]`` -> ``[]``."""
    errors = (features - targets).square().mean(2)  # [B, N]
    return (errors * valid).sum() / valid.sum().clamp(min=1)
