"""Base of image networks that run on every frame of a video."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from triad.modalities.checks import check_shape
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.valid_times import mean_over_valid
from triad.modalities.video_encoders.layers import fold_times, unfold_times


class FramewiseEncoder(Encoder):
    """Image network on every frame: times are folded into the batch, and the map keeps all of them.

    With a head that takes the mean over times this is the single-frame network of Karpathy et al. 2014, Large-scale
    Video Classification, and, with one frame a segment, TSN (Wang et al. 2016, Temporal Segment Networks).

    Args:
        stages: modules over ``[N, C, H, W]``, the stem first; the last one gives a map ``[N, C, H', W']`` or tokens
            ``[N, L, C]``.
        in_channels: channels of the input: 3 for RGB, 2 for flow, 2L for stacks of L fields.
        out_channels: channels of the map.
        prefix_tokens: number of tokens before those of the grid, such as a class token; None where the last stage
            gives a map.
        pooled_channels: length of the vector that :meth:`pool_frames` returns; None where heads pool the map.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, out_channels, T, H', W']`` or
    ``[B, T, N, out_channels]``; ``pooled``, the mean over valid times, ``[B, pooled_channels]``, of
    the tap ``frame_vectors``, ``[B, pooled_channels, T]``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(
        self,
        *,
        stages: Sequence[nn.Module],
        in_channels: int,
        out_channels: int,
        prefix_tokens: int | None = None,
        pooled_channels: int | None = None,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.pooled_channels = pooled_channels
        self.prefix_tokens = prefix_tokens
        self.output_axes = "BCTHW" if prefix_tokens is None else "BTNC"
        self.layers = nn.ModuleList(stages)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        frames = fold_times(data)  # [B·T, C, H, W]
        for stage in self.layers:
            frames = stage(frames)
        pooled = None
        taps = {}
        if self.pooled_channels is not None:
            taps["frame_vectors"] = unfold_times(self.pool_frames(frames), len(data))  # [B, C, T]
            pooled = mean_over_valid(taps["frame_vectors"], valid)
        if self.prefix_tokens is None:
            return EncoderOutput(unfold_times(frames, len(data)), pooled, taps)
        tokens = frames[:, self.prefix_tokens :]  # [B·T, N, C]
        return EncoderOutput(tokens.unflatten(0, (len(data), -1)), pooled, taps)

    def pool_frames(self, frames: Tensor) -> Tensor:
        """Return the vector that the network itself makes of the last stage's output, ``[N, …]`` -> ``[N, C]``."""
        raise NotImplementedError
