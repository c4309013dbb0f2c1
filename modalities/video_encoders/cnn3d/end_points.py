"""Base of networks whose stages are named end points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from triad.modalities.checks import check_shape
from triad.modalities.encoder import EncoderOutput, MapEncoder


class EndPointEncoder(MapEncoder):
    """Encoder that runs its named children in order; each of them is a tap, the last one is the map.

    ``valid`` is not used: convolutions mix neighbouring times anyway, and heads leave invalid times out.

    Attributes:
        end_points: names of the children in the order in which they run.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, out_channels, T', H', W']``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    end_points: tuple[str, ...]

    def steps(self) -> Sequence[Callable[[Tensor], Tensor]]:
        return [getattr(self, name) for name in self.end_points]

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        taps: dict[str, Tensor] = {}
        for name, step in zip(self.end_points, self.steps(), strict=True):
            data = step(data)
            taps[name] = data
        return EncoderOutput(data, taps=taps)
