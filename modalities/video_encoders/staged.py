"""Base of all video encoders: stages that run in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from triad.modalities.checks import check_shape
from triad.modalities.encoder import EncoderOutput, MapEncoder


class StagedVideoEncoder(MapEncoder):
    """Encoder that runs its stages in order; the output of the last stage is the map.

    ``valid`` is not used: convolutions mix neighbouring times anyway, and heads leave invalid times out.

    Args:
        stages: modules over ``[B, C, T, H, W]``, the stem first.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        out_channels: channels of the map.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, out_channels, T', H', W']``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(self, *, stages: Sequence[nn.Module], in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.layers = nn.ModuleList(stages)

    def steps(self) -> Sequence[Callable[[Tensor], Tensor]]:
        return list(self.layers)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        for step in self.steps():
            data = step(data)
        return EncoderOutput(data)
