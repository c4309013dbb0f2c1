from __future__ import annotations

import pytest
import torch
from torch import Tensor

from triad.modalities.checks import InputError
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.video_encoders import FrameSequenceEncoder, Rcn, RecurrentNetwork, SmallR2Plus1d


class Tokens(Encoder):
    """Every place of a frame is a token; one auxiliary loss."""

    output_axes = "BTNC"

    def __init__(self, *, in_channels: int) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = in_channels

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(data.flatten(3).permute(0, 2, 3, 1), losses={"frames": data.sum()})


LSTM = {"type": RecurrentNetwork, "hidden_channels": 5}


def ones(batch: int, times: int) -> Tensor:
    return torch.ones(batch, times, dtype=torch.bool)


@torch.no_grad()
def test_sequence_reads_mean_over_places():
    encoder = FrameSequenceEncoder(frames={"type": Tokens}, sequence=LSTM, in_channels=2)
    data = torch.randn(1, 2, 4, 3, 3)
    output = encoder(data, ones(1, 4))
    expected = encoder.sequence(data.mean((3, 4)), ones(1, 4))
    torch.testing.assert_close(output.map, expected.map)
    assert set(output.losses) == {"frames"}
    assert output.taps["frames"].shape == (1, 4, 9, 2)


@torch.no_grad()
def test_validity_follows_times_of_frames():
    """SmallR2Plus1d halves the times: of eight with two invalid, the last of four is invalid."""
    torch.manual_seed(0)
    encoder = FrameSequenceEncoder(frames={"type": SmallR2Plus1d}, sequence=LSTM, in_channels=2).eval()
    masks = []
    encoder.sequence.register_forward_pre_hook(lambda module, inputs: masks.append(inputs[1]))
    valid = torch.arange(8).expand(1, 8) < 6
    assert encoder(torch.randn(1, 2, 8, 16, 16), valid).map.shape == (1, 5, 4)
    assert masks[0].tolist() == [[True, True, True, False]]


def test_frozen_frames_stay():
    encoder = FrameSequenceEncoder(
        frames={"type": SmallR2Plus1d}, sequence=LSTM, in_channels=3, frozen_frames=True
    ).train()
    before = {name: value.clone() for name, value in encoder.frames.state_dict().items()}
    output = encoder(torch.randn(2, 3, 8, 16, 16), ones(2, 8))
    output.map.sum().backward()
    assert all(parameter.grad is None for parameter in encoder.frames.parameters())
    assert all(parameter.grad is not None for parameter in encoder.sequence.parameters())
    assert all(torch.equal(value, before[name]) for name, value in encoder.frames.state_dict().items())


def test_maps_of_tokens_are_refused():
    expected = r"map of FrameSequenceEncoder\.frames must have axes BCTHW, got BTNC"
    with pytest.raises(InputError, match=expected):
        FrameSequenceEncoder(frames={"type": Tokens}, sequence={"type": Rcn}, in_channels=2)
