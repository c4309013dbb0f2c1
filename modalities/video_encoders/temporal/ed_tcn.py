"""Encoder–decoder temporal convolutional network."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork, zero_invalid


@MODELS.register_module()
class EdTcn(SequenceNetwork):
    """Encoder–decoder temporal convolutional network (Lea et al. 2017, Temporal Convolutional Networks for Action
    Segmentation and Detection).

    Each level of the encoder is a long convolution, dropout of whole channels, ReLU divided by the largest channel of
    the time, and a maximum over pairs of times; the decoder repeats each time twice and convolves likewise, with the
    widths in reverse order. An output depends on times before and after it. Invalid times, and those that make the
    length a multiple of ``2^L``, count as zeros in every layer: a clip gives the same with and without padding.

    Args:
        in_channels: length of a feature vector.
        widths: channels of each level of the encoder.
        kernel_size: number of times of a convolution; published: 25 at 50 Salads, which is about ten seconds.
        dropout: dropout probability of a channel, 0–1.

    Shapes: ``data`` ``[B, in_channels, T]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, widths[0], T]``.

    Raises:
        InputError: without a level; on use, for data of another shape.
    """

    def __init__(
        self, *, in_channels: int, widths: Sequence[int] = (64, 96), kernel_size: int = 25, dropout: float = 0.3
    ) -> None:
        super().__init__()
        if not widths:
            fail("EdTcn.widths", "name the channels of at least one level", tuple(widths))
        self.in_channels = in_channels
        self.out_channels = widths[0]
        encoder_inputs = (in_channels, *widths[:-1])
        decoder_widths = tuple(reversed(widths))
        decoder_inputs = (widths[-1], *decoder_widths[:-1])
        self.encoder = _convolutions(encoder_inputs, widths, kernel_size)
        self.decoder = _convolutions(decoder_inputs, decoder_widths, kernel_size)
        self.dropout = nn.Dropout1d(dropout)

    def run(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        num_times = data.shape[2]
        padding = -num_times % 2 ** len(self.encoder)
        features = zero_invalid(F.pad(data, (0, padding)), F.pad(valid, (0, padding)))
        masks = [F.pad(valid, (0, padding))]
        for conv in self.encoder:
            features = F.max_pool1d(self._activate(conv(features), masks[-1]), 2)
            masks.append(masks[-1].unflatten(1, (-1, 2)).any(2))
        for conv, mask in zip(self.decoder, reversed(masks[:-1]), strict=True):
            features = zero_invalid(features.repeat_interleave(2, dim=2), mask)
            features = self._activate(conv(features), mask)
        return EncoderOutput(features[:, :, :num_times])

    def _activate(self, features: Tensor, valid: Tensor) -> Tensor:
        """Return dropout, ReLU and the division by the largest channel, zero at invalid times."""
        rectified = F.relu(self.dropout(features))
        return zero_invalid(rectified / (rectified.amax(1, keepdim=True) + 1e-5), valid)


def _convolutions(in_channels: Sequence[int], out_channels: Sequence[int], kernel_size: int) -> nn.ModuleList:
    """Return one convolution a level, which keeps the number of times."""
    pairs = zip(in_channels, out_channels, strict=True)
    return nn.ModuleList(nn.Conv1d(inputs, outputs, kernel_size, padding="same") for inputs, outputs in pairs)
